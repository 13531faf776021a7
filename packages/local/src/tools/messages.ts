import { ConfigError, type Problem } from "@chainkeep/core";
import type { HopelessError } from "./attempt";
import { type Cache, overrideName } from "./places";
import type { Located } from "./types";
import { wanted } from "./version";

/** A program that is not on this machine yet: nothing was tried but looking. */
export function missingTool(located: Located, cache: Cache): ConfigError {
  const { name, tool } = located;
  const looked = tool ? `on PATH or in ${cache.root}` : "on PATH";
  const ways = tool
    ? `run "npx chainkeep tools --resolve ${name}", which downloads it or builds it with Go; or install ${wanted(tool)} on PATH; or set ${overrideName(name)} to its path`
    : `install it on PATH, or set ${overrideName(name)} to its path`;
  return toolError(name, `not found ${looked}${skippedText(located)}; ${ways}`, "TOOL_MISSING");
}

/** A program that could not be had in any way. */
export function unavailableTool(located: Located, attempts: readonly string[]): ConfigError {
  const { name, tool } = located;
  const install = tool ? `install ${wanted(tool)} on PATH` : "install it on PATH";
  const host = tool?.release && new URL(tool.release.archive).host;
  const ways = [
    `${install} (or set ${overrideName(name)} to its path)`,
    ...(host ? [`allow the download from ${host}`] : []),
    ...(tool?.build ? ["install Go (https://go.dev/dl) and let it reach its module proxy"] : []),
  ];
  const tried = [`not on PATH${skippedText(located)}`, ...attempts].join("; ");
  return toolError(name, `${tried}; ways out: ${ways.join(", or ")}`, "TOOL_UNAVAILABLE");
}

/** The machine itself is in the way, e.g. a full disk. */
export function hopelessTool(name: string, { path, message, code }: HopelessError): ConfigError {
  return toolError(name, `${path}: ${message}`, code);
}

/** Who names a program by its variable wants that one and no other. */
export function badOverride(located: Located): ConfigError {
  const { name, skipped } = located;
  const message = `got ${skipped[0]?.path ?? ""}, which is no executable file; set it to an executable's path, or unset it`;
  return toolError(name, message, "TOOL_OVERRIDE");
}

/** A Grafana that was taken out of its archive alone cannot serve a page. */
export function grafanaWithoutHome(file: string): ConfigError {
  const message = `got ${overrideName("grafana")}=${file}, which has no public/ and conf/defaults.ini around it; set it to bin/grafana of an unpacked archive, or unset it`;
  return toolError("grafana", message, "TOOL_OVERRIDE");
}

function skippedText({ skipped }: Located): string {
  return skipped.length === 0 ? "" : ` (${skipped.map(({ path, reason }) => `${path} ${reason}`).join("; ")})`;
}

function toolError(name: string, message: string, code: string): ConfigError {
  const problem: Problem = { path: name, message, code };
  return new ConfigError("this machine", [problem]);
}
