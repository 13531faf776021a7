import { encode, type Problem, show, text, type VaultArgs, type VaultOptions, words } from "@chainkeep/core";
import { isInput } from "../layout/is-input";
import { secretFilesBelow, unreadableProblems } from "../layout/secret-files";
import type { LocalVaultArgs } from "./args";

const SHORTEST = 16;
const HOW = 'config.requireSecret("vaultPassword")';

/** The args that only this machine takes. */
export const vaultShape = {
  password: isInput(() => encode(`got no text; use a secret text, e.g. ${HOW}`, "VAULT_PASSWORD")).optional(),
  passwordFile: text(/^\/\S/, "the absolute path of the file with the vault's password", "VAULT_FILE").optional(),
  stateDir: words("a directory, relative to the project's root", "STATE_DIR").optional(),
};

/** Options for `vaultSpecOf`: the local args, and what they may not be together. */
export function vaultValidation(): Omit<VaultOptions, "destination"> {
  return { component: "BackupVault", shape: vaultShape, extra: vaultProblems, opaque: ["password"] };
}

function vaultProblems(args: VaultArgs & LocalVaultArgs): Problem[] {
  if (typeof args !== "object" || args === null || Array.isArray(args)) return [];
  const { password, passwordFile, destination, copies } = args;
  const places = unreadableProblems([...secretFilesBelow({ destination, copies })]);
  if (password === undefined && passwordFile === undefined) {
    const message = `missing; give password: ${HOW}, or passwordFile`;
    return [{ path: "password", message, code: "VAULT_PASSWORD" }, ...places];
  }
  if (password !== undefined && typeof passwordFile === "string") {
    const message = `got ${show(passwordFile)} beside password; use one of the two`;
    return [{ path: "passwordFile", message, code: "VAULT_PASSWORD" }, ...places];
  }
  const files = unreadableProblems([...secretFilesBelow({ passwordFile })]);
  return [...(typeof password === "string" ? passwordProblems(password) : []), ...files, ...places];
}

/** What is wrong with a password; its text is never shown. */
export function passwordProblems(password: unknown): Problem[] {
  const refuse = (got: string) => {
    const message = `got ${got}; use one line of at least ${SHORTEST} characters, e.g. from: openssl rand -hex 32`;
    return [{ path: "password", message, code: "VAULT_PASSWORD" }];
  };
  if (typeof password !== "string") return refuse(`a ${typeof password}`);
  // restic takes the line without the spaces around it.
  const { length } = password.trim();
  if (length < SHORTEST) return refuse(`${length} characters`);
  return /[\r\n]/.test(password) ? refuse("several lines") : [];
}
