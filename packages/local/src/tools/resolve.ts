import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import { ConfigError, type Problem } from "@chainkeep/core";
import { withLock } from "../supervisor/file-lock";
import { LocalError } from "../supervisor/problem";
import { unpack, unpackTree } from "./archive";
import { AttemptError, HopelessError, hopelessIfFile } from "./attempt";
import { findTool, type GoBuild, type Release, type Tool, toolNames } from "./catalogue";
import { download } from "./download";
import { buildWithGo } from "./go-build";
import { install, installTree, withWorkDir } from "./install";
import { fromCache, hasBadOverride, locate } from "./locate";
import { badOverride, hopelessTool, missingTool, unavailableTool } from "./messages";
import { type Cache, cacheOf, type Env, isTurnedOff } from "./places";
import { type Progress, type ProgressTask, progressOn } from "./progress";
import type { FoundTool } from "./types";

/** How programs are got. */
export interface ResolveOptions {
  /** Who is told what takes long; stderr unless given. */
  readonly progress?: Progress;
  /** Environment that names programs, PATH and the cache; this process's unless given. */
  readonly env?: Env;
}

const AT_ONCE = 2;

/**
 * Finds a program, or downloads it, or builds it from its Go module. It stays in the cache for all projects of this user.
 *
 * @throws ConfigError with everything that was tried and the ways out
 * @example const { path } = await resolveTool("prometheus");
 */
export async function resolveTool(name: string, options: ResolveOptions = {}): Promise<FoundTool> {
  const env = options.env ?? process.env;
  const located = locate(name, env);
  if (located.found) return located.found;
  const { tool } = located;
  if (hasBadOverride(located, env)) throw badOverride(located);
  if (tool === undefined) throw missingTool(located, cacheOf(env));
  const task = (options.progress ?? progressOn(process.stderr)).task(`${name} ${tool.version}`);
  try {
    const got = await get(tool, env, task);
    task.end(endText(got, tool));
    return got;
  } catch (error) {
    task.end(
      tool.use === "optional"
        ? `cannot be had, and all else works without it ("npx chainkeep tools --resolve ${name}" tells why)`
        : "cannot be had",
    );
    if (error instanceof Unavailable) throw unavailableTool(located, error.attempts);
    throw error instanceof HopelessError ? hopelessTool(name, error) : error;
  }
}

/**
 * Several programs, two at a time.
 *
 * @throws ConfigError with the problems of all of them
 */
export async function resolveTools(
  names: readonly string[] = toolNames("stack"),
  options: ResolveOptions = {},
): Promise<FoundTool[]> {
  const progress = options.progress ?? progressOn(process.stderr);
  const found = new Map<string, FoundTool>();
  const problems: Problem[] = [];
  const waiting = [...new Set(names)];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      try {
        found.set(name, await resolveTool(name, { ...options, progress }));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        problems.push(...error.problems);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (problems.length > 0) throw new ConfigError("this machine", problems);
  return names.flatMap((name) => found.get(name) ?? []);
}

/**
 * Programs that the stack can do without: those that are here or can be had. What is missing is told while it is tried.
 *
 * @throws ConfigError when a variable names a program that is not there
 */
export async function resolveOptional(options: ResolveOptions = {}): Promise<FoundTool[]> {
  const env = options.env ?? process.env;
  const wanted = toolNames("optional").filter((name) => !isTurnedOff(findTool(name), env));
  const results = await Promise.allSettled(wanted.map((name) => resolveTool(name, options)));
  return results.flatMap((result) => {
    if (result.status === "fulfilled") return result.value;
    if (isDispensable(result.reason)) return [];
    throw result.reason;
  });
}

function isDispensable(error: unknown): boolean {
  return error instanceof ConfigError && error.problems.every((problem) => problem.code !== "TOOL_OVERRIDE");
}

function endText({ source, version }: Got, tool: Tool): string {
  const as = version === tool.version ? "" : ` as ${version}`;
  return { download: "downloaded", build: `built${as} from its Go module`, cache: "there now" }[source];
}

class Unavailable extends Error {
  constructor(readonly attempts: readonly string[]) {
    super(attempts.join("; "));
  }
}

type Got = FoundTool & { readonly source: "cache" | "download" | "build" };

async function get(tool: Tool, env: Env, task: ProgressTask): Promise<Got> {
  const cache = cacheOf(env);
  await mkdir(cache.locks, { recursive: true }).catch((error) => {
    throw hopelessIfFile(error, cache.root);
  });
  const attempts: string[] = [];
  const attempt = async (lock: string, action: () => Promise<Got>): Promise<Got | undefined> => {
    try {
      return await oneAtATime({ tool, cache, lock, task }, action);
    } catch (error) {
      if (!(error instanceof AttemptError)) throw error;
      attempts.push(error.message);
      return undefined;
    }
  };
  const { release, build } = tool;
  const got =
    (release && (await attempt(`download-${release.name}`, () => downloaded(tool, release, cache, env, task)))) ??
    (build &&
      (await attempt(`build-${build.module.replaceAll("/", "-")}`, () => built(tool, build, cache, env, task))));
  if (got === undefined) throw new Unavailable(attempts);
  return got;
}

interface Turn {
  readonly tool: Tool;
  readonly cache: Cache;
  readonly lock: string;
  readonly task: ProgressTask;
}

const IN_TURN_MS = 500;

/** Among all commands of this user. Who comes later finds the program in the cache. */
async function oneAtATime({ tool, cache, lock, task }: Turn, action: () => Promise<Got>): Promise<Got> {
  const late = setTimeout(() => task.say("waiting for another one that uses the same source"), IN_TURN_MS);
  try {
    return await patiently(() =>
      withLock(path.join(cache.locks, `${lock}.lock`), async () => {
        clearTimeout(late);
        const cached = fromCache(tool, cache);
        return cached ? { ...cached, source: "cache" } : action();
      }),
    );
  } finally {
    clearTimeout(late);
  }
}

/** A build on a slow machine may hold its lock for longer than locks are waited for. */
async function patiently<T>(action: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const held = error instanceof LocalError && error.problems.some((problem) => problem.code === "LOCKED");
      if (!held) throw error;
    }
  }
}

function downloaded(tool: Tool, release: Release, cache: Cache, env: Env, task: ProgressTask): Promise<Got> {
  return withWorkDir(cache, release.name, async (directory) => {
    const archive = await download(release, directory, env, task);
    task.say("unpacking");
    if (release.tree !== undefined) {
      const folder = await unpackTree(archive, release.tree, directory);
      const path = await installTree(cache, tool, release.version, folder);
      return { name: tool.name, path, version: release.version, source: "download" };
    }
    const programs = await unpack(archive, release.binaries, directory);
    const places = new Map<string, string>();
    for (const [name, file] of Object.entries(programs)) {
      const member = findTool(name);
      if (member) places.set(name, await install(cache, member, release.version, file));
    }
    const place = places.get(tool.name);
    if (place === undefined) throw new AttemptError(`${release.name} holds no ${tool.name}`);
    return { name: tool.name, path: place, version: release.version, source: "download" };
  });
}

function built(tool: Tool, build: GoBuild, cache: Cache, env: Env, task: ProgressTask): Promise<Got> {
  return withWorkDir(cache, tool.name, async (directory) => {
    const version = build.makes ?? tool.version;
    const file = await buildWithGo(build, directory, env, task);
    const place = await install(cache, tool, version, file);
    return { name: tool.name, path: place, version, source: "build" };
  });
}
