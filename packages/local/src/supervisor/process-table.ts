import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A pid that cannot be mistaken for a later process with the same number. */
export interface Identified {
  readonly pid: number;
  readonly startTime: string;
}

/** A process that carries a supervisor's mark; `name` is missing for the daemon itself. */
export interface Marked extends Identified {
  readonly name: string | undefined;
}

export const SUPERVISOR_MARK = "CHAINKEEP_SUPERVISOR";
export const PROCESS_MARK = "CHAINKEEP_PROCESS";

export const hasProc = existsSync("/proc/self/stat");

/** When the process started, in whatever unit the system has; undefined when it is gone or only its exit code is left. */
export function startTimeOf(pid: number): string | undefined {
  return hasProc ? startTimeFromProc(pid) : startTimeFromPs(pid);
}

function startTimeFromProc(pid: number): string | undefined {
  const fields = statOf(pid);
  const [state, ticks] = [fields?.[0], fields?.[19]];
  return state === undefined || state === "Z" || state === "X" ? undefined : `${bootId()}:${ticks}`;
}

/** Fields of /proc/<pid>/stat from the third on. The second is the program's name, with whatever it contains. */
function statOf(pid: number): string[] | undefined {
  const stat = readProc(pid, "stat");
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Ticks count from the boot: after the next one, the same pid may start at the same tick. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  } catch {
    // Hidden in some containers.
    return "boot";
  }
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    const [state = "", ...start] = line.split(/\s+/);
    return line === "" || state.startsWith("Z") ? undefined : start.join(" ");
  } catch {
    // ps ends with an error when there is no such process.
    return undefined;
  }
}

export function identify(pid: number): Identified | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

export function isRunning({ pid, startTime }: Identified): boolean {
  return startTimeOf(pid) === startTime;
}

/** Pid of the process that started it; undefined where the system does not tell. */
export function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** Words of the command line; undefined where the system does not tell. */
export function commandLineOf(pid: number): string[] | undefined {
  return readProc(pid, "cmdline")?.split("\u0000").slice(0, -1);
}

/** All processes of a supervisor that this user may see. Empty where the system does not tell. */
export function markedProcesses(supervisorId: string, name?: string): Marked[] {
  if (!hasProc) return [];
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .flatMap((pid) => markOf(pid, supervisorId))
    .filter((found) => name === undefined || found.name === name);
}

function markOf(pid: number, supervisorId: string): Marked[] {
  const environment = readProc(pid, "environ")?.split("\u0000");
  if (!environment?.includes(`${SUPERVISOR_MARK}=${supervisorId}`)) return [];
  const found = identify(pid);
  const prefix = `${PROCESS_MARK}=`;
  const name = environment.find((entry) => entry.startsWith(prefix))?.slice(prefix.length);
  return found === undefined ? [] : [{ ...found, name }];
}

/** A process may end, or belong to somebody else, at any moment: then there is nothing to read. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Sends a signal if the pid is still the process that was meant. */
export function signalProcess(target: Identified, signal: NodeJS.Signals): boolean {
  if (!isRunning(target)) return false;
  try {
    return process.kill(target.pid, signal);
  } catch {
    // It ended in between.
    return false;
  }
}

const POLL_MS = 50;

/** Waits until the condition holds; false when the time is over. */
export async function until(holds: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    if (await holds()) return true;
    if (Date.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
}

/** Signal, grace, SIGKILL. True when the process is gone. */
export async function endProcess(target: Identified, signal: NodeJS.Signals, graceSeconds: number): Promise<boolean> {
  signalProcess(target, signal);
  if (await until(() => !isRunning(target), graceSeconds * 1000)) return true;
  signalProcess(target, "SIGKILL");
  return until(() => !isRunning(target), 10_000);
}
