import type { FileSet } from "../resources/file-set";

/** What a cluster of this machine must know of a vault beside its `vaultSpec`. */
export interface LocalVault {
  /** Absolute path of the file with the password. */
  readonly passwordFile: string;
  /** What must be there before an agent uses the vault. */
  readonly needs: readonly FileSet[];
}

/** What a `BackupVault` of this target carries; undefined for anything else. It may come from another copy of this package. */
export function localVaultOf(vault: unknown): LocalVault | undefined {
  try {
    const found: unknown = (vault as { localVault?: unknown } | null | undefined)?.localVault;
    return typeof found === "object" && found !== null && "passwordFile" in found ? (found as LocalVault) : undefined;
  } catch {
    // Objects may refuse to be asked.
    return undefined;
  }
}
