import { mkdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProcessState, SupervisorApi } from "./api";
import { type DaemonRecord, liveDaemon } from "./daemon";
import { withLock } from "./file-lock";
import { hold, holderOf, release, untilReleased } from "./hold";
import { entryOf, isPreparing, type ProcessSpec, type ProjectEntry } from "./launch";
import { endLeftovers, readChildren, rememberChild } from "./leftovers";
import { quoted, sizeOf, tailOf } from "./log-tail";
import { logFileOf, statePaths, supervisorIdOf } from "./paths";
import { fileProblem, LocalError, show } from "./problem";
import { commandLineOf, hasProc, type Identified, identify, parentOf, signalProcess, until } from "./process-table";
import { readProject, withEntry, withoutEntry, writeProject } from "./project-file";

/** Exit code of a process that a signal has ended. */
const BY_SIGNAL = -1;

const END_MS = 30_000;
const SETTLE_MS = 1_000;
const SETTLE_POLL_MS = 100;
/** A preparation may copy a database; whoever waits longer than this looks at the process's log. */
const PREPARE_MS = 5 * 60_000;

const THERE = new Set(["Running", "Restarting", "Launching", "Launched", "Pending"]);

/** Runs, or waits for its next start. */
export function isThere(state: ProcessState | undefined): state is ProcessState {
  return state !== undefined && THERE.has(state.status);
}

export async function daemonOf(subject: string, stateDir: string): Promise<DaemonRecord> {
  const record = await liveDaemon(stateDir);
  if (record !== undefined) return record;
  const message = "has no running supervisor; run `pulumi up --refresh`, which starts it again";
  throw new LocalError(subject, [{ path: stateDir, message, code: "SUPERVISOR_GONE" }]);
}

/**
 * What the supervisor keeps under a name; undefined when it keeps nothing that runs or is going to. One that somebody holds is going to.
 */
export async function findProcess(stateDir: string, name: string): Promise<ProcessState | undefined> {
  const record = await liveDaemon(stateDir);
  const { processes } = await readProject(stateDir);
  if (record === undefined || processes[name] === undefined) return undefined;
  const state = await new SupervisorApi(record.socket).state(name);
  return isThere(state) || (await holderOf(stateDir, name)) !== undefined ? state : undefined;
}

/**
 * Makes the supervisor run a process as asked. One that runs differently is stopped first and only then changed: process-compose
 * changes a running process in a way that can lose sight of its successor.
 *
 * @throws LocalError with the log's last lines when the process ends at once
 */
export async function putProcess(stateDir: string, spec: ProcessSpec, claim: string): Promise<void> {
  const { name, workingDir } = spec;
  const subject = subjectOf(name);
  const record = await daemonOf(subject, stateDir);
  const api = new SupervisorApi(record.socket);
  const entry = entryOf(spec, record.id);
  await untilReleased(stateDir, name);
  await mkdir(workingDir, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new LocalError(subject, [fileProblem(workingDir, error)]);
  });

  const known = (await readProject(stateDir)).processes[name];
  const before = known && (await api.state(name));
  const logFile = logFileOf(stateDir, name);
  const from = await sizeOf(logFile);
  if (isSame(known, entry) && isThere(before)) {
    await change(stateDir, async () =>
      writeProject(stateDir, withEntry(await readProject(stateDir), name, entry, claim)),
    );
    const state = await afterBackoff(api, before, spec.backoffSeconds);
    await ensureUp(api, state, logFile, from);
    return;
  }
  if (known !== undefined) await stopAndWait(api, name, known.shutdown.timeout_seconds);
  await endNamed(stateDir, name);

  const started = await change(stateDir, async () => {
    await writeProject(stateDir, withEntry(await readProject(stateDir), name, entry, claim));
    await api.reload();
    // An unchanged entry that was stopped stays stopped.
    if (!(await api.isHeld(name)) && !isThere(await api.state(name))) await api.start(name);
    return isSame(known, entry) ? before : undefined;
  });
  const state = await ensureUp(api, { name, restarts: started?.restarts ?? 0 }, logFile, from);
  await change(stateDir, () => rememberChild(stateDir, name, state.pid));
}

/** Takes a process out: stopped with its own signal and grace, then forgotten. Also works after the supervisor has died. */
export async function dropProcess(stateDir: string, name: string): Promise<void> {
  const record = await liveDaemon(stateDir);
  const known = (await readProject(stateDir)).processes[name];
  const api = record && new SupervisorApi(record.socket);
  if (api !== undefined && known !== undefined) await stopAndWait(api, name, known.shutdown.timeout_seconds);
  await endNamed(stateDir, name);
  await release(stateDir, name);
  if (known === undefined) return;
  await change(stateDir, async () => {
    await writeProject(stateDir, withoutEntry(await readProject(stateDir), name));
    await api?.reload();
  });
}

export async function claimOf(stateDir: string, name: string): Promise<string | undefined> {
  return (await readProject(stateDir)).claims[name];
}

/** Ends a process and starts it again, as it is. */
export async function restartProcess(stateDir: string, name: string): Promise<void> {
  await stopProcess(stateDir, name);
  await startProcess(stateDir, name);
}

/** How a process ended. Killed: it was still there when its grace was over. */
export interface Ending {
  readonly ended: "stopped" | "killed";
  readonly seconds: number;
}

/**
 * Stops a process until somebody starts it.
 *
 * @param holder - Who keeps it stopped: as long as that process runs, no `pulumi up` brings it back.
 */
export async function stopProcess(stateDir: string, name: string, holder?: Identified): Promise<Ending> {
  const { api, entry } = await knownProcess(stateDir, name);
  const grace = entry.shutdown.timeout_seconds;
  if (holder !== undefined) await hold(stateDir, name, holder);
  try {
    const since = performance.now();
    await stopAndWait(api, name, grace);
    const seconds = (performance.now() - since) / 1000;
    // A signal that a program has no answer to ends it in the same way as SIGKILL does, only sooner.
    const killed = seconds >= grace && (await api.state(name))?.exit_code === BY_SIGNAL;
    return { ended: killed ? "killed" : "stopped", seconds: Math.round(seconds * 1000) / 1000 };
  } catch (error) {
    await release(stateDir, name);
    throw error;
  }
}

/** Starts a process that was stopped; one that runs is left alone, and one that is about to end is waited for. */
export async function startProcess(stateDir: string, name: string): Promise<void> {
  const { api, entry } = await knownProcess(stateDir, name);
  const ending = async () => (await api.state(name))?.status === "Terminating";
  await until(async () => !(await ending()), entry.shutdown.timeout_seconds * 1000 + END_MS);
  await change(stateDir, async () => {
    if (!(await api.isHeld(name))) await api.start(name);
  });
  await release(stateDir, name);
}

/** Whether a process runs, is about to, or has not ended yet. */
export async function isProcessRunning(stateDir: string, name: string): Promise<boolean> {
  const { api } = await knownProcess(stateDir, name);
  return isAlive(await api.state(name));
}

/**
 * Sends a signal to a running process. False when there is nobody to tell: a process that is only about to start reads its files
 * anyway.
 */
export async function signalByName(stateDir: string, name: string, signal: NodeJS.Signals): Promise<boolean> {
  const { api, record } = await knownProcess(stateDir, name);
  const state = await api.state(name);
  if (state?.status !== "Running") return false;
  const target = identify(state.pid);
  if (target === undefined || isPreparing(commandLineOf(target.pid) ?? [])) return false;
  // A pid that is not the daemon's child is somebody else by now.
  return (parentOf(target.pid) ?? record.pid) === record.pid && signalProcess(target, signal);
}

export function subjectOf(name: string): string {
  return `Process ${show(name)}`;
}

async function knownProcess(stateDir: string, name: string) {
  const subject = subjectOf(name);
  const record = await daemonOf(subject, stateDir);
  const { processes } = await readProject(stateDir);
  const entry = processes[name];
  if (entry !== undefined) return { record, api: new SupervisorApi(record.socket), entry };
  const list = Object.keys(processes).join(", ") || "none";
  const message = `got ${show(name)}, which the supervisor does not know; use one of ${list}`;
  throw new LocalError(subject, [{ path: "name", message, code: "PROCESS_UNKNOWN" }]);
}

function change<T>(stateDir: string, action: () => Promise<T>): Promise<T> {
  return withLock(statePaths(stateDir).lock, action);
}

function isSame(a: ProjectEntry | undefined, b: ProjectEntry): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Waits until the supervisor has let go of the process: whoever starts it earlier is forgotten together with it. The answer to the
 * stop is not waited for alone, because a process that ends in the same moment keeps it until the grace is over.
 */
async function stopAndWait(api: SupervisorApi, name: string, graceSeconds: number): Promise<void> {
  if (!(await api.isHeld(name))) return;
  const answered = api.stop(name, graceSeconds);
  const ended = until(async () => !isAlive(await api.state(name)), graceSeconds * 1000 + END_MS);
  await Promise.race([answered, ended]);
  if (await until(async () => !(await api.isHeld(name)), END_MS)) return;
  const message = "does not end, not even by SIGKILL; see what it waits for (a disk?) and run again";
  throw new LocalError(subjectOf(name), [{ path: "stopSignal", message, code: "PROCESS_STUCK" }]);
}

function isAlive(state: ProcessState | undefined): boolean {
  return state !== undefined && (THERE.has(state.status) || state.status === "Terminating");
}

/** Children that a process has left, or the process itself when its supervisor was killed. */
async function endNamed(stateDir: string, name: string): Promise<void> {
  const project = await readProject(stateDir);
  const supervisorId = supervisorIdOf(stateDir);
  await endLeftovers({ supervisorId, project, children: hasProc ? {} : await readChildren(stateDir), name });
}

/** A process that waits for its next start gets it. */
async function afterBackoff(api: SupervisorApi, before: ProcessState, backoffSeconds: number): Promise<ProcessState> {
  let state = before;
  const isOver = async () => {
    state = (await api.state(before.name)) ?? before;
    return state.status !== "Restarting";
  };
  if (before.status === "Restarting") await until(isOver, backoffSeconds * 1000 + SETTLE_MS);
  return state;
}

/**
 * The state after the process has been itself for a moment.
 *
 * @throws LocalError as soon as it has ended
 */
async function ensureUp(
  api: SupervisorApi,
  { name, restarts }: Pick<ProcessState, "name" | "restarts">,
  logFile: string,
  from: number,
): Promise<ProcessState> {
  const deadline = Date.now() + PREPARE_MS;
  let since = Date.now();
  for (;;) {
    const state = await api.state(name);
    const ended = !isThere(state) || state.status === "Restarting" || state.restarts > restarts;
    if (ended) throw await endedAtOnce(name, state, logFile, from);
    const starting = state.status === "Pending" || isPreparing(commandLineOf(state.pid) ?? []);
    if (starting) since = Date.now();
    if (Date.now() - since >= SETTLE_MS || Date.now() > deadline) return state;
    await sleep(SETTLE_POLL_MS);
  }
}

async function endedAtOnce(
  name: string,
  state: ProcessState | undefined,
  logFile: string,
  from: number,
): Promise<LocalError> {
  // The log is written behind the process's back: it is complete when nothing has come for a moment.
  let size = -1;
  const isComplete = async () => {
    const before = size;
    size = await sizeOf(logFile);
    return size === before && size > from;
  };
  await until(isComplete, SETTLE_MS);
  const lines = await tailOf(logFile, from);
  const how = state === undefined ? "was not started" : `ended at once with exit code ${state.exit_code}`;
  const hint = lines.length === 0 ? "it printed nothing" : `its last lines in ${logFile} are`;
  const message = `${how}; ${hint}${quoted(lines)}`;
  return new LocalError(subjectOf(name), [{ path: "command", message, code: "PROCESS_ENDED" }]);
}
