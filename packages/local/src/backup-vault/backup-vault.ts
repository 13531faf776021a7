import type { VaultReference, VaultSpec } from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import { reported } from "../layout/run-error";
import { createFiles } from "../node-cluster/supervised";
import type { BackupVaultArgs } from "./args";
import type { LocalVault } from "./local-vault";
import { passwordText, planVault, type VaultPlan } from "./render";

/**
 * A vault of recovery points on this machine or in an S3-compatible store, encrypted, one restic repository per place. It has no process of its
 * own: the agent of every cluster that names it takes points, proves them and deletes what no rule keeps. Several clusters may share one.
 *
 * Makes one resource, the password's file, or none where you give the file yourself. Destroying it deletes that file and never a point.
 *
 * @example
 * const vault = new BackupVault("vault", {
 *   schedule: "0 3 * * *",
 *   verify: { schedule: "0 5 * * *", level: "progresses" },
 *   copies: { offsite: { s3: { bucket: "vault-copy", region: "eu-west-1" } } },
 *   password: new pulumi.Config().requireSecret("vaultPassword"),
 * });
 * new NodeCluster("eth", { ..., backup: { vault } });
 */
export class BackupVault extends pulumi.ComponentResource implements VaultReference {
  /**
   * The policy after every check, with defaults; what a cluster takes from the vault.
   *
   * @internal
   */
  readonly vaultSpec: VaultSpec;
  /**
   * Where the clusters of this machine find the password.
   *
   * @internal
   */
  readonly localVault: LocalVault;
  /** File with the password of the vault and its copies. */
  readonly passwordFile: pulumi.Output<string>;
  /** Where points are kept, in restic's notation: a directory, or `s3:<endpoint>/<bucket>/<prefix>`. */
  readonly repository: pulumi.Output<string>;

  constructor(name: string, args: BackupVaultArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { spec, passwordFile, written, warnings } = reported(() => planVault(name, args, pulumi.getStack()));
    super("chainkeep-local:index:BackupVault", name, {}, opts);
    for (const text of warnings) pulumi.log.warn(text, this);
    const needs = written ? [passwordFiles(name, args, written, { parent: this })] : [];
    this.vaultSpec = spec;
    this.localVault = { passwordFile, needs };
    const there = pulumi.all(needs.map((files) => files.id));
    this.passwordFile = there.apply(() => passwordFile);
    this.repository = there.apply(() => spec.destination.repository);
    this.registerOutputs({ passwordFile: this.passwordFile, repository: this.repository });
  }
}

/** The password's file, for this user alone. */
function passwordFiles(
  name: string,
  { password }: BackupVaultArgs,
  { directory, file }: NonNullable<VaultPlan["written"]>,
  opts: pulumi.CustomResourceOptions,
) {
  const content = pulumi.secret(password).apply((text) => reported(() => passwordText(name, text)));
  const secretFiles = content.apply((text) => ({ [file]: { content: text } }));
  return createFiles(`${name}-files`, { directory, files: {}, secretFiles }, opts);
}
