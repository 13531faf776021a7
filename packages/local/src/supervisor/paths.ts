import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { lstat, mkdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import * as path from "node:path";
import { fileProblem, LocalError } from "./problem";

/** Where a supervisor keeps what. */
export interface StatePaths {
  /** Which daemon runs: pid, start time, socket. */
  readonly record: string;
  /** process-compose's project: the processes that a new daemon starts. */
  readonly project: string;
  /** Pids of the processes, for systems without /proc. */
  readonly children: string;
  readonly lock: string;
  readonly log: string;
  readonly logs: string;
  /** Who has stopped a process for a while, one file per process. */
  readonly holds: string;
  /** Tells that the directory is ours: nothing outside of such a directory is ever purged. */
  readonly marker: string;
}

export const STATE_MARKER = ".chainkeep-state";

export function statePaths(stateDir: string): StatePaths {
  return {
    record: path.join(stateDir, "supervisor.json"),
    project: path.join(stateDir, "processes.json"),
    children: path.join(stateDir, "children.json"),
    lock: path.join(stateDir, "supervisor.lock"),
    log: path.join(stateDir, "supervisor.log"),
    logs: path.join(stateDir, "logs"),
    holds: path.join(stateDir, "holds"),
    marker: path.join(stateDir, STATE_MARKER),
  };
}

export function logFileOf(stateDir: string, name: string): string {
  return path.join(statePaths(stateDir).logs, `${name}.log`);
}

/** The same directory has the same mark, whoever asks: a preview knows it before the supervisor is there. */
export function supervisorIdOf(stateDir: string): string {
  return createHash("sha256").update(path.resolve(stateDir)).digest("hex").slice(0, 16);
}

/** macOS takes 103 bytes, Linux 107. */
const LONGEST_SOCKET = 103;

/** Short path of the socket: in the user's runtime directory if there is one, else among the temporary files. */
export function socketPathOf(stateDir: string, env: NodeJS.ProcessEnv = process.env): string {
  const file = path.join(`chainkeep-${userInfo().uid}`, `${supervisorIdOf(stateDir)}.sock`);
  const runtime = env.XDG_RUNTIME_DIR;
  const bases = [...(runtime && path.isAbsolute(runtime) ? [runtime] : []), tmpdir(), "/tmp"];
  const fits = bases.filter((base) => Buffer.byteLength(path.join(base, file)) <= LONGEST_SOCKET);
  return path.join(fits.find(isDirectory) ?? "/tmp", file);
}

/** Whether the directory above the socket's own is still there: a runtime directory goes when its user logs out. */
export function socketHasHome(socket: string): boolean {
  return isDirectory(path.dirname(path.dirname(socket)));
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The API has no authentication: the directory around its socket is the guard, so it must be ours alone. */
export async function ensureSocketDir(socket: string): Promise<void> {
  const directory = path.dirname(socket);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new LocalError("Supervisor", [fileProblem(directory, error)]);
  }
  const found = await lstat(directory);
  if (found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o077) === 0) return;
  const message = `got a ${found.isDirectory() ? `directory of user ${found.uid} with mode ${(found.mode & 0o777).toString(8)}` : "file"}; use a directory of user ${userInfo().uid} with mode 700: remove it, or run chmod 700 on it`;
  throw new LocalError("Supervisor", [{ path: directory, message, code: "SOCKET_DIR_UNSAFE" }]);
}
