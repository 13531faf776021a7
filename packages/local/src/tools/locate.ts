import { realpathSync } from "node:fs";
import * as path from "node:path";
import { reported } from "../layout/run-error";
import { findTool, type Tool, toolNames } from "./catalogue";
import { badOverride, missingTool } from "./messages";
import {
  type Cache,
  cachedPath,
  cachedVersions,
  cacheOf,
  type Env,
  isExecutable,
  isTurnedOff,
  onPath,
  overrideName,
} from "./places";
import { tryProgram } from "./probe";
import type { FoundTool, Located } from "./types";
import { fits, wanted } from "./version";

/**
 * Looks for programs without changing anything: in CHAINKEEP_<NAME>, on PATH, in the cache.
 *
 * @example locateTools(["pulumi", "prometheus"])
 */
export function locateTools(names: readonly string[] = toolNames(), env: Env = process.env): Located[] {
  return names.map((name) => locate(name, env));
}

/**
 * Path of a program that is there already: in CHAINKEEP_<NAME>, on PATH, or in the cache. Downloads and builds nothing, so
 * that a preview stays quick.
 *
 * @throws ConfigError with what was looked at and the ways out
 */
export function locateToolSync(name: string, env: Env = process.env): string {
  return reported(() => {
    const located = locate(name, env);
    if (located.found === undefined)
      throw hasBadOverride(located, env) ? badOverride(located) : missingTool(located, cacheOf(env));
    return located.found.path;
  });
}

/** Whether the user named a program that is not there. */
export function hasBadOverride({ name, tool, found }: Located, env: Env): boolean {
  return found === undefined && Boolean(env[overrideName(name)]) && !isTurnedOff(tool, env);
}

export function locate(name: string, env: Env): Located {
  const tool = findTool(name);
  const skipped: { path: string; reason: string }[] = [];
  const found = fromEnv(name, tool, env, skipped) ?? fromMachine(name, tool, env, skipped);
  return { name, tool, found, skipped };
}

type Skipped = { path: string; reason: string }[];

function fromEnv(name: string, tool: Tool | undefined, env: Env, skipped: Skipped): FoundTool | undefined {
  const asked = env[overrideName(name)];
  if (asked === undefined || asked === "") return undefined;
  if (isTurnedOff(tool, env)) {
    skipped.push({ path: `${overrideName(name)}=off`, reason: "turns it off" });
    return undefined;
  }
  const file = path.resolve(asked);
  if (!isExecutable(file)) {
    skipped.push({ path: `${overrideName(name)}=${asked}`, reason: "no executable file" });
    return undefined;
  }
  return { name, path: file, version: tool && tryProgram(tool, file).version, source: "env" };
}

function fromMachine(name: string, tool: Tool | undefined, env: Env, skipped: Skipped): FoundTool | undefined {
  // Who names a program wants that one, and no other in its place.
  if (skipped.length > 0) return undefined;
  for (const candidate of candidates(name, env)) {
    const reason = tool && whyNot(tool, candidate);
    if (reason === undefined) {
      return { name, path: candidate, version: tool && tryProgram(tool, candidate).version, source: "path" };
    }
    skipped.push({ path: candidate, reason });
  }
  return tool && fromCache(tool, cacheOf(env));
}

/** A Pulumi installation brings the language host that fits it. */
function candidates(name: string, env: Env): string[] {
  if (name !== "pulumi-language-nodejs") return onPath(name, env);
  const pulumi = locate("pulumi", env).found;
  if (pulumi === undefined || pulumi.source === "cache") return onPath(name, env);
  const folders = [path.dirname(pulumi.path), path.dirname(realpathSync(pulumi.path))];
  const beside = folders.map((folder) => path.join(folder, name)).filter(isExecutable);
  return [...new Set([...beside, ...onPath(name, env)])];
}

function whyNot(tool: Tool, file: string): string | undefined {
  const { runs, version, detail } = tryProgram(tool, file);
  if (!runs) return `does not run: ${detail.split("\n").at(-1) ?? ""}`;
  if (tool.tellsVersion === false) return undefined;
  if (version === undefined) return `tells no version; ${wanted(tool)} is needed`;
  return fits(tool, version) ? undefined : `is ${version}; ${wanted(tool)} is needed`;
}

/** What is in the cache was tried before it got there, and its folder tells the version. */
export function fromCache(tool: Tool, cache: Cache): FoundTool | undefined {
  return cachedVersions(tool)
    .map((version) => ({ version, path: cachedPath(cache, tool, version) }))
    .filter((entry) => isExecutable(entry.path))
    .map((entry): FoundTool => ({ name: tool.name, ...entry, source: "cache" }))
    .at(0);
}
