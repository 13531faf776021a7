import { SupervisorApi } from "./api";
import { liveDaemon } from "./daemon";
import { restartProcess, signalByName, startProcess, stopProcess } from "./processes";
import { readProject } from "./project-file";

/** A supervised process at this moment. */
export interface SupervisedProcess {
  readonly name: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** "Running", "Restarting" while it waits for its next start, "Terminating", "Completed", "Error". */
  readonly status: string;
  /** Starts after the first one, since the supervisor knows the process. */
  readonly restarts: number;
  /** Of the last run; 0 while it runs for the first time. */
  readonly exitCode: number;
  readonly ageSeconds: number;
  readonly memoryBytes: number;
}

/** Reads and steers the supervisor of a state directory. */
export interface SupervisorClient {
  /** Whether the supervisor runs and answers. */
  isAlive(): Promise<boolean>;
  /** All processes by name; empty when no supervisor runs. */
  list(): Promise<SupervisedProcess[]>;
  /** Stops with the process's own signal and grace. It stays stopped until `start`, or `pulumi up --refresh`. */
  stop(name: string): Promise<void>;
  start(name: string): Promise<void>;
  restart(name: string): Promise<void>;
  /** False when the process does not run, or only prepares its start. */
  signal(name: string, signal: NodeJS.Signals): Promise<boolean>;
}

/**
 * The supervisor that runs in a state directory, for the command line and for tests.
 *
 * @throws LocalError from each call when the supervisor is gone or does not know the process
 */
export function supervisorClient(stateDir: string): SupervisorClient {
  return {
    isAlive: async () => (await liveDaemon(stateDir)) !== undefined,
    list: () => list(stateDir),
    stop: async (name) => void (await stopProcess(stateDir, name)),
    start: (name) => startProcess(stateDir, name),
    restart: (name) => restartProcess(stateDir, name),
    signal: (name, signal) => signalByName(stateDir, name, signal),
  };
}

async function list(stateDir: string): Promise<SupervisedProcess[]> {
  const record = await liveDaemon(stateDir);
  if (record === undefined) return [];
  const api = new SupervisorApi(record.socket);
  const names = Object.keys((await readProject(stateDir)).processes).sort();
  const states = await Promise.all(names.map((name) => api.state(name)));
  return states.flatMap((state, i) => {
    if (state === undefined) return [];
    const running = state.status === "Running";
    return {
      name: names[i] ?? state.name,
      pid: running ? state.pid : undefined,
      status: state.status,
      restarts: state.restarts,
      exitCode: state.exit_code,
      ageSeconds: running ? Math.round(state.age / 1e9) : 0,
      memoryBytes: running ? Math.max(0, state.mem) : 0,
    };
  });
}
