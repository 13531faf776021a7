import { type Problem, show } from "../errors/errors";
import { sampleContext } from "./sample-context";
import type { ClientDefinition, Kind, ProcessContext, ProtocolDefinition, Sizing } from "./types";

/**
 * Calls a client's functions with a sample context for each of its kinds and networks, and looks at what comes back. A
 * mistake in them would otherwise show only when a node does not start.
 */
export function callProblems(protocol: ProtocolDefinition, client: ClientDefinition, path: string): Problem[] {
  const found = client.kinds.flatMap((kind) =>
    client.networks.flatMap((network) => clientCalls(protocol, client, kind, network, path)),
  );
  // The same mistake shows for every kind and network; once is enough.
  return [...new Map([...found].reverse().map((p) => [p.path, p])).values()].reverse();
}

function clientCalls(
  protocol: ProtocolDefinition,
  client: ClientDefinition,
  kind: Kind,
  network: string,
  path: string,
) {
  const ctx = sampleContext(protocol, client, kind, network);
  const where = `for kind ${show(kind)} on ${show(network)}`;
  return [
    ...called(`${path}.args`, where, () => wrongArgs(client.args(ctx))),
    ...called(`${path}.env`, where, () => wrongEnv(client.env, ctx)),
    ...called(`${path}.files`, where, () => wrongFiles(client.files, ctx)),
    ...called(`${path}.prepare`, where, () => wrongPrepare(client.prepare, ctx)),
    ...called(`${path}.sizing`, where, () => wrongSizing(client.sizing(network, kind))),
    ...called(`${path}.check`, where, () =>
      Array.isArray(client.check?.(ctx) ?? []) ? undefined : "something that is no list; return a list of problems",
    ),
  ];
}

function called(path: string, where: string, ask: () => string | undefined): Problem[] {
  try {
    const wrong = ask();
    return wrong === undefined ? [] : [{ path, message: `got ${wrong} (${where})`, code: "FUNCTION_RESULT" }];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      { path, message: `threw ${show(why)} ${where}; it must work with any valid context`, code: "FUNCTION_THREW" },
    ];
  }
}

/** What is wrong with a text that goes to a command line, an environment or a file's name. */
function wrongText(value: unknown, what: string): string | undefined {
  if (typeof value !== "string") return `${show(value)} as ${what}; return texts only`;
  if (value === "") return `an empty text as ${what}; leave it out`;
  if (/\bundefined\b|\bNaN\b|\[object Object\]/.test(value)) {
    return `${show(value)} as ${what}: a port, an option or a setting in it is not there; give it a default`;
  }
  return undefined;
}

function firstOf<T>(items: Iterable<T>, wrong: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = wrong(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongArgs(args: unknown): string | undefined {
  if (!Array.isArray(args)) return `${show(args)}; return a list of texts`;
  return firstOf(args, (arg) => wrongText(arg, "an argument"));
}

function wrongEnv(env: ClientDefinition["env"], ctx: ProcessContext): string | undefined {
  const values: unknown = env?.(ctx) ?? {};
  if (typeof values !== "object" || values === null) return `${show(values)}; return variables by name`;
  return firstOf(Object.entries(values), ([name, value]) => wrongText(value, `variable ${name}`));
}

function wrongFiles(files: ClientDefinition["files"], ctx: ProcessContext): string | undefined {
  const plans: unknown = files?.(ctx) ?? [];
  if (!Array.isArray(plans)) return `${show(plans)}; return a list of files`;
  return firstOf(plans, ({ path, content, mode }) => {
    const wrong = wrongText(path, "a file's path");
    if (wrong !== undefined) return wrong;
    if (path.startsWith("/") || path.split("/").includes("..")) return `${show(path)}; use a path below the home`;
    if (typeof content !== "string") return `${show(content)} as content of ${show(path)}; return text`;
    return mode === undefined || /^0[0-7]{3}$/.test(mode)
      ? undefined
      : `mode ${show(mode)}; use four octal digits, e.g. "0600"`;
  });
}

function wrongPrepare(prepare: ClientDefinition["prepare"], ctx: ProcessContext): string | undefined {
  const steps: unknown = prepare?.(ctx) ?? [];
  if (!Array.isArray(steps)) return `${show(steps)}; return a list of steps`;
  return firstOf(steps, ({ agent }) => wrongArgs(agent));
}

const FIGURES: readonly (keyof Sizing)[] = ["cpu", "memoryGiB", "diskGiB", "growthGiBPerMonth"];

function wrongSizing(sizing: Sizing | undefined): string | undefined {
  return firstOf(FIGURES, (name) => {
    const value: unknown = sizing?.[name];
    const least = name === "growthGiBPerMonth" ? 0 : Number.MIN_VALUE;
    if (typeof value === "number" && Number.isFinite(value) && value >= least) return undefined;
    return `${show(value)} as ${name}; return a number above 0${least === 0 ? ", or 0" : ""}`;
  });
}
