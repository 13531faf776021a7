import type { Problem } from "@chainkeep/core";

/** Something about the vault that did not go well: a stable code, the reason, and where several things are wrong, all of them. */
export class VaultError extends Error {
  override readonly name = "VaultError";

  constructor(
    readonly code: string,
    message: string,
    readonly problems: readonly Problem[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Code and text of whatever was thrown. */
export function asVaultError(error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new VaultError("VAULT_FAULT", text, [], { cause: error });
}
