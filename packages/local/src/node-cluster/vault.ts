import * as path from "node:path";
import {
  type ClusterPlan,
  deriveGuest,
  type GuestPlan,
  type InventoryGuestStart,
  type NodePlan,
  type ProcessPlan,
  type VaultPlace,
} from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import type { LocalVault } from "../backup-vault/local-vault";
import { reported } from "../layout/run-error";
import type { FileSet } from "../resources/file-set";
import { type GuestMaterial, type GuestMode, guestTemplates, templateOf } from "./guest-templates";
import { type Programs, renderProcess, usesShared } from "./render";
import { createFiles } from "./supervised";

/** Program that stops and starts processes under a supervisor; the same from `src` and from `dist`. */
export const CONTROL_PROGRAM = path.join(__dirname, "..", "..", "bin", "chainkeep-local-control");

export interface VaultPlaceInput {
  readonly plan: ClusterPlan;
  readonly vault: LocalVault;
  /** Of the cluster: that of its supervisor. */
  readonly directory: string;
  readonly programs: Programs;
}

/** Where the agent of a cluster on this machine finds what it needs to copy and to prove. Pure. */
export function vaultPlace({ plan, vault, directory, programs }: VaultPlaceInput): VaultPlace {
  const own = path.join(directory, "vault");
  const steer = (action: string, { name }: ProcessPlan, ...more: string[]) => [
    ...[programs.node, CONTROL_PROGRAM, action, "--state-dir", directory, "--process", name],
    ...more,
  ];
  const sharing = new Set(guestsOf(plan).flatMap(({ offline }) => (usesShared(offline) ? [offline.name] : [])));
  return {
    restic: programs.find("restic"),
    passwordFile: vault.passwordFile,
    directory: own,
    // Whoever stops it copies or replaces its data: no `pulumi up` may start it meanwhile.
    control: (process) => ({
      stop: steer("stop", process, "--hold"),
      start: steer("start", process),
      state: steer("state", process),
    }),
    guestDirectory: (guest) => path.join(own, "guests", guest),
    guestStart: (process, mode) => guestStart(process, mode, own, programs, sharing.has(process.context.node)),
  };
}

function guestStart(
  process: ProcessPlan,
  mode: GuestMode,
  directory: string,
  programs: Programs,
  shares: boolean,
): InventoryGuestStart {
  const { command, env, prepare, argsFile } = renderProcess(process, programs);
  const { node, shared } = process.context;
  const files = (layer: string | undefined) => path.join(directory, templateOf(node, mode, layer));
  return {
    command,
    env,
    prepare,
    ...(argsFile === undefined ? {} : { argsFile }),
    files: files(process.layer),
    ...(shares ? { sharedFiles: files(undefined), shared } : {}),
  };
}

function guestsOf({ backup }: ClusterPlan): GuestPlan[] {
  return (backup?.lineages ?? []).flatMap(({ guest }) => guest ?? []);
}

const README = `What the agent keeps for the vault of this cluster: its journal, evidence of proofs, reports of drills, and guests, which are nodes
that live as long as a proof. The recovery points themselves are elsewhere: see "destination" of vault in ../agent/agent.json.
`;

export interface VaultFilesInput {
  readonly prefix: string;
  readonly plan: ClusterPlan;
  readonly directory: string;
  readonly seed: pulumi.Input<string> | undefined;
  readonly purgeData: boolean;
}

/** Files of the guests. What derives from the seed stays an Output; structure does not wait for it. */
export function createVaultFiles(input: VaultFilesInput, opts: pulumi.CustomResourceOptions): FileSet {
  const { prefix, plan, directory, seed, purgeData } = input;
  const guests = guestsOf(plan);
  const derived =
    plan.needsSeed && seed !== undefined
      ? pulumi.secret(seed).apply((text) => reported(() => guests.map((guest) => materialOf(plan, guest, text))))
      : pulumi.output(guests.map((): GuestMaterial => ({ offline: { files: {} }, online: { files: {} } })));
  const templates = (kind: "open" | "secret") =>
    derived.apply((all) =>
      Object.assign({}, ...guests.map((g, i) => guestTemplates(g, all[i] as GuestMaterial, kind))),
    );
  // Genesis and peers are no secrets although they derive from one.
  const files = pulumi.unsecret(templates("open")).apply((open) => ({ README: { content: README }, ...open }));
  const secretFiles = templates("secret");
  return createFiles(
    `${prefix}-guest-files`,
    { directory: path.join(directory, "vault"), files, secretFiles, purgeData },
    opts,
  );
}

function materialOf(plan: ClusterPlan, { offline, online }: GuestPlan, seed: string): GuestMaterial {
  const derive = (node: NodePlan) => deriveGuest(plan, node, seed);
  return { offline: derive(offline), online: derive(online) };
}
