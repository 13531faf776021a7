import { createHash } from "node:crypto";
import * as path from "node:path";
import { PROCESS_MARK, SUPERVISOR_MARK } from "./process-table";

export type StopSignal = "SIGTERM" | "SIGINT";

/** A process as Chainkeep means it. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly argsFile: string | undefined;
  readonly prepare: readonly (readonly string[])[];
  readonly stopSignal: StopSignal;
  readonly graceSeconds: number;
  readonly backoffSeconds: number;
  readonly restartDigest: string | undefined;
}

/** A process as process-compose takes it. */
export interface ProjectEntry {
  readonly entrypoint: readonly string[];
  readonly environment: readonly string[];
  readonly availability: { readonly restart: "always"; readonly backoff_seconds: number };
  readonly shutdown: { readonly signal: number; readonly timeout_seconds: number };
  readonly log_location: string;
  readonly log_configuration: object;
  readonly disable_ansi_colors: boolean;
  readonly is_dotenv_disabled: boolean;
  readonly "x-chainkeep-restart": string;
}

export const SIGNAL_NUMBERS: Readonly<Record<StopSignal, number>> = { SIGTERM: 15, SIGINT: 2 };

const SHELL = "/bin/sh";

/** Plain lines as the program printed them, at most 80 MB per process. */
export const LOG_CONFIGURATION = {
  rotation: { max_size_mb: 20, max_backups: 3 },
  fields_order: ["message"],
  disable_json: true,
  no_color: true,
  no_metadata: true,
  flush_each_line: true,
};

/**
 * An `entrypoint` rather than a `command`, because process-compose expands templates in commands only. A working directory of
 * its own would let a process whose directory is missing for a moment end for good; the shell's `cd` is tried again.
 */
export function entryOf(spec: ProcessSpec, supervisorId: string): ProjectEntry {
  const marks = { [SUPERVISOR_MARK]: supervisorId, [PROCESS_MARK]: spec.name };
  return {
    entrypoint: [SHELL, "-c", launchScript(spec), SHELL, ...spec.command],
    environment: Object.entries({ ...spec.env, ...marks })
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
    availability: { restart: "always", backoff_seconds: spec.backoffSeconds },
    shutdown: { signal: SIGNAL_NUMBERS[spec.stopSignal], timeout_seconds: spec.graceSeconds },
    log_location: path.posix.join("logs", `${spec.name}.log`),
    log_configuration: LOG_CONFIGURATION,
    disable_ansi_colors: true,
    is_dotenv_disabled: true,
    "x-chainkeep-restart": createHash("sha256")
      .update(spec.restartDigest ?? "")
      .digest("hex")
      .slice(0, 16),
  };
}

/** The command itself travels as the script's arguments, so only what runs before it is quoted. */
export function launchScript({ workingDir, prepare, argsFile }: ProcessSpec): string {
  const lines = [
    "set -ef",
    // A stop during the preparation must not start the process after all; `exec` puts the signals back.
    ...(prepare.length > 0 ? ["trap 'exit 143' TERM", "trap 'exit 130' INT"] : []),
    `cd ${quote(workingDir)}`,
    ...prepare.map((command) => command.map(quote).join(" ")),
    // On its own line, a missing file ends the script; inside of exec it would not.
    ...(argsFile === undefined ? [] : [`words=$(cat ${quote(argsFile)})`]),
    argsFile === undefined ? 'exec "$@"' : 'exec "$@" $words',
  ];
  return lines.join("\n");
}

export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Whether a command line is still the script that prepares a process. */
export function isPreparing(commandLine: readonly string[]): boolean {
  return commandLine[0] === SHELL && commandLine[1] === "-c" && commandLine[2]?.startsWith("set -ef\n") === true;
}
