import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import { AttemptError, HopelessError, lastLines } from "./attempt";
import type { GoBuild } from "./catalogue";
import type { Env } from "./places";
import type { ProgressTask } from "./progress";
import { type Ended, runProgram } from "./run-program";

/**
 * Builds a program from its Go module in a module of its own, so that nothing of this project decides its dependencies. Go
 * proves the module by the public checksum database.
 *
 * @returns path of the program
 * @throws AttemptError when Go is missing or refuses, HopelessError when the disk is full
 */
export async function buildWithGo(build: GoBuild, directory: string, env: Env, task: ProgressTask): Promise<string> {
  if (env.CHAINKEEP_BUILD === "off") throw new AttemptError("build is off (CHAINKEEP_BUILD=off)");
  const source = path.join(directory, "module");
  await mkdir(source, { recursive: true });
  const go = async (...args: string[]) => {
    const ended = await runProgram("go", args, { cwd: source, env: goEnv(build, env) });
    if (ended.code !== 0) throw failure(args[0] ?? "", ended, directory);
  };
  const usual = build.takes === undefined ? "" : `, about ${build.takes} alone on two cores`;
  task.say(`building from its Go module${usual}`);
  await go("mod", "init", "chainkeep.invalid/tool");
  await go("get", `${build.module}@${build.version}`);
  const output = path.join(directory, path.basename(build.package));
  const flags = ["-mod=mod", "-trimpath", "-buildvcs=false", `-ldflags=${linkerFlags(build)}`];
  await go("build", ...flags, "-o", output, build.package);
  return output;
}

export function linkerFlags({ stamp = {} }: Pick<GoBuild, "stamp">): string {
  return ["-s", "-w", ...Object.entries(stamp).map(([variable, value]) => `-X=${variable}=${value}`)].join(" ");
}

/** The user's own settings, without those that would build something else. */
function goEnv({ cgo }: GoBuild, env: Env): Env {
  const { GOOS: _os, GOARCH: _arch, GOWORK: _work, ...rest } = env;
  return { ...rest, GOWORK: "off", GO111MODULE: "on", ...(cgo ? {} : { CGO_ENABLED: "0" }) };
}

function failure(step: string, { stdout, stderr, error, code }: Ended, directory: string): Error {
  if (error?.code === "ENOENT") return new AttemptError("not built: Go is not on PATH");
  const said = `${stderr}\n${stdout}`;
  if (/no space left on device/i.test(said)) {
    const message =
      "no space is left on the device; a build needs about 3 GiB here and in Go's caches (go env GOCACHE)";
    return new HopelessError(directory, message, "DISK_FULL");
  }
  const why = error?.message ?? (lastLines(said) || `exit code ${code ?? "none"}`);
  return new AttemptError(`build failed at "go ${step}": ${why}`);
}
