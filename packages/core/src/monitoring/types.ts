import type { CanonicalSeries } from "../chains/types";

/** Severity of an alert: somebody is woken, somebody looks in the morning, or it is context. `none` is the watchdog's. */
export const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Who has to act. Receivers choose the roles that they hear of. */
export const ROLES = ["dev", "ops", "security", "business"] as const;
export type Role = (typeof ROLES)[number];

/** Sets of alerts that a cluster turns on as a whole. */
export const PRESETS = ["core", "validator", "bft", "backup", "cost", "security"] as const;
export type Preset = (typeof PRESETS)[number];

/** What an alert is about: decides the labels that it carries. */
export type Scope = "node" | "network" | "group" | "validator" | "vault" | "host" | "stack";

/** Dashboards that every cluster has. */
export const DASHBOARDS = ["fleet", "node", "validator", "backups", "cost", "meta"] as const;
export type DashboardId = (typeof DASHBOARDS)[number];

/** Figures of one cluster that alerts are written with: parameters, never constants in an expression. */
export interface AlertParameters {
  readonly network: string;
  readonly stack: string;
  readonly cluster: string;
  readonly protocol: string;
  readonly private: boolean;
  readonly blockTimeSeconds: number;
  /** Window over which a standing height means a stalled node. */
  readonly stallWindowSeconds: number;
  /** Window over which no rising height at all means a halted network. */
  readonly haltWindowSeconds: number;
  /** Window over which askings of a node are averaged. */
  readonly probeWindowSeconds: number;
  /** Window over which a catching-up node must have made progress. */
  readonly syncWindowSeconds: number;
  readonly scrapeIntervalSeconds: number;
  readonly probeIntervalSeconds: number;
  /** The network makes no blocks while there is nothing to do. */
  readonly idle: boolean;
  readonly maxHeadAgeSeconds: number;
  readonly maxLagBlocks: number;
  /** Deepest reorganisation that is usual. */
  readonly reorgBlocks: number;
  /** Blocks between head and finality that are too many; undefined where the network has no finality of its own. */
  readonly finalityLagBlocks: number | undefined;
  /** Distance between two checkpoints whose hashes are compared. */
  readonly checkpointBlocks: number;
  /** Peers below this are worth a warning; 0 where nodes have nobody to talk to. */
  readonly minPeers: number;
  readonly nodeCount: number;
  readonly validatorCount: number;
  /** Validators that must be up for blocks to be made; undefined where this cluster does not hold the whole set. */
  readonly quorum: number | undefined;
  /** Ready nodes that a role with several of them must have at least. */
  readonly minHealthy: Readonly<Record<string, number>>;
  /** Some roles have several nodes, others only one: the first are less urgent. */
  readonly hasReplicas: boolean;
  readonly hasCriticalNodes: boolean;
  /** Consensus clients beside execution clients. */
  readonly layered: boolean;
  /** Groups that serve requests of users. */
  readonly servingGroups: readonly string[];
  /** Clients whose own metrics tell a height. */
  readonly nativeHeightClients: readonly string[];
  /** What the metrics of at least one client of the cluster feed. */
  readonly nativeSeries: readonly CanonicalSeries[];
  /** The user has programs scraped that may tell more. */
  readonly hasExporters: boolean;
  /** A node outside of the fleet is asked. */
  readonly hasReference: boolean;
  readonly sloAvailability: number | undefined;
  readonly sloLatencySeconds: number;
  /** Name of the cluster's vault; undefined where it has none. */
  readonly vault: string | undefined;
  /** Nodes that follow as live copies. */
  readonly mirrorCount: number;
  /** How old the newest recovery point may be. */
  readonly rpoSeconds: number;
  /** How long a restore may take. */
  readonly rtoSeconds: number;
  /** How old the newest verification may be. */
  readonly verifySeconds: number;
  readonly monthlyBudgetUsd: number | undefined;
}

/** The figure of an alert that users may change. */
export interface ThresholdDefinition {
  readonly value: (p: AlertParameters) => number;
  /** `blocks`, `seconds`, `peers`, `ratio`, `bytes`, `USD`, `times`, ... */
  readonly unit: string;
  /** What it means, after "Threshold: ". Lower case, no final stop. */
  readonly says: string;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** The four sections of a runbook page, in Markdown. `<node>` and the like stand for what the alert's labels say. */
export interface Runbook {
  readonly meaning: string;
  readonly impact: string;
  readonly diagnosis: readonly string[];
  readonly mitigation: readonly string[];
}

/** Alerts that are not told while another one says the same and more. */
export interface Inhibition {
  /** Names of alerts, or all alerts of these severities. */
  readonly alerts?: readonly string[];
  readonly severities?: readonly Severity[];
  /** Labels that must be the same and there on both sides. */
  readonly equal: readonly ("network" | "stack" | "node" | "group" | "validator" | "vault")[];
}

/** One alert: all that its rule, its route, its panel and its page need. Everything else is derived from this. */
export interface AlertDefinition {
  readonly name: string;
  readonly preset: Preset;
  /** Heading under which it is listed. */
  readonly group: AlertGroup;
  readonly scope: Scope;
  /** PromQL over canonical series; true when something is wrong. */
  readonly expr: (p: AlertParameters, threshold: number) => string;
  readonly threshold?: ThresholdDefinition;
  /** PromQL of the figure that `threshold` is held against, for pages and `chainkeep explain`. */
  readonly current?: (p: AlertParameters) => string;
  readonly forSeconds: (p: AlertParameters) => number;
  /** Keeps the alert visible after a blip, so that a person still finds it. */
  readonly keepFiringSeconds?: (p: AlertParameters) => number;
  /** For a validator, or the only node of its role. */
  readonly severity: Severity | "none";
  /** For a node that others of its role can stand in for. Only with scope "node". */
  readonly replicatedSeverity?: Severity;
  readonly owner: Role;
  /** False where it says nothing about the cluster: no rule is made then. */
  readonly applies?: (p: AlertParameters) => boolean;
  /** Prometheus template; names what is wrong and where. */
  readonly summary: string;
  /** Prometheus template with the value, its unit and the limit. */
  readonly description: (p: AlertParameters, threshold: number) => string;
  readonly dashboard: DashboardId;
  readonly runbook: Runbook;
  readonly inhibits?: readonly Inhibition[];
  /** Looks at hours and days: evaluated in the slow group, so that it costs little where scrapes are quick. */
  readonly slow?: true;
  /** Also told during a maintenance window: what cannot wait for its end. */
  readonly duringMaintenance?: boolean;
}

export const ALERT_GROUPS = [
  "Availability",
  "Chain progress",
  "P2P and mempool",
  "RPC",
  "Validator",
  "Host",
  "Backup vault",
  "Security",
  "Cost",
  "Monitoring itself",
] as const;
export type AlertGroup = (typeof ALERT_GROUPS)[number];

/** An alert as one cluster has it. */
export interface PlannedAlert {
  readonly definition: AlertDefinition;
  readonly forSeconds: number;
  /** The user's own severity counts for all nodes. */
  readonly severity: Severity | "none";
  readonly replicatedSeverity: Severity | undefined;
  /** NaN where the alert has none. */
  readonly threshold: number;
}
