import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import type { Dispatcher } from "undici";
import { AttemptError, hopelessIfFile } from "./attempt";
import type { Release } from "./catalogue";
import { http } from "./http";
import type { Env } from "./places";
import type { ProgressTask } from "./progress";

const CONNECT_MS = 5_000;
const HEADERS_MS = 15_000;
const BODY_STALL_MS = 30_000;
const REDIRECTS = 5;
const LONGEST_LIST = 1024 * 1024;

/** Hosts that could not be reached during this run: nobody waits for one of them twice. */
const unreachable = new Map<string, string>();

/** Addresses of a release for this platform; a reason when there are none. */
export function addressesOf(release: Release, env: Env): { archive: URL; checksums: URL; platform: string } {
  if (env.CHAINKEEP_DOWNLOAD === "off") throw new AttemptError("download is off (CHAINKEEP_DOWNLOAD=off)");
  const { platform: os, arch } = process;
  if ((os !== "linux" && os !== "darwin") || (arch !== "x64" && arch !== "arm64"))
    throw new AttemptError(`no download for ${os}-${arch}`);
  const fill = (text: string) => text.replace("{os}", os).replace("{arch}", release.arch[arch]);
  const at = (text: string) => mirrored(new URL(fill(text)), env.CHAINKEEP_MIRROR);
  return { archive: at(release.archive), checksums: at(release.checksums), platform: `${os}-${arch}` };
}

/** The same path below a mirror: `<mirror>/<host>/<path>`. */
function mirrored(url: URL, mirror: string | undefined): URL {
  if (!mirror) return url;
  if (!URL.canParse(mirror) || !isTrusted(new URL(mirror)))
    throw new AttemptError(`CHAINKEEP_MIRROR is ${JSON.stringify(mirror)}, which is no https address`);
  return new URL(`${mirror.replace(/\/+$/, "")}/${url.host}${url.pathname}`);
}

/** A list of sums that came over plain http proves nothing. */
function isTrusted({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname));
}

/**
 * Downloads a release's archive into a directory and proves it by its SHA-256 sum.
 *
 * @throws AttemptError when it cannot be had, HopelessError when the disk is full
 */
export async function download(release: Release, directory: string, env: Env, task: ProgressTask): Promise<string> {
  const { archive, checksums, platform } = addressesOf(release, env);
  const name = path.posix.basename(archive.pathname);
  const agent = await dispatcher(env);
  try {
    task.say(`downloading from ${archive.host}`);
    const wanted = release.sha256?.[platform] ?? sumOf(name, await textOf(checksums, agent));
    const file = path.join(directory, name);
    const got = await save(archive, file, agent, (size) => task.say(`downloading ${size} from ${archive.host}`));
    if (got !== wanted)
      throw new AttemptError(
        `download from ${archive.host} refused: ${name} has SHA-256 ${got}, published is ${wanted}`,
      );
    return file;
  } catch (error) {
    throw hopelessIfFile(error, directory);
  } finally {
    await agent.close();
  }
}

async function dispatcher(env: Env): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await http();
  const options = { connect: { timeout: CONNECT_MS }, headersTimeout: HEADERS_MS, bodyTimeout: BODY_STALL_MS };
  const proxied = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].some((name) => env[name]);
  return proxied ? new EnvHttpProxyAgent(options) : new Agent(options);
}

/** The sum of a file in a list in the form of `sha256sum`, or in a text that is nothing but this one sum. */
export function sumOf(name: string, list: string): string {
  const only = /^\s*([0-9a-fA-F]{64})\s*$/.exec(list);
  if (only?.[1]) return only[1].toLowerCase();
  const line = list
    .split("\n")
    .map((text) => /^([0-9a-fA-F]{64})\s+\*?(\S+)\s*$/.exec(text))
    .find((found) => found && path.posix.basename(found[2] ?? "") === name);
  if (!line?.[1]) throw new AttemptError(`download refused: the published list of sums has no ${name}`);
  return line[1].toLowerCase();
}

async function textOf(url: URL, agent: Dispatcher): Promise<string> {
  const body = await get(url, agent);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of watched(body, url)) {
    size += part.length;
    if (size > LONGEST_LIST) throw new AttemptError(`download refused: the list of sums at ${url.host} is too long`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

async function save(url: URL, file: string, agent: Dispatcher, tell: (size: string) => void): Promise<string> {
  const body = await get(url, agent, tell);
  const hash = createHash("sha256");
  await pipeline(
    watched(body, url),
    async function* (parts: AsyncIterable<Buffer>) {
      for await (const part of parts) {
        hash.update(part);
        yield part;
      }
    },
    createWriteStream(file, { flags: "wx", mode: 0o600 }),
  );
  return hash.digest("hex");
}

/** A connection that breaks or stalls is this attempt's failure, and no fault of the disk. */
async function* watched(body: AsyncIterable<Buffer>, url: URL): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw new AttemptError(`download from ${url.host} broke off: ${textOfError(error)}`);
  }
}

async function get(start: URL, agent: Dispatcher, tell?: (size: string) => void): Promise<AsyncIterable<Buffer>> {
  const gone = unreachable.get(start.host);
  if (gone !== undefined) throw new AttemptError(gone);
  let url = start;
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const { statusCode, headers, body } = await ask(url, start, agent);
    const location = headers.location;
    if (statusCode >= 300 && statusCode < 400 && typeof location === "string") {
      await body.dump();
      url = new URL(location, url);
      if (!isTrusted(url)) throw new AttemptError(`download refused: ${start.host} leads to ${url.origin}, not https`);
      continue;
    }
    if (statusCode !== 200) {
      await body.dump();
      throw new AttemptError(`download failed: ${url.host} answers ${statusCode} for ${url.pathname}`);
    }
    const size = Number(headers["content-length"]);
    if (size > 0) tell?.(`${Math.max(1, Math.round(size / 1024 / 1024))} MiB`);
    return body;
  }
  throw new AttemptError(`download failed: ${start.host} redirects without end`);
}

async function ask(url: URL, start: URL, agent: Dispatcher): Promise<Dispatcher.ResponseData> {
  try {
    const { request } = await http();
    return await request(url, { dispatcher: agent, method: "GET", headers: { "user-agent": "chainkeep" } });
  } catch (error) {
    const text = `download failed: ${url.host} cannot be reached (${textOfError(error)})`;
    unreachable.set(start.host, text);
    throw new AttemptError(text);
  }
}

function textOfError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return code === "" || error.message.includes(code) ? error.message : `${error.message}, ${code}`;
}
