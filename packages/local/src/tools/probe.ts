import { spawnSync } from "node:child_process";
import type { Tool } from "./catalogue";
import { versionIn } from "./version";

const PATIENCE_MS = 20_000;

/** What a program says when it is tried. */
export interface Tried {
  readonly runs: boolean;
  readonly version: string | undefined;
  /** Why it does not run, or what it said in place of a version. */
  readonly detail: string;
}

const known = new Map<string, Tried>();

/** Runs a program to learn its version, once as long as it works; one that cannot tell it only has to run. */
export function tryProgram(tool: Pick<Tool, "tryArgs" | "tellsVersion">, file: string): Tried {
  const before = known.get(file);
  if (before !== undefined) return before;
  const now = run(tool, file);
  if (now.runs) known.set(file, now);
  return now;
}

function run({ tryArgs, tellsVersion = true }: Pick<Tool, "tryArgs" | "tellsVersion">, file: string): Tried {
  const result = spawnSync(file, [...tryArgs], {
    encoding: "utf8",
    timeout: PATIENCE_MS,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const said = [result.stdout, result.stderr].map((text) => (text ?? "").trim()).filter((text) => text !== "");
  const detail = result.error?.message ?? said.join("\n").slice(0, 300);
  if (result.error || result.status !== 0) return { runs: false, version: undefined, detail };
  return { runs: true, version: tellsVersion ? said.map(versionIn).find((v) => v !== undefined) : undefined, detail };
}
