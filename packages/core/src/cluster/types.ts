import type {
  ClientDefinition,
  FilePlan,
  Kind,
  Layer,
  NetworkDefinition,
  PortDefinition,
  PrepareStep,
  PrivateNetworkSettings,
  ProcessContext,
  ProtocolDefinition,
  SiblingAddress,
  Sizing,
} from "../chains/types";
import type { HealthLimits } from "../health/types";
import type { VaultSpec } from "../vault/spec";

/** What a target tells the planner: names and places, no SDK. All functions are pure. */
export interface TargetLayout {
  readonly name: "local" | "docker" | "kubernetes" | "aws";
  /** Address that services bind to. */
  readonly listen: string;
  /** Host that siblings and the agent dial for a node. */
  readonly host: (cluster: string, node: string) => string;
  /** Host that the processes of one node dial for each other. */
  readonly self: string;
  /** Absolute directory of a process; layer undefined means the directory shared by the node's processes. */
  readonly home: (cluster: string, node: string, layer: Layer | undefined) => string;
  /**
   * Where a guest lives, which is started from a recovery point to prove it; absent where the target has no place for one. `from` is the first
   * of `PORTS_PER_NODE` ports.
   */
  readonly guest?: {
    readonly home: (cluster: string, guest: string, layer: Layer | undefined) => string;
    readonly from?: number;
  };
  /** Present where all nodes share one host: ports are assigned from this range. */
  readonly sharedPorts?: { readonly from: number; readonly to: number };
}

export interface ProcessPlan {
  /** `<node>` for single-process nodes, `<node>-<layer>` otherwise. */
  readonly name: string;
  readonly layer: Layer;
  readonly client: ClientDefinition;
  readonly image: string;
  readonly version: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly FilePlan[];
  readonly prepare: readonly PrepareStep[];
  /** Assigned ports by name. */
  readonly ports: Readonly<Record<string, number>>;
  readonly portDefinitions: readonly PortDefinition[];
  readonly home: string;
  readonly stop: { readonly signal: "SIGTERM" | "SIGINT"; readonly graceSeconds: number };
  readonly sizing: Sizing;
  /** The context that the client's functions saw; derivation from the seed uses it again. */
  readonly context: ProcessContext;
}

export interface NodePlan {
  /** `<group>-<index>`, stable: an index is never reused for another purpose. */
  readonly name: string;
  readonly group: string;
  readonly index: number;
  readonly kind: Kind;
  readonly address: SiblingAddress;
  /** First process answers for the head; all of them must be well. */
  readonly processes: readonly ProcessPlan[];
  /** Behind the proxy of its group. Validators, sentries, seeds and mirrors never are. */
  readonly servesRpc: boolean;
}

export interface GroupPlan {
  readonly name: string;
  readonly kind: Kind;
  readonly count: number;
  readonly servesRpc: boolean;
  /** Present where a node without data takes it from the vault. */
  readonly bootstrap?: "newest-verified";
  readonly nodes: readonly string[];
}

export interface ClusterPlan {
  readonly name: string;
  readonly protocol: ProtocolDefinition;
  readonly network: string;
  readonly networkFacts: NetworkDefinition;
  readonly chainId: string | undefined;
  readonly groups: readonly GroupPlan[];
  readonly nodes: readonly NodePlan[];
  readonly limits: HealthLimits;
  readonly probe: { readonly intervalSeconds: number; readonly timeoutMs: number };
  /** Whether files of this cluster derive from a secret seed. */
  readonly needsSeed: boolean;
  readonly privateNetwork: PrivateNetworkSettings | undefined;
  /** Present where the cluster has a vault. */
  readonly backup: BackupPlan | undefined;
}

export interface BackupPlan {
  readonly vault: VaultSpec;
  readonly lineages: readonly LineagePlan[];
}

/** Nodes whose data fits each other. */
export interface Lineage {
  /** `<clients>-full` or `<clients>-archive`, e.g. "geth-lighthouse-full". */
  readonly id: string;
  readonly nodes: readonly NodePlan[];
  /** Those that points may be taken of, best first. */
  readonly sources: readonly NodePlan[];
}

export interface LineagePlan extends Lineage {
  readonly guest: GuestPlan | undefined;
}

/** A node that lives as long as a proof, twice: without peers and with those of any node. Ports and directories are the same. */
export interface GuestPlan {
  readonly name: string;
  readonly offline: NodePlan;
  readonly online: NodePlan;
}
