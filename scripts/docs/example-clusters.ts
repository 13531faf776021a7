import { planCluster } from "../../packages/core/src/cluster/plan";
import type { ClusterPlan, TargetLayout } from "../../packages/core/src/cluster/types";
import type { MonitoringArgs } from "../../packages/core/src/monitoring/args";
import { alertParameters } from "../../packages/core/src/monitoring/parameters";
import type { AlertParameters } from "../../packages/core/src/monitoring/types";

const layout: TargetLayout = {
  name: "local",
  listen: "127.0.0.1",
  self: "127.0.0.1",
  host: () => "127.0.0.1",
  home: (cluster, node, layer) => `/${cluster}/${node}/${layer ?? ""}`,
};

export interface ExampleCluster {
  readonly title: string;
  readonly parameters: AlertParameters;
}

/** Clusters whose figures the pages show: a private network of one-second blocks, and a public one of twelve seconds. */
export function exampleClusters(): readonly [ExampleCluster, ExampleCluster] {
  examples ??= planExamples();
  return examples;
}

let examples: readonly [ExampleCluster, ExampleCluster] | undefined;

/** Some alerts are there only where an exporter tells what they ask. */
const exporter = { exporter: { targets: ["127.0.0.1:28686"] } };

function planExamples(): readonly [ExampleCluster, ExampleCluster] {
  const monitoring: MonitoringArgs = { receivers: "none" };
  const devnet = planCluster(
    "devnet",
    {
      chain: { protocol: "cometbft", network: "private" },
      nodes: { validators: { kind: "validator", count: 4 } },
      monitoring,
    },
    layout,
  );
  const eth = planCluster(
    "eth",
    {
      chain: { protocol: "ethereum", network: "mainnet" },
      nodes: { rpc: { kind: "full", count: 3 }, archive: { kind: "archive" } },
      monitoring,
    },
    layout,
  );
  return [
    { title: "private, 1 s blocks", parameters: parametersOf(devnet, { scrape: exporter }) },
    {
      title: "public, 12 s blocks",
      parameters: parametersOf(eth, { reference: { url: "https://rpc.example.org" }, scrape: exporter }),
    },
  ];
}

function parametersOf(plan: ClusterPlan, monitoring: MonitoringArgs = {}): AlertParameters {
  return { ...alertParameters({ plan, stack: "dev", monthlyBudgetUsd: 500, monitoring }), vault: "vault" };
}

/** For alerts that neither of the two has: clusters that differ from them in what such an alert is about. */
export function unusualClusters(): readonly ExampleCluster[] {
  const [devnet, eth] = exampleClusters();
  const mirrored = ({ title, parameters }: ExampleCluster) => ({
    title: `${title}, with a mirror`,
    parameters: { ...parameters, mirrorCount: 1 },
  });
  return [
    { title: "a network that makes no blocks while idle", parameters: { ...devnet.parameters, idle: true } },
    mirrored(devnet),
    mirrored(eth),
  ];
}
