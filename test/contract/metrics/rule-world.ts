import { parse } from "yaml";
import { protocols } from "../../../packages/core/src/chains/catalogue";
import type { ClientDefinition } from "../../../packages/core/src/chains/types";
import type { ClusterArgs } from "../../../packages/core/src/cluster/args";
import { planCluster } from "../../../packages/core/src/cluster/plan";
import { CANONICAL } from "../../../packages/core/src/monitoring/canonical/rules";
import { LABELS } from "../../../packages/core/src/monitoring/canonical/series";
import { panelQueries } from "../../../packages/core/src/monitoring/dashboards/queries";
import { type RulesInput, rulesYaml } from "../../../packages/core/src/monitoring/rules";
import { PRESETS } from "../../../packages/core/src/monitoring/types";
import { hostLayout } from "../../../packages/core/src/testing/toy-protocol.fixture";
import type { Asked } from "./contract";
import type { Clients } from "./series";

/** One rule as Prometheus reads it. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A whole monitoring: every set of alerts is on, and every figure is given. */
export interface World {
  readonly name: string;
  readonly scrapeSeconds: number;
  readonly rules: readonly Rule[];
  readonly panels: readonly { readonly where: string; readonly expr: string }[];
}

const monitoring = {
  receivers: "none" as const,
  presets: [...PRESETS],
  scrape: { exporter: { targets: ["127.0.0.1:28686"] } },
  reference: { url: "https://reference.example.org" },
};

type Chain = ClusterArgs["chain"];
const ethereum = (execution: string, consensus: string): [string, Chain] => [
  `${execution} and ${consensus}`,
  { protocol: "ethereum", network: "mainnet", execution, consensus },
];
const single = (protocol: string, network: string, client: string): [string, Chain] => [
  client,
  { protocol, network, client },
];

/** Together they have every client of the catalogue: a test holds them against it. */
const CHAINS: readonly [string, Chain][] = [
  ethereum("geth", "lighthouse"),
  ethereum("reth", "prysm"),
  ethereum("nethermind", "teku"),
  ethereum("besu", "nimbus"),
  ethereum("erigon", "lighthouse"),
  single("bitcoin", "mainnet", "bitcoind"),
  single("bitcoin", "mainnet", "btcd"),
  single("cometbft", "private", "cometbft"),
  single("cometbft", "cosmoshub", "gaiad"),
  single("substrate", "polkadot", "polkadot"),
];

export const catalogue: readonly ClientDefinition[] = protocols.flatMap((protocol) => protocol.clients);

export const clients: Clients = {
  names: new Set(catalogue.map((client) => client.name)),
  drops: (name) => catalogue.find((client) => client.name === name)?.metrics?.drop ?? [],
};

export const inputs: readonly [string, RulesInput][] = CHAINS.map(([name, chain]) => {
  const protocol = protocols.find((p) => "protocol" in chain && p.name === chain.protocol);
  const nodes: ClusterArgs["nodes"] = {
    rpc: { kind: "full", count: 2 },
    ...(protocol?.kinds.includes("validator") ? { val: { kind: "validator", count: 4 } } : {}),
  };
  const plan = planCluster("c", { chain, nodes, monitoring: { receivers: "none" } }, hostLayout);
  const links = { agentUrl: "http://127.0.0.1:26680", grafanaUrl: "http://127.0.0.1:26696" };
  return [name, { plan, stack: "dev", links, monitoring, monthlyBudgetUsd: 1500 }];
});

function worldOf([name, input]: readonly [string, RulesInput]): World {
  return {
    name,
    scrapeSeconds: input.plan.networkFacts.private ? 2 : 15,
    rules: (parse(rulesYaml(input)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
    panels: panelQueries(input).map(({ board, panel, legend, expr }) => ({
      where: `panel "${panel}" of ${board}, ${legend}`,
      expr,
    })),
  };
}

export const worlds: readonly World[] = inputs.map(worldOf);

/** The same with the sets of alerts that are on by default. */
export const usualWorlds: readonly World[] = inputs.map(([name, input]) =>
  worldOf([name, { ...input, monitoring: { receivers: "none" } }]),
);

/** Names that several programs have, each meaning the same. */
const SHARED: readonly string[] = [
  // Beacon nodes count the duties of validators in one way; nobody runs two of them for one validator.
  "validator_monitor_slashed",
  "validator_monitor_prev_epoch_on_chain_attester_hit",
  "validator_monitor_prev_epoch_on_chain_attester_hit_total",
  "validator_monitor_prev_epoch_on_chain_attester_miss",
  "validator_monitor_prev_epoch_on_chain_attester_miss_total",
];

/** Labels that sources of a rule may be without. */
export const LACKING: Readonly<Record<string, readonly string[]>> = {
  // A signer and its guard serve one validator, and do not say which.
  "chain:slashing_protection_refused_total": ["validator"],
  "chain:signer_failures_total": ["validator"],
  // Lodestar counts all its validators together.
  "chain:validator_attestation_hit_total": ["validator"],
  "chain:validator_attestation_miss_total": ["validator"],
};

/** Every canonical series that there is, with its labels. */
export const canonicalLabels: ReadonlyMap<string, readonly string[]> = new Map([
  ...CANONICAL.map(({ name, scope, more = [] }) => [name, [...LABELS[scope], ...more]] as const),
  ["chain:remote_signer", ["network", "node", "role", "stack"]],
]);

/** Every expression of a world in the order in which Prometheus would read it. */
export function askedOf({ name, rules, panels }: World): Asked[] {
  return [
    ...rules.map(({ record, alert, expr, labels }) => ({
      where: `${name}: ${record ?? alert}`,
      expr,
      shared: SHARED,
      lacking: LACKING[record ?? ""] ?? [],
      ...(record === undefined ? {} : { record }),
      ...(labels === undefined ? {} : { labels }),
    })),
    ...panels.map(({ where, expr }) => ({ where: `${name}: ${where}`, expr })),
  ];
}
