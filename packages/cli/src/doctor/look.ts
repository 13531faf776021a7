import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, readFile, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import * as path from "node:path";

/** Output of a program, or undefined when it cannot be run. */
export function outputOf(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: 20_000 }, (error, stdout) => resolve(error ? undefined : stdout.trim()));
  });
}

/** The directory itself, or the nearest one above that is there. */
export async function nearestDirectory(directory: string): Promise<string> {
  const there = await access(directory).then(
    () => true,
    () => false,
  );
  return there || path.dirname(directory) === directory ? directory : nearestDirectory(path.dirname(directory));
}

export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(await nearestDirectory(directory));
  return bavail * bsize;
}

export async function isWritable(directory: string): Promise<boolean> {
  return access(await nearestDirectory(directory), constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Whether something listens there already: binding is the only answer that is never wrong. */
export function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(true));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(false)));
  });
}

/** Ports that a stack's configuration sets: `chainkeep:hostPorts`. The file is Pulumi's and its form is fixed. */
export async function configuredPorts(file: string): Promise<Record<string, number>> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const start = lines.findIndex((line) => /^\s+chainkeep:hostPorts:\s*$/.test(line));
  if (start < 0) return {};
  const indent = /^\s*/.exec(lines[start] ?? "")?.[0].length ?? 0;
  const ports: Record<string, number> = {};
  for (const line of lines.slice(start + 1)) {
    const found = /^(\s+)(\w+):\s*["']?(\d+)["']?\s*$/.exec(line);
    if (!found || (found[1]?.length ?? 0) <= indent) break;
    ports[found[2] ?? ""] = Number(found[3]);
  }
  return ports;
}
