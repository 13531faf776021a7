import type { VaultArgs } from "@chainkeep/core";
import type * as pulumi from "@pulumi/pulumi";

/** What only this machine has. */
export interface LocalVaultArgs {
  /**
   * Secret text of at least 16 characters that encrypts everything in the vault and its copies. Keep it elsewhere, too: without it nothing
   * can be restored. One of `password` and `passwordFile` is required.
   *
   * Changing it shuts the points that are there: give the vault another destination with it.
   * @default - what `passwordFile` holds
   * @example new pulumi.Config().requireSecret("vaultPassword")
   */
  password?: pulumi.Input<string>;
  /**
   * Absolute path of a file with that text on its first line, which somebody else writes. It is read by this user whenever the vault is used.
   *
   * @default - a file that is written from `password`
   */
  passwordFile?: string;
  /**
   * Directory for the file that is written from `password`; relative to the project's root. Points are never kept here.
   *
   * @default ".chainkeep/run/<stack>"
   */
  stateDir?: string;
}

/** A vault of clusters on this machine. */
export interface BackupVaultArgs extends VaultArgs, LocalVaultArgs {}
