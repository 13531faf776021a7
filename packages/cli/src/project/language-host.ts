import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import type { ToolSource } from "@chainkeep/local";
import { quoted } from "./environment";
import { replaceFile, replaceLink } from "./files";
import type { Project } from "./project";

const NAME = "pulumi-language-nodejs";

/** Options of the nodejs runtime that old hosts take as flags. */
const FLAGS = ["typescript", "nodeargs", "tsconfig"] as const;

/** A language host, and how it was found. */
export interface LanguageHost {
  readonly path: string;
  readonly version: string | undefined;
  readonly source: ToolSource;
}

/**
 * Puts the language host where Pulumi looks. One of ours becomes a plugin of this project's Pulumi; one on PATH or beside
 * Pulumi is found anyway. Old hosts want the runtime's options from Pulumi.yaml as flags, which today's engine does not pass:
 * they get a wrapper.
 */
export async function placeLanguageHost(project: Project, host: LanguageHost): Promise<void> {
  const { source, version = "0.0.0" } = host;
  const flags = await wantedFlags(project, host.path);
  const plugins = path.join(project.pulumiHome, "plugins");
  const plugin = `language-nodejs-v${version}`;
  const ours = source !== "env" && source !== "path";
  await removeOthers(plugins, ours ? plugin : undefined);
  if (ours) await place(path.join(plugins, plugin, NAME), host.path, flags);
  const onPath = path.join(project.bin, NAME);
  // Pulumi warns of a host on PATH that is not its own: only where it would take another one, or take this one wrongly.
  if (source === "env" || (source === "path" && flags.length > 0)) await place(onPath, host.path, flags);
  else await rm(onPath, { force: true });
}

/** Pulumi takes the newest one that it finds, whatever it is. */
async function removeOthers(plugins: string, keep: string | undefined): Promise<void> {
  const found = await readdir(plugins).catch(() => []);
  const others = found.filter((name) => name.startsWith("language-nodejs-") && name !== keep);
  for (const name of others) await rm(path.join(plugins, name), { recursive: true, force: true });
}

async function place(file: string, host: string, flags: readonly string[]): Promise<void> {
  if (flags.length === 0) return replaceLink(file, host);
  const lines = [
    "#!/bin/sh",
    "# This language host takes the runtime options of Pulumi.yaml as flags. Made by `chainkeep setup`.",
    `exec ${quoted(host)} ${flags.map(quoted).join(" ")} "$@"`,
  ];
  return replaceFile(file, `${lines.join("\n")}\n`, 0o755);
}

async function wantedFlags(project: Project, host: string): Promise<string[]> {
  const options = runtimeOptions(await readFile(path.join(project.root, "Pulumi.yaml"), "utf8"));
  if (Object.keys(options).length === 0) return [];
  const help = await helpOf(host);
  return FLAGS.filter((flag) => options[flag] !== undefined && takes(help, flag)).map((f) => `-${f}=${options[f]}`);
}

/** Later hosts know the flags still, call them obsolete, and read the options themselves. */
export function takes(help: string, flag: string): boolean {
  const text = new RegExp(`^\\s+-${flag}\\b.*\\n(.*)$`, "m").exec(help)?.[1];
  return text !== undefined && !text.includes("[obsolete]");
}

/** Runtime options of a Pulumi.yaml, in block or flow form. */
export function runtimeOptions(yaml: string): Partial<Record<(typeof FLAGS)[number], string>> {
  const found = FLAGS.map((flag) => {
    const value = new RegExp(`(?:^|[\\s{,])${flag}:\\s*(?:"([^"]*)"|'([^']*)'|([^\\s,}#][^,}#\\n]*))`, "m").exec(yaml);
    return [flag, value?.[1] ?? value?.[2] ?? value?.[3]?.trim()] as const;
  });
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function helpOf(host: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(host, ["-h"], { timeout: 20_000 }, (_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`));
  });
}
