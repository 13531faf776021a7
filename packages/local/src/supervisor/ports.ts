import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import type { Problem } from "@chainkeep/core";
import { errnoOf } from "./problem";
import { commandLineOf, hasProc } from "./process-table";

/** Ports that somebody holds, with the owner where the system tells. `isOwn` recognises owners that may. */
export async function portProblems(ports: readonly number[], isOwn: (pid: number) => boolean): Promise<Problem[]> {
  const found = await Promise.all(
    ports.map(async (port, i) => {
      const reason = await refusal(port);
      if (reason === undefined) return [];
      const owner = reason === "EADDRINUSE" ? ownerOf(port) : undefined;
      return owner !== undefined && isOwn(owner) ? [] : [problem(`ports[${i}]`, port, reason, owner)];
    }),
  );
  return found.flat();
}

function problem(path: string, port: number, reason: string, owner: number | undefined): Problem {
  if (reason !== "EADDRINUSE") {
    const message = `got ${port}, which this user may not take (${reason}); choose a port from 1024 to 65535`;
    return { path, message, code: "PORT_FORBIDDEN" };
  }
  const by = owner === undefined ? "another process" : `process ${owner} (${nameOf(owner)})`;
  return { path, message: `got ${port}, in use by ${by}; stop it or choose another port`, code: "PORT_IN_USE" };
}

function refusal(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(errnoOf(error) ?? error.message));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

const LISTENING = "0A";

/** Pid of a listener on a port. Only processes of this user can be seen. */
export function ownerOf(port: number): number | undefined {
  if (!hasProc) return undefined;
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const sockets = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    linesOf(table)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hex}`) && fields[3] === LISTENING)
      .map((fields) => `socket:[${fields[9]}]`),
  );
  if (sockets.length === 0) return undefined;
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .find((pid) => holds(pid, sockets));
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(1);
  } catch {
    // A kernel without IPv6 has no such table.
    return [];
  }
}

function holds(pid: number, sockets: readonly string[]): boolean {
  const directory = `/proc/${pid}/fd`;
  try {
    return readdirSync(directory).some((fd) => sockets.includes(linkOf(`${directory}/${fd}`)));
  } catch {
    // Gone, or another user's.
    return false;
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}

function nameOf(pid: number): string {
  const words = commandLineOf(pid) ?? [];
  const text = words.join(" ");
  return text.length > 60 ? `${text.slice(0, 57)}...` : text || "unknown";
}
