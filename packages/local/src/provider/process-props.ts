import { isDeepStrictEqual } from "node:util";
import type { Problem } from "@chainkeep/core";
import type { ProcessSpec } from "../supervisor/launch";
import { logFileOf } from "../supervisor/paths";
import { PROCESS_MARK, SUPERVISOR_MARK } from "../supervisor/process-table";
import {
  absolutePath,
  anyText,
  choice,
  commandLine,
  listOf,
  mapOf,
  objectProblems,
  optional,
  type Rule,
  text,
  whole,
  word,
} from "./rules";
import { hasUnknown, plainObject, type Raw, UNKNOWN, UNKNOWN_TEXT } from "./wire";

/** A supervised process as it is stored: checked, with defaults. */
export interface ProcessProps extends ProcessSpec {
  readonly supervisor: string;
  readonly stateDir: string;
  /** Run before `prepare`; a change of them alone waits for another reason to start. */
  readonly bootstrap: readonly (readonly string[])[];
  readonly reloadDigest: string | undefined;
  readonly reloadSignal: NodeJS.Signals;
  readonly ports: readonly number[];
  readonly claim: string | undefined;
}

const DEFAULTS = { stopSignal: "SIGTERM", graceSeconds: 30, backoffSeconds: 1, reloadSignal: "SIGHUP" };

const NAME = text(
  /^[A-Za-z0-9][\w.-]{0,99}$/,
  "letters, digits, dots, dashes and underscores, at most 100",
  "BAD_NAME",
);

const RESERVED = new Set([SUPERVISOR_MARK, PROCESS_MARK]);

const variable: Rule = (value, at) =>
  RESERVED.has(String(value))
    ? [{ path: at, message: "is Chainkeep's own mark; use another name", code: "ENV_RESERVED" }]
    : text(/^[A-Za-z_]\w*$/, "letters, digits and underscores, not a digit first", "BAD_ENV_NAME")(value, at);

const PORTS = listOf(whole(1, 65535, "PORT_RANGE"), "a list of ports");

const RULES: Readonly<Record<string, Rule>> = {
  supervisor: text(/^[0-9a-f]{16}$/, "a supervisor's supervisorId", "BAD_SUPERVISOR"),
  stateDir: absolutePath,
  name: NAME,
  command: commandLine,
  env: optional(mapOf(variable, word, "an object of variables")),
  workingDir: absolutePath,
  argsFile: optional(absolutePath),
  prepare: optional(listOf(commandLine, "a list of commands")),
  bootstrap: optional(listOf(commandLine, "a list of commands")),
  stopSignal: optional(choice(["SIGTERM", "SIGINT"], "BAD_SIGNAL")),
  graceSeconds: optional(whole(1, 3600, "GRACE_RANGE")),
  backoffSeconds: optional(whole(1, 3600, "BACKOFF_RANGE")),
  restartDigest: optional(anyText),
  reloadDigest: optional(anyText),
  reloadSignal: optional(choice(["SIGHUP", "SIGUSR1", "SIGUSR2"], "BAD_SIGNAL")),
  ports: optional(PORTS),
  logFile: optional(anyText),
};

export function processProblems(news: Raw): Problem[] {
  const value = plainObject(news);
  return [...objectProblems(value, RULES), ...twice(value.ports)];
}

function twice(ports: unknown): Problem[] {
  if (!Array.isArray(ports)) return [];
  return ports.flatMap((port, i) => {
    const first = ports.indexOf(port);
    if (port === UNKNOWN || first === i) return [];
    const message = `got ${String(port)}, also ports[${first}]; give each port once`;
    return [{ path: `ports[${i}]`, message, code: "PORT_CLASH" }];
  });
}

/** Inputs with defaults and what follows from them: a default that changes in a later release shows as a change. */
export function processInputs(news: Raw): Raw {
  const { stateDir, name } = plainObject(news);
  const given = Object.fromEntries(Object.entries(news).filter(([, value]) => value !== undefined && value !== null));
  if (typeof stateDir === "string" && typeof name === "string") {
    return { ...DEFAULTS, ...given, logFile: logFileOf(stateDir, name) };
  }
  return { ...DEFAULTS, ...given, logFile: UNKNOWN_TEXT };
}

/** Only of inputs that were checked and are known. */
export function processProps(raw: Raw): ProcessProps {
  const value = plainObject(raw) as Partial<ProcessProps>;
  return { ...DEFAULTS, env: {}, prepare: [], bootstrap: [], ports: [], ...value } as ProcessProps;
}

/** What the supervisor is to run. */
export function specOf(props: ProcessProps): ProcessSpec {
  return { ...props, prepare: [...props.bootstrap, ...props.prepare] };
}

const ON_DISK_ONLY = ["bootstrap", "ports", "reloadSignal", "supervisor", "logFile", "claim"];

/** What differs, and whether the process must start anew for it or only read its files again. */
export interface ProcessChange {
  readonly keys: readonly string[];
  readonly restart: boolean;
  readonly reload: boolean;
}

export function processChange(olds: Raw, news: Raw): ProcessChange {
  const before: Readonly<Record<string, unknown>> = { ...processProps(olds) };
  const after: Readonly<Record<string, unknown>> = { ...processProps(news) };
  const keys = Object.keys(RULES).filter((key) => !isEqual(before[key], after[key]));
  const restart = keys.some((key) => key !== "reloadDigest" && !ON_DISK_ONLY.includes(key));
  return { keys, restart, reload: !restart && keys.includes("reloadDigest") };
}

/** What is unknown counts as different. */
function isEqual(a: unknown, b: unknown): boolean {
  return !hasUnknown(a) && !hasUnknown(b) && isDeepStrictEqual(a, b);
}
