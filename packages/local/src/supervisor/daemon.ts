import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { SupervisorApi } from "./api";
import { writeFiles } from "./atomic-file";
import { endLeftovers, readChildren } from "./leftovers";
import { quoted, tailOf } from "./log-tail";
import { ensureSocketDir, statePaths, supervisorIdOf } from "./paths";
import { fileProblem, LocalError } from "./problem";
import { endProcess, type Identified, identify, isRunning, SUPERVISOR_MARK, until } from "./process-table";
import { readProject, writeProject } from "./project-file";

/** Which daemon serves a state directory. */
export interface DaemonRecord extends Identified {
  readonly id: string;
  readonly socket: string;
  readonly binary: string;
  /** Of the resource that the daemon belongs to. */
  readonly claim: string;
}

export interface DaemonInput {
  readonly stateDir: string;
  readonly binary: string;
  readonly socket: string;
  readonly claim: string;
}

const START_MS = 30_000;
const STOP_SECONDS = 20;

export async function readRecord(stateDir: string): Promise<DaemonRecord | undefined> {
  try {
    return JSON.parse(await readFile(statePaths(stateDir).record, "utf8")) as DaemonRecord;
  } catch {
    // Never started, or the directory was removed: the marks of the processes still tell what runs.
    return undefined;
  }
}

export async function writeRecord(stateDir: string, record: DaemonRecord): Promise<void> {
  const content = `${JSON.stringify(record, undefined, 2)}\n`;
  const problems = await writeFiles([{ path: statePaths(stateDir).record, content, mode: 0o600 }]);
  if (problems.length > 0) throw new LocalError("Supervisor", problems);
}

/** Runs and answers. A daemon that is only slow gets half a minute: taking it for dead would stop every node. */
export async function isDaemonAlive(record: DaemonRecord): Promise<boolean> {
  if (!isRunning(record)) return false;
  const api = new SupervisorApi(record.socket);
  return (await api.isLive()) || (isRunning(record) && (await api.isLive()));
}

/** The daemon of a state directory, if it is there. */
export async function liveDaemon(stateDir: string): Promise<DaemonRecord | undefined> {
  const record = await readRecord(stateDir);
  return record !== undefined && (await isDaemonAlive(record)) ? record : undefined;
}

/**
 * Starts the daemon with all processes of its project file. What an earlier one has left behind is ended first, so that nothing
 * runs twice. The caller holds the lock.
 */
export async function startDaemon(input: DaemonInput): Promise<DaemonRecord> {
  const { stateDir, binary, socket, claim } = input;
  const id = supervisorIdOf(stateDir);
  const paths = statePaths(stateDir);
  await prepare(input);
  await endDaemonAndLeftovers(stateDir);
  // The daemon empties its log when it starts; the reason why the last one ended is worth keeping.
  await rename(paths.log, `${paths.log}.1`).catch(() => undefined);

  const daemon = await spawnDaemon(input, id);
  const api = new SupervisorApi(socket);
  const answered = await until(async () => daemon.ended() !== undefined || (await api.isLive()), START_MS);
  const { identified } = daemon;
  if (daemon.ended() !== undefined || identified === undefined || !answered) {
    if (identified !== undefined) await endProcess(identified, "SIGTERM", STOP_SECONDS);
    throw await notStarted(stateDir, daemon.ended() ?? (answered ? "ended at once" : "does not answer"));
  }
  const record = { ...identified, id, socket, binary, claim };
  await writeRecord(stateDir, record);
  return record;
}

interface SpawnedDaemon {
  readonly identified: Identified | undefined;
  /** Why it has ended, if it has. */
  readonly ended: () => string | undefined;
}

async function spawnDaemon({ stateDir, binary, socket }: DaemonInput, id: string): Promise<SpawnedDaemon> {
  const { log: logFile, project } = statePaths(stateDir);
  const log = await open(logFile, "a", 0o600);
  try {
    const args = ["-t=false", "--keep-project", "--disable-dotenv", "-u", socket, "-L", logFile, "-f", project];
    const daemon = spawn(binary, args, {
      cwd: stateDir,
      // A session of its own: it outlives this process and the terminal.
      detached: true,
      // It repeats on its standard output what all processes print; their logs have it already.
      stdio: ["ignore", "ignore", log.fd],
      env: { ...daemonEnvironment(process.env), NO_COLOR: "1", [SUPERVISOR_MARK]: id },
    });
    let reason: string | undefined;
    daemon.once("error", (error) => {
      reason = error.message;
    });
    daemon.once("exit", (code, signal) => {
      reason ??= `ended with ${signal ?? `exit code ${code}`}`;
    });
    daemon.unref();
    return { identified: daemon.pid === undefined ? undefined : identify(daemon.pid), ended: () => reason };
  } finally {
    await log.close();
  }
}

async function prepare({ stateDir, binary, socket }: DaemonInput): Promise<void> {
  await access(binary, constants.X_OK).catch((error) => {
    const { message, code } = fileProblem(binary, error);
    const text = `got ${binary}: ${message}; give the path of process-compose`;
    throw new LocalError("Supervisor", [
      { path: "binary", message: text, code: code === "FILE_FAILED" ? "NO_PROGRAM" : code },
    ]);
  });
  await mkdir(stateDir, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new LocalError("Supervisor", [fileProblem(stateDir, error)]);
  });
  await ensureSocketDir(socket);
  const marker = { path: statePaths(stateDir).marker, content: "This directory belongs to Chainkeep.\n", mode: 0o600 };
  const problems = await writeFiles([marker]);
  if (problems.length > 0) throw new LocalError("Supervisor", problems);
  await writeProject(stateDir, await readProject(stateDir));
}

/** The processes' base environment. That of `pulumi up` holds passphrases and tokens, which are nobody's business. */
const INHERITED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|XDG_RUNTIME_DIR|LD_LIBRARY_PATH|NIX_LD.*|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy)$/;

export function daemonEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => INHERITED.test(key)));
}

async function notStarted(stateDir: string, reason: string): Promise<LocalError> {
  const { log } = statePaths(stateDir);
  const message = `process-compose ${reason}; see ${log} for the reason${quoted(await tailOf(log))}`;
  return new LocalError("Supervisor", [{ path: "binary", message, code: "SUPERVISOR_NOT_STARTED" }]);
}

/**
 * Stops all processes, each with its own signal and grace and all at the same time, then the daemon. The daemon alone would stop
 * them one after the other. The caller holds the lock.
 */
export async function stopDaemon(stateDir: string): Promise<void> {
  const record = await liveDaemon(stateDir);
  if (record !== undefined) {
    const api = new SupervisorApi(record.socket);
    const { processes } = await readProject(stateDir);
    const stops = Object.entries(processes).map(async ([name, entry]) => {
      if (await api.isHeld(name)) await api.stop(name, entry.shutdown.timeout_seconds);
    });
    // Whoever refuses is ended below, by pid.
    await Promise.allSettled(stops);
  }
  await endDaemonAndLeftovers(stateDir);
  await rm(statePaths(stateDir).record, { force: true });
  if (record !== undefined) await rm(record.socket, { force: true });
}

async function endDaemonAndLeftovers(stateDir: string): Promise<void> {
  const record = await readRecord(stateDir);
  const project = await readProject(stateDir);
  if (record !== undefined && isRunning(record)) {
    const graces = Object.values(project.processes).map((entry) => entry.shutdown.timeout_seconds);
    await endProcess(record, "SIGTERM", STOP_SECONDS + Math.max(0, ...graces));
  }
  await endLeftovers({ supervisorId: supervisorIdOf(stateDir), project, children: await readChildren(stateDir) });
}
