import * as path from "node:path";
import type { Problem } from "@chainkeep/core";
import { digestOf } from "../resources/digest";
import { absolutePath, anyText, flag, mapOf, objectProblems, optional, type Rule, text } from "./rules";
import { hasUnknown, plainObject, type Raw, secret, UNKNOWN, UNKNOWN_TEXT } from "./wire";

/** A file that should be there. */
export interface WantedFile {
  /** Relative to the set's directory. */
  readonly path: string;
  readonly content: string;
  readonly mode: string;
  readonly createOnly: boolean;
  readonly secret: boolean;
}

/** What a set wrote, or found at the last look. */
export interface WrittenFile {
  readonly digest: string;
  readonly mode: string;
  readonly createOnly: boolean;
}

export type Written = Readonly<Record<string, WrittenFile>>;

export interface FileSetProps {
  readonly directory: string;
  readonly stateDir: string | undefined;
  readonly identity: string;
  readonly purgeData: boolean;
  readonly claim: string | undefined;
}

export const IDENTITY_FILE = ".chainkeep-identity";
export const CLAIMS_FILE = ".chainkeep-files";

interface GivenFile {
  readonly content: string;
  readonly mode?: string;
  readonly createOnly?: boolean;
}

type GivenFiles = Readonly<Record<string, GivenFile>>;

const file: Rule = (value, at) => {
  if (value === UNKNOWN) return [];
  if (typeof value !== "object" || value === null) {
    return [{ path: at, message: "got no object; use { content, mode, createOnly }", code: "BAD_TYPE" }];
  }
  // The text may be secret: it is asked for its type and never shown.
  const { content, ...rest } = value as Record<string, unknown>;
  const missing = content === UNKNOWN || typeof content === "string";
  const problem = { path: `${at}.content`, message: "is no text; give the file's text", code: "BAD_TYPE" };
  return [...(missing ? [] : [problem]), ...objectProblems({ ...rest, content: "" }, FILE_RULES, at)];
};

const FILE_RULES: Readonly<Record<string, Rule>> = {
  content: anyText,
  mode: optional(text(/^0?[0-7]{3}$/, 'octal permissions, e.g. "0600"', "BAD_MODE")),
  createOnly: optional(flag),
};

const relativePath: Rule = (value, at) => {
  const refused = refusedPath(String(value));
  if (refused === undefined) return [];
  const message = `${refused}; use a path inside of the directory, e.g. "config/app.toml"`;
  return [{ path: at, message, code: "PATH_OUTSIDE" }];
};

function refusedPath(value: string): string | undefined {
  if (value === "" || path.isAbsolute(value)) return "is not relative to the directory";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no path has one
  if (/[\u0000-\u001f]/.test(value)) return "contains control characters";
  const parts = value.split("/");
  if (parts.includes("..")) return 'leads out of the directory by ".."';
  if (parts.includes(".") || parts.includes("")) return 'has an empty part or a "."';
  if (parts.some((part) => part.startsWith(".chainkeep-"))) return "is one of Chainkeep's own files";
  return undefined;
}

const FILES = optional(mapOf(relativePath, file, "an object of files by their path"));

const RULES: Readonly<Record<string, Rule>> = {
  directory: absolutePath,
  stateDir: optional(absolutePath),
  files: FILES,
  secretFiles: FILES,
  identity: optional(anyText),
  purgeData: optional(flag),
  digest: optional(anyText),
};

export function fileSetProblems(news: Raw): Problem[] {
  const value = plainObject(news);
  const problems = objectProblems(value, RULES);
  if (problems.length > 0) return problems;
  return [...clashes(value), ...misplaced(value)];
}

/** A path that two files want, or that one wants as a file and another as a directory. */
function clashes(value: Readonly<Record<string, unknown>>): Problem[] {
  const paths = (["files", "secretFiles"] as const).flatMap((group) =>
    Object.keys(isMap(value[group]) ? value[group] : {}).map((name) => ({ group, name })),
  );
  return paths.flatMap(({ group, name }, i) => {
    const other = paths.find((p, j) => j !== i && ((p.name === name && j < i) || name.startsWith(`${p.name}/`)));
    if (other === undefined) return [];
    const message = `clashes with ${other.group}[${JSON.stringify(other.name)}]; give each path once, as a file or as a directory`;
    return [{ path: `${group}[${JSON.stringify(name)}]`, message, code: "PATH_CLASH" }];
  });
}

function misplaced({ directory, stateDir }: Readonly<Record<string, unknown>>): Problem[] {
  if (typeof directory !== "string" || typeof stateDir !== "string" || isBelow(directory, stateDir)) return [];
  const message = `got ${directory}, which is not below stateDir ${stateDir}; choose a directory inside of it`;
  return [{ path: "directory", message, code: "DIRECTORY_OUTSIDE" }];
}

export function isBelow(directory: string, ancestor: string): boolean {
  const relative = path.relative(ancestor, directory);
  return relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Inputs with the digest, which a preview can tell as soon as it knows the files. */
export function fileSetInputs(news: Raw): Raw {
  const { files = {}, secretFiles = {} } = plainObject(news);
  const known = !hasUnknown(files) && !hasUnknown(secretFiles) && isMap(files) && isMap(secretFiles);
  const digest = known ? digestOf(files as GivenFiles, secretFiles as GivenFiles) : UNKNOWN_TEXT;
  const guarded = secretFiles === UNKNOWN || (isMap(secretFiles) && Object.keys(secretFiles).length > 0);
  return { ...news, digest: guarded ? secret(digest) : digest };
}

export function fileSetProps(raw: Raw): FileSetProps {
  const { directory, stateDir, identity, purgeData, claim } = plainObject(raw);
  return {
    directory: path.resolve(String(directory)),
    stateDir: typeof stateDir === "string" ? path.resolve(stateDir) : undefined,
    identity: typeof identity === "string" ? identity : "",
    purgeData: purgeData === true,
    claim: typeof claim === "string" ? claim : undefined,
  };
}

/** Files of checked inputs. Those that a preview does not know are left out. */
export function wantedFiles(inputs: Raw): WantedFile[] {
  const { files, secretFiles } = plainObject(inputs);
  return [...wantedOf(files, "0644", false), ...wantedOf(secretFiles, "0600", true)];
}

function wantedOf(files: unknown, mode: string, isSecret: boolean): WantedFile[] {
  if (!isMap(files)) return [];
  return Object.entries(files as GivenFiles)
    .filter(([, given]) => !hasUnknown(given))
    .map(([name, given]) => ({
      path: name,
      content: given.content,
      mode: fourDigits(given.mode ?? mode),
      createOnly: given.createOnly === true,
      secret: isSecret,
    }));
}

export function fourDigits(mode: string): string {
  return mode.padStart(4, "0");
}
