import { mkdir, readFile } from "node:fs/promises";
import { writeFiles } from "./atomic-file";
import type { ProjectEntry } from "./launch";
import { LOG_KEEPER, logKeeper } from "./log-keeper";
import { statePaths } from "./paths";
import { errnoOf, fileProblem, LocalError } from "./problem";

/** The supervisor's project: what it starts, and who asked for it. */
export interface Project {
  readonly processes: Readonly<Record<string, ProjectEntry>>;
  /** Claim of the resource that each process belongs to. */
  readonly claims: Readonly<Record<string, string>>;
}

const EMPTY: Project = { processes: {}, claims: {} };

const HEADER = {
  version: "0.5",
  // The level is also that of the processes' logs: above "info" their output would be lost.
  log_level: "info",
  log_length: 200,
  shell: { shell_command: "/bin/sh", shell_argument: "-c" },
};

const CLAIMS_KEY = "x-chainkeep-claims";

/**
 * process-compose reads YAML, after an expansion of `$NAME` that cannot be turned off safely: it expands first and only then sees
 * the switch. JSON with every dollar and every character that YAML treats as its own escaped passes through both unchanged.
 */
export function renderProject({ processes, claims }: Project): string {
  const all = { [LOG_KEEPER]: logKeeper(), ...processes };
  const text = JSON.stringify({ ...HEADER, processes: all, [CLAIMS_KEY]: claims }, undefined, 2);
  return `${text.replace(SPECIAL, escaped)}\n`;
}

const SPECIAL = /[$\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export function parseProject(text: string): Project {
  const parsed = JSON.parse(text) as Partial<Record<string, unknown>>;
  return {
    processes: without((parsed.processes ?? {}) as Project["processes"], LOG_KEEPER),
    claims: (parsed[CLAIMS_KEY] ?? {}) as Project["claims"],
  };
}

export async function readProject(stateDir: string): Promise<Project> {
  const file = statePaths(stateDir).project;
  try {
    return parseProject(await readFile(file, "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return EMPTY;
    if (errnoOf(error) === undefined) {
      const message = "is not JSON any more; remove it and run `pulumi up --refresh`, which writes it anew";
      throw new LocalError("Supervisor", [{ path: file, message, code: "PROJECT_TORN" }]);
    }
    throw new LocalError("Supervisor", [fileProblem(file, error)]);
  }
}

export async function writeProject(stateDir: string, project: Project): Promise<void> {
  const { project: file, logs } = statePaths(stateDir);
  await mkdir(logs, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new LocalError("Supervisor", [fileProblem(logs, error)]);
  });
  // Environments may hold secrets.
  const problems = await writeFiles([{ path: file, content: renderProject(project), mode: 0o600 }]);
  if (problems.length > 0) throw new LocalError("Supervisor", problems);
}

export function withEntry(project: Project, name: string, entry: ProjectEntry, claim: string): Project {
  return { processes: { ...project.processes, [name]: entry }, claims: { ...project.claims, [name]: claim } };
}

export function withoutEntry({ processes, claims }: Project, name: string): Project {
  return { processes: without(processes, name), claims: without(claims, name) };
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
