import { open, readdir, stat } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findClusters, oneOf } from "../agent/discover";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { checkedStack, findProject } from "../project/project";

export interface ClusterOptions {
  readonly stack: string;
  readonly cluster?: string;
}

export interface LogsOptions extends ClusterOptions {
  readonly lines: number;
  readonly follow?: boolean;
}

const POLL_MS = 250;
const TAIL_BYTES = 1024 * 1024;

/** State directory of the cluster that is meant; throws when that is not clear. */
export async function clusterDir({ stack, cluster }: ClusterOptions): Promise<string> {
  const all = await findClusters(findProject(), checkedStack(stack));
  const [first, ...others] = all;
  if (first === undefined)
    throw new CliError(`stack ${stack} has no cluster here; start one with "npm start"`, "NO_CLUSTER");
  if (cluster !== undefined) return oneOf(all, cluster).stateDir;
  if (others.length === 0) return first.stateDir;
  const names = all.map((one) => one.cluster).join(", ");
  throw new CliError(`this stack has several clusters; name one with --cluster: ${names}`, "MANY_CLUSTERS", EXIT.usage);
}

/** End of a process's log, and what comes after. Files stay when the process is gone. */
export async function logs(name: string, options: LogsOptions, context: Context): Promise<number> {
  const folder = path.join(await clusterDir(options), "logs");
  const known = (await readdir(folder).catch(() => []))
    .filter((file) => file.endsWith(".log") && !file.startsWith("_"))
    .map((file) => file.slice(0, -4))
    // Rotated files carry a time stamp.
    .filter((process) => !/-\d{4}-\d\d-\d\dT/.test(process));
  if (!known.includes(name)) {
    const list = known.length > 0 ? `; there are logs of ${known.sort().join(", ")}` : "";
    throw new CliError(`no log of ${JSON.stringify(name)}${list}`, "NO_LOG", EXIT.usage);
  }
  const file = path.join(folder, `${name}.log`);
  const { text, end } = await tail(file, options.lines);
  if (text !== "") context.out(text);
  if (options.follow) await follow(file, end);
  return EXIT.ok;
}

/** Last lines of a file, and where they end. */
export async function tail(file: string, lines: number): Promise<{ text: string; end: number }> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const all = buffer.subarray(0, bytesRead).toString("utf8").replace(/\n$/, "").split("\n");
    return { text: lines === 0 ? "" : all.slice(-lines).join("\n"), end: start + bytesRead };
  } finally {
    await handle.close();
  }
}

/** Until Ctrl-C. A file that was rotated is read from its start. */
async function follow(file: string, from: number): Promise<void> {
  let at = from;
  let inode = (await stat(file)).ino;
  for (;;) {
    await sleep(POLL_MS);
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) continue;
    if (found.ino !== inode || found.size < at) at = 0;
    inode = found.ino;
    if (found.size > at) at = await print(file, at);
  }
}

async function print(file: string, from: number): Promise<number> {
  const handle = await open(file, "r");
  let at = from;
  try {
    for await (const part of handle.createReadStream({ start: from, autoClose: false })) {
      process.stdout.write(part as Buffer);
      at += (part as Buffer).length;
    }
    return at;
  } finally {
    await handle.close();
  }
}
