import {
  type BackupArgs,
  type ClusterArgs,
  encode,
  flag,
  type Problem,
  type ProtocolDefinition,
  seedProblems,
  show,
  type ValidateOptions,
  words,
} from "@chainkeep/core";
import { localVaultOf } from "../backup-vault/local-vault";
import { hostPortProblems, hostPortsSchema } from "../layout/host-ports";
import { isInput } from "../layout/is-input";
import { secretFileProblems } from "../monitoring/secret-files";
import type { LocalArgs } from "./args";

const shape = {
  seed: isInput((issue) =>
    encode(`got ${show(typeof issue.input)}; use a secret text, e.g. config.requireSecret("seed")`, "SEED_FORM"),
  ).optional(),
  stateDir: words("a directory, relative to the project's root", "STATE_DIR").optional(),
  hostPorts: hostPortsSchema,
  purgeData: flag("PURGE_DATA").optional(),
};

/** Values that are Inputs of resources or definitions: not looked into. */
export const OPAQUE: readonly string[] = ["chain.definition", "seed", "backup.vault"];

/** Options for `planCluster`: the local args, and what they may not be together. */
export function localValidation(component: string): ValidateOptions {
  return { component, shape, extra: localProblems, opaque: OPAQUE };
}

function localProblems(args: ClusterArgs & LocalArgs, protocol: ProtocolDefinition | undefined): Problem[] {
  const { hostPorts, backup } = args ?? {};
  const proves = backup !== undefined || hostPorts?.proof !== undefined;
  const problems = [
    ...hostPortProblems(hostPorts, proves),
    ...secretFileProblems(args?.monitoring),
    ...vaultProblems(backup),
  ];
  const network = args?.chain?.network;
  const needed = protocol?.needsSeed?.(network) === true;
  if (needed && args.seed === undefined) problems.push(...seedProblems(undefined));
  if (typeof args?.seed === "string") problems.push(...seedProblems(args.seed));
  return problems;
}

/** A vault of another target knows no password file that an agent of this machine could read. */
function vaultProblems(backup: BackupArgs | undefined): Problem[] {
  const vault: unknown = backup?.vault;
  if (!isVault(vault) || localVaultOf(vault) !== undefined) return [];
  const message = "got a vault of another target; use a BackupVault of @chainkeep/local";
  return [{ path: "backup.vault", message, code: "BACKUP_VAULT" }];
}

/** What is no vault at all is told by the check of all args. */
function isVault(value: unknown): value is object {
  try {
    const spec: unknown = (value as { vaultSpec?: unknown } | null | undefined)?.vaultSpec;
    return typeof spec === "object" && spec !== null && "policy" in spec && "destination" in spec;
  } catch {
    return false;
  }
}
