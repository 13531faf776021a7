import {
  type ClusterPlan,
  type DerivedMaterial,
  deriveMaterial,
  type NodePlan,
  type ProcessPlan,
} from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import { reported } from "../layout/run-error";
import { digestOf } from "../resources/digest";
import type { FileSet } from "../resources/file-set";
import type { Process } from "../resources/process";
import type { Supervisor } from "../resources/supervisor";
import { bootstrapStep, fileMap, type Programs, renderProcess, splitShared, usesShared } from "./render";
import { createFiles, createSupervised } from "./supervised";

export interface NodesInput {
  readonly prefix: string;
  readonly plan: ClusterPlan;
  readonly seed: pulumi.Input<string> | undefined;
  readonly purgeData: boolean;
  readonly programs: Programs;
  readonly supervisor: Supervisor;
  /** For groups that take their data from the vault; absent where there is none. */
  readonly bootstrap?: BootstrapInput;
}

export interface BootstrapInput {
  /** Path of the agent's inventory. */
  readonly inventory: string;
  /** What must be there before. */
  readonly needs: readonly FileSet[];
}

/** Files and processes of every node. What derives from the seed stays an Output; structure does not wait for it. */
export function createNodes(input: NodesInput, opts: pulumi.CustomResourceOptions): Process[] {
  const material = materialOf(input);
  return input.plan.nodes.flatMap((node) => createNode(node, material, input, opts));
}

type Material = pulumi.Output<DerivedMaterial>;

function materialOf({ plan, seed }: NodesInput): Material {
  if (!plan.needsSeed || seed === undefined) return pulumi.output({ files: {} } as DerivedMaterial);
  return pulumi.secret(seed).apply((text) => reported(() => deriveMaterial(plan, text)));
}

function createNode(
  node: NodePlan,
  material: Material,
  input: NodesInput,
  opts: pulumi.CustomResourceOptions,
): Process[] {
  const shared = usesShared(node) ? [createShared(node, material, input, opts)] : [];
  return node.processes.map((process) => createProcess(node, process, material, input, shared, opts));
}

function createShared(
  node: NodePlan,
  material: Material,
  input: NodesInput,
  opts: pulumi.CustomResourceOptions,
): FileSet {
  const directory = node.processes[0]?.context.shared ?? "";
  const pick = (m: DerivedMaterial, kind: "open" | "secret") =>
    fileMap(node.processes.flatMap((p) => splitShared(m.files[node.name]?.[p.layer]?.[kind] ?? []).shared));
  const files = open(material.apply((m) => pick(m, "open")));
  const secretFiles = material.apply((m) => pick(m, "secret"));
  return createFiles(
    `${input.prefix}-${node.name}-shared`,
    { directory, files, secretFiles, purgeData: input.purgeData },
    opts,
  );
}

function createProcess(
  node: NodePlan,
  process: ProcessPlan,
  material: Material,
  input: NodesInput,
  shared: readonly FileSet[],
  opts: pulumi.CustomResourceOptions,
): Process {
  const derived = (m: DerivedMaterial, kind: "open" | "secret") =>
    splitShared(m.files[node.name]?.[process.layer]?.[kind] ?? []).own;
  const files = open(material.apply((m) => fileMap([...process.files, ...derived(m, "open")])));
  const secretFiles = material.apply((m) => fileMap(derived(m, "secret")));
  // Keys have more entropy than any guess: their digest may be read in a preview.
  const own = pulumi.all([files, secretFiles]).apply(([first, second]) => digestOf(first, second));
  const restartDigest = open(pulumi.all([own, ...shared.map((s) => s.digest)]).apply((parts) => parts.join(":")));
  const identity = open(material.apply((m) => m.genesisDigest ?? ""));
  const bootstrap = bootstraps(node, input) ? input.bootstrap : undefined;
  const rendered = renderProcess(process, input.programs);
  const step = bootstrap && bootstrapStep(node.name, process.name, bootstrap.inventory, input.programs);
  return createSupervised(
    {
      prefix: input.prefix,
      process: step === undefined ? rendered : { ...rendered, bootstrap: [step] },
      supervisor: input.supervisor,
      files: { directory: process.home, files, secretFiles, identity, purgeData: input.purgeData },
      alsoNeeds: [...shared, ...(bootstrap?.needs ?? [])],
      restartDigest,
    },
    opts,
  );
}

function bootstraps({ group }: NodePlan, { plan }: NodesInput): boolean {
  return plan.groups.some((g) => g.name === group && g.bootstrap === "newest-verified");
}

/** Genesis, peer lists and digests are no secrets although they derive from one. */
function open<T>(value: pulumi.Output<T>): pulumi.Output<T> {
  return pulumi.unsecret(value);
}
