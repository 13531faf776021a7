import { parseArgs } from "node:util";
import { LocalError } from "../supervisor/problem";
import { identify } from "../supervisor/process-table";
import { isProcessRunning, startProcess, stopProcess } from "../supervisor/processes";

/*
 * The program by which the agent stops and starts the processes of nodes. It counts as downtime of the node, so it imports little: what is
 * below `supervisor/` needs nothing but Node.js itself.
 */

/** What the program prints, and how it ends. */
export interface ControlResult {
  readonly code: number;
  readonly out?: string;
  readonly err?: string;
}

/** `gone`: there is no such process or no supervisor, and asking again does not help before the next `pulumi up`. */
export const CONTROL_EXIT = { ok: 0, failed: 1, usage: 2, gone: 3 } as const;

const USAGE =
  "usage: chainkeep-local-control stop|start|state --state-dir DIR --process NAME [--hold]; --hold: no `pulumi up` starts it while the caller lives";
const GONE = new Set(["SUPERVISOR_GONE", "PROCESS_UNKNOWN"]);

interface Asked {
  readonly action: "stop" | "start" | "state";
  readonly stateDir: string;
  readonly name: string;
  readonly hold: boolean;
}

/**
 * Carries out one command line.
 *
 * @param caller - Pid of whoever has started the program.
 */
export async function control(words: readonly string[], caller: number): Promise<ControlResult> {
  const asked = askedBy(words);
  if (asked === undefined) return { code: CONTROL_EXIT.usage, err: USAGE };
  try {
    return { code: CONTROL_EXIT.ok, out: JSON.stringify(await act(asked, caller)) };
  } catch (error) {
    const gone = error instanceof LocalError && error.problems.some(({ code }) => GONE.has(code));
    const err = error instanceof Error ? error.message : String(error);
    return { code: gone ? CONTROL_EXIT.gone : CONTROL_EXIT.failed, err };
  }
}

async function act({ action, stateDir, name, hold }: Asked, caller: number): Promise<object> {
  if (action === "stop") return stopProcess(stateDir, name, hold ? identify(caller) : undefined);
  if (action === "state") return { running: await isProcessRunning(stateDir, name) };
  await startProcess(stateDir, name);
  return { started: true };
}

function askedBy(words: readonly string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { "state-dir": { type: "string" }, process: { type: "string" }, hold: { type: "boolean" } },
    });
    const { "state-dir": stateDir, process: name, hold = false } = values;
    const [action, ...more] = positionals;
    if (action !== "stop" && action !== "start" && action !== "state") return undefined;
    if (stateDir === undefined || name === undefined || more.length > 0) return undefined;
    return { action, stateDir, name, hold };
  } catch {
    // An option that nobody knows, or one without its value.
    return undefined;
  }
}
