import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, readlink, realpath } from "node:fs/promises";
import * as path from "node:path";
import { CliError } from "../errors";
import { quoted, shellExports } from "./environment";
import { createSecret, exists, replaceFile, replaceLink } from "./files";
import { type LanguageHost, placeLanguageHost } from "./language-host";
import { configFile, type Project } from "./project";
import { type Pulumi, pulumiOf } from "./pulumi";

export const SEED_KEY = "chainkeep:seed";
export const VAULT_PASSWORD_KEY = "chainkeep:vaultPassword";

/** Secrets of a stack that are made for it: what is lost with each of them, nobody can make again. */
const SECRETS = [
  // Keys and genesis of a private network follow from it.
  { key: SEED_KEY, what: "the seed" },
  // Without it no recovery point can be read.
  { key: VAULT_PASSWORD_KEY, what: "the vault's password" },
] as const;

/** Programs that the project's commands start. */
export interface Programs {
  readonly pulumi: string;
  readonly languageHost: LanguageHost;
}

/** Makes everything that is missing below `.chainkeep`, the stack, and its secrets. Changes nothing that is there. */
export async function setUp(project: Project, stack: string, programs: Programs): Promise<Pulumi> {
  await checkPassphrase(project, stack);
  await makeFiles(project, programs);
  const pulumi = pulumiOf(project, programs.pulumi);
  await selectStack(pulumi, project, stack);
  await makeSecrets(pulumi, project, stack);
  return pulumi;
}

/** Secrets of a stack can only be read with the passphrase that they were written with. */
async function checkPassphrase(project: Project, stack: string): Promise<void> {
  if (await exists(project.passphrase)) return;
  const config = await configText(project, stack);
  if (/^encryptionsalt:/m.test(config)) throw lostPassphrase(project, stack);
}

function lostPassphrase(project: Project, stack: string): CliError {
  const file = path.basename(configFile(project, stack));
  return new CliError(
    `the secrets in ${file} were written with another passphrase than ${project.passphrase}; put that one back, or remove the lines "encryptionsalt" and all "secure" values from ${file}: a new seed makes a new network, and data of the old one is refused; a new vaultPassword opens no recovery point of before`,
    "PASSPHRASE_LOST",
  );
}

async function makeFiles(project: Project, programs: Programs): Promise<void> {
  for (const directory of [project.home, project.backend, project.pulumiHome, project.bin]) await makeDir(directory);
  // Secrets and state must not get into a repository by accident.
  await replaceFile(path.join(project.home, ".gitignore"), "*\n", 0o644);
  await createSecret(project.passphrase, `${randomBytes(32).toString("base64url")}\n`);
  await replaceFile(project.envFile, shellExports(project), 0o600);
  await replaceFile(path.join(project.bin, "pulumi"), wrapper(project, programs.pulumi), 0o755);
  await placeLanguageHost(project, programs.languageHost);
  await linkForNpx(project);
}

async function makeDir(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new CliError(`${directory} cannot be made: ${text}; see to it and run again`, "FILE_FAILED");
  }
}

function wrapper(project: Project, pulumi: string): string {
  return [
    "#!/bin/sh",
    "# Pulumi with the backend and the passphrase of this project. Made by `chainkeep setup`.",
    `. ${quoted(project.envFile)}`,
    `exec ${quoted(pulumi)} "$@"`,
    "",
  ].join("\n");
}

/** So that `npx pulumi` works. A link that leads elsewhere is left alone, and so are packages that the project only borrows. */
async function linkForNpx(project: Project): Promise<void> {
  const bin = path.join(project.root, "node_modules", ".bin");
  const found = await realpath(bin).catch(() => undefined);
  if (found === undefined || found !== path.join(await realpath(project.root), "node_modules", ".bin")) return;
  const link = path.join(bin, "pulumi");
  const target = path.relative(bin, path.join(project.bin, "pulumi"));
  const leadsTo = await readlink(link).catch(() => undefined);
  const isOurs = leadsTo?.endsWith(path.join(".chainkeep", "bin", "pulumi"));
  if (isOurs || !(await exists(link))) await replaceLink(link, target);
}

async function selectStack(pulumi: Pulumi, project: Project, stack: string): Promise<void> {
  const { code, stdout, stderr } = await pulumi.ask(["stack", "select", "--create", stack]);
  if (code === 0) return;
  if (/incorrect passphrase/i.test(stderr)) throw lostPassphrase(project, stack);
  throw new CliError(`Pulumi cannot select stack ${stack}: ${lastLine(stderr || stdout)}`, "STACK_FAILED");
}

/** Made once, and never again while they are there. A stack from before one of them gets it. */
async function makeSecrets(pulumi: Pulumi, project: Project, stack: string): Promise<void> {
  const config = await configText(project, stack);
  for (const { key, what } of SECRETS) {
    if (new RegExp(`^\\s+${key}:`, "m").test(config)) continue;
    // By standard input: arguments can be read by every user of the machine.
    const args = ["config", "set", "--secret", key, "--stack", stack];
    const { code, stderr } = await pulumi.ask(args, randomBytes(32).toString("hex"));
    if (code !== 0) throw new CliError(`Pulumi cannot keep ${what}: ${lastLine(stderr)}`, "STACK_FAILED");
  }
}

async function configText(project: Project, stack: string): Promise<string> {
  return readFile(configFile(project, stack), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw new CliError(`${configFile(project, stack)} cannot be read: ${error.message}`, "FILE_FAILED");
  });
}

export function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return (lines.at(-1) ?? "no reason given").trim();
}
