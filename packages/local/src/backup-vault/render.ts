import * as path from "node:path";
import { ConfigError, plainCopy, show, type VaultSpec, vaultSpecOf } from "@chainkeep/core";
import { openFileWarnings, secretFilesBelow } from "../layout/secret-files";
import { projectRoot, stateDirOf } from "../layout/state-dir";
import type { BackupVaultArgs } from "./args";
import { passwordProblems, vaultValidation } from "./schema";

const PASSWORD_FILE = "password";

/** A vault as it is kept on this machine. */
export interface VaultPlan {
  readonly spec: VaultSpec;
  /** Absolute path of the file with the password. */
  readonly passwordFile: string;
  /** Where that file is written; undefined where somebody else writes it. */
  readonly written: { readonly directory: string; readonly file: string } | undefined;
  /** What the operator should know, although it works. */
  readonly warnings: readonly string[];
}

/**
 * Checks the args and says where what is kept.
 *
 * @throws ConfigError with every problem at once, before anything is registered
 */
export function planVault(name: string, given: BackupVaultArgs, stack: string): VaultPlan {
  // A stack has a password of its own, and so a vault of its own.
  const folder = typeof name === "string" ? name : "";
  const destination = { repository: path.join(projectRoot(), ".chainkeep", "vaults", stack, folder) };
  const spec = vaultSpecOf(name, given, { ...vaultValidation(), destination });
  const { passwordFile, stateDir, destination: asked, copies } = plainCopy(given, ["password"]).value;
  const warnings = openFileWarnings([...secretFilesBelow({ passwordFile, destination: asked, copies })]);
  if (passwordFile !== undefined) return { spec, passwordFile, written: undefined, warnings };
  // No cluster's name begins like this: the directories of clusters lie beside it.
  const directory = path.join(stateDirOf(stack, stateDir), "_vaults", name);
  return {
    spec,
    passwordFile: path.join(directory, PASSWORD_FILE),
    written: { directory, file: PASSWORD_FILE },
    warnings,
  };
}

/**
 * The password file's text.
 *
 * @throws ConfigError when the password is none
 */
export function passwordText(name: string, password: unknown): string {
  const problems = passwordProblems(password);
  if (problems.length > 0) throw new ConfigError(`BackupVault ${show(name)}`, problems);
  return `${password}\n`;
}
