import type { Tool } from "./catalogue";
import { addressesOf } from "./download";
import { http } from "./http";
import type { Env } from "./places";
import { runProgram } from "./run-program";

/** How a program that is not here could be had; each way is a text, or why it is closed. */
export interface WaysToGet {
  readonly open: readonly string[];
  readonly closed: readonly string[];
}

const PATIENCE_MS = 5_000;

/** Which ways are open at this moment. Hosts are asked once for all of the programs. */
export async function waysToGet(tools: readonly Tool[], env: Env = process.env): Promise<Map<string, WaysToGet>> {
  const go = goWay(env);
  const hosts = new Map<string, Promise<string | undefined>>();
  const reach = (url: URL) => {
    const asked = hosts.get(url.host) ?? whyUnreachable(url);
    hosts.set(url.host, asked);
    return asked;
  };
  const entries = tools.map(async (tool): Promise<[string, WaysToGet]> => {
    const ways = [await downloadWay(tool, env, reach), tool.build ? await go : { closed: "no Go module" }];
    return [tool.name, { open: ways.flatMap((w) => w.open ?? []), closed: ways.flatMap((w) => w.closed ?? []) }];
  });
  return new Map(await Promise.all(entries));
}

interface Way {
  readonly open?: string;
  readonly closed?: string;
}

async function downloadWay(
  { release }: Tool,
  env: Env,
  reach: (url: URL) => Promise<string | undefined>,
): Promise<Way> {
  if (release === undefined) return { closed: "no download" };
  try {
    const { archive } = addressesOf(release, env);
    const reason = await reach(archive);
    return reason === undefined ? { open: `download from ${archive.host}` } : { closed: reason };
  } catch (error) {
    return { closed: error instanceof Error ? error.message : String(error) };
  }
}

async function whyUnreachable(url: URL): Promise<string | undefined> {
  const { Agent, request } = await http();
  const agent = new Agent({ connect: { timeout: PATIENCE_MS }, headersTimeout: PATIENCE_MS });
  try {
    const { body } = await request(url.origin, { dispatcher: agent, method: "HEAD" });
    await body.dump();
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return `${url.host} cannot be reached (${code})`;
  } finally {
    await agent.close();
  }
}

async function goWay(env: Env): Promise<Way> {
  if (env.CHAINKEEP_BUILD === "off") return { closed: "build is off (CHAINKEEP_BUILD=off)" };
  const version = await goVersion(env);
  return version === undefined ? { closed: "Go is not on PATH" } : { open: `build with Go ${version}` };
}

/** Version of Go on PATH, without its "go"; undefined when there is none. */
export async function goVersion(env: Env = process.env): Promise<string | undefined> {
  const { code, stdout } = await runProgram("go", ["env", "GOVERSION"], { env });
  return code === 0 ? stdout.trim().replace(/^go/, "") : undefined;
}
