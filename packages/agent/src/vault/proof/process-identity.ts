import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A pid that cannot be mistaken for a later process of the same number. */
export interface Identified {
  readonly pid: number;
  readonly startTime: string;
}

const hasProc = existsSync("/proc/self/stat");

export function identify(pid: number): Identified | undefined {
  const startTime = hasProc ? startFromProc(pid) : startFromPs(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** False also when only its exit code is left. */
export function isRunning({ pid, startTime }: Identified): boolean {
  return identify(pid)?.startTime === startTime;
}

/** Sends a signal to a process and to what it has started in its group, if the pid is still the process that was meant. */
export function signalGroup(target: Identified, signal: NodeJS.Signals): void {
  if (!isRunning(target)) return;
  try {
    process.kill(-target.pid, signal);
  } catch {
    signalOne(target, signal);
  }
}

export function signalOne(target: Identified, signal: NodeJS.Signals): void {
  if (!isRunning(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch {
    // It ended in between.
  }
}

/** Processes that carry an entry in their environment. Empty where the system does not show it. */
export function processesWith(entry: string): Identified[] {
  if (!hasProc) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      if (!readProc(Number(name), "environ")?.split("\u0000").includes(entry)) return [];
      const found = identify(Number(name));
      return found ? [found] : [];
    });
}

/** The boot is part of it: after the next one, the same pid may start at the same tick. */
function startFromProc(pid: number): string | undefined {
  const stat = readProc(pid, "stat");
  // The second field is the program's name, with whatever it contains.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, ticks] = [fields?.[0], fields?.[19]];
  return state === undefined || state === "Z" || state === "X" ? undefined : `${bootId()}:${ticks}`;
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  } catch {
    // Hidden in some containers.
    return "boot";
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    const [state = "", ...start] = line.split(/\s+/);
    return line === "" || state.startsWith("Z") ? undefined : start.join(" ");
  } catch {
    return undefined;
  }
}

/** A process may end, or belong to somebody else, at any moment: then there is nothing to read. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
