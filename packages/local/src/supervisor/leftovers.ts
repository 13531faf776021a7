import { readFile } from "node:fs/promises";
import { writeFiles } from "./atomic-file";
import { SIGNAL_NUMBERS, type StopSignal } from "./launch";
import { statePaths } from "./paths";
import { LocalError } from "./problem";
import { endProcess, hasProc, type Identified, identify, type Marked, markedProcesses } from "./process-table";
import type { Project } from "./project-file";

export interface LeftoverSearch {
  readonly supervisorId: string;
  readonly project: Project;
  readonly children: Children;
  /** Only those of one process. */
  readonly name?: string;
}

/** The last known pid of each process, where the system does not show marks. */
export type Children = Readonly<Record<string, Identified>>;

const DAEMON_GRACE_SECONDS = 20;

/**
 * Ends what carries a supervisor's mark, each process with its own signal and grace. Daemons come first: one that lives would
 * start its processes again.
 */
export async function endLeftovers(search: LeftoverSearch): Promise<void> {
  const { supervisorId, name } = search;
  if (name === undefined) {
    const daemons = markedProcesses(supervisorId).filter((found) => found.name === undefined);
    await Promise.all(daemons.map((daemon) => endProcess(daemon, "SIGTERM", DAEMON_GRACE_SECONDS)));
  }
  const found = leftovers(search);
  const ended = await Promise.all(found.map((one) => endWithItsSignal(one, search.project)));
  const survivors = found.filter((_, i) => ended[i] === false);
  if (survivors.length === 0) return;
  const problems = survivors.map(({ pid, name: process }) => ({
    path: process ?? "supervisor",
    message: `process ${pid} does not end, not even by SIGKILL; see what it waits for (a disk?) and run again`,
    code: "PROCESS_STUCK",
  }));
  throw new LocalError("Supervisor", problems);
}

function leftovers({ supervisorId, children, name }: LeftoverSearch): Marked[] {
  if (hasProc) return markedProcesses(supervisorId, name);
  return Object.entries(children)
    .filter(([child]) => name === undefined || child === name)
    .map(([child, identified]) => ({ ...identified, name: child }));
}

function endWithItsSignal(leftover: Marked, project: Project): Promise<boolean> {
  const shutdown = leftover.name === undefined ? undefined : project.processes[leftover.name]?.shutdown;
  const names = Object.keys(SIGNAL_NUMBERS) as StopSignal[];
  const signal = names.find((key) => SIGNAL_NUMBERS[key] === shutdown?.signal) ?? "SIGTERM";
  return endProcess(leftover, signal, shutdown?.timeout_seconds ?? DAEMON_GRACE_SECONDS);
}

export async function readChildren(stateDir: string): Promise<Children> {
  try {
    return JSON.parse(await readFile(statePaths(stateDir).children, "utf8")) as Children;
  } catch {
    // Not written on this system, or not yet.
    return {};
  }
}

/** Remembers a pid for a later search. Needless where marks can be read. */
export async function rememberChild(stateDir: string, name: string, pid: number): Promise<void> {
  const identified = hasProc ? undefined : identify(pid);
  if (identified === undefined) return;
  const content = JSON.stringify({ ...(await readChildren(stateDir)), [name]: identified });
  await writeFiles([{ path: statePaths(stateDir).children, content, mode: 0o600 }]);
}
