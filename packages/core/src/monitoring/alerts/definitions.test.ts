import type { ClusterArgs } from "../../cluster/args";
import { planCluster } from "../../cluster/plan";
import { hostLayout, toy } from "../../testing/toy-protocol.fixture";
import type { MonitoringArgs } from "../args";
import { plannedAlerts } from "../overrides";
import { alertParameters } from "../parameters";
import { activePresets } from "../presets";
import type { AlertDefinition, AlertParameters } from "../types";
import { ALERTS } from "./catalogue";

const parametersOf = (chain: ClusterArgs["chain"], nodes: ClusterArgs["nodes"], monitoring: MonitoringArgs = {}) => {
  const plan = planCluster("c", { chain, nodes, monitoring: { receivers: "none" } }, hostLayout);
  return alertParameters({ plan, stack: "dev", monitoring, monthlyBudgetUsd: 100 });
};
const full = (count: number) => ({ rpc: { kind: "full", count } }) as const;
const validators = { rpc: { kind: "full", count: 2 }, val: { kind: "validator", count: 4 } } as const;

const WORLDS = {
  private: parametersOf({ definition: toy, network: "private" }, validators),
  exporter: parametersOf({ definition: toy, network: "private" }, validators, {
    scrape: { exporter: { targets: ["127.0.0.1:28686"] } },
  }),
  cometbft: parametersOf({ protocol: "cometbft", network: "private" }, validators),
  ethereum: parametersOf({ protocol: "ethereum", network: "mainnet", execution: "reth" }, full(3), {
    reference: { url: "https://reference.example.org" },
  }),
  mirrored: parametersOf({ definition: toy, network: "main" }, { ...full(1), copy: { kind: "mirror" } }),
  bitcoin: parametersOf({ protocol: "bitcoin", network: "mainnet" }, full(1)),
  substrate: parametersOf({ protocol: "substrate", network: "polkadot" }, full(2)),
};
type World = keyof typeof WORLDS;
const worlds: readonly AlertParameters[] = Object.values(WORLDS);
const each = ALERTS.map((alert): [string, AlertDefinition] => [alert.name, alert]);
const homes = ({ applies = () => true }: AlertDefinition) => worlds.filter(applies);
const names = (p: AlertParameters, monitoring?: MonitoringArgs) =>
  plannedAlerts(p, activePresets(p, monitoring)).map((a) => a.definition.name);

describe("every alert", () => {
  it.each(each)("%s says something about some cluster", (_, alert) => {
    expect(homes(alert)).not.toEqual([]);
  });

  it.each(each.filter(([, a]) => a.threshold))("%s follows its figure, and tells it", (_, alert) => {
    const { threshold, expr, description } = alert;
    for (const p of homes(alert)) {
      const [low, high] = [threshold?.min ?? 0, threshold?.max ?? 0];
      expect(expr(p, low)).not.toBe(expr(p, high));
      expect(description(p, low)).not.toBe(description(p, high));
    }
  });

  it.each(each)("%s is less urgent for replicas only where it is about nodes, and by one step", (_, alert) => {
    const { scope, severity, replicatedSeverity } = alert;
    if (replicatedSeverity === undefined) return;
    expect(scope).toBe("node");
    expect(["critical,warning", "warning,info"]).toContain([severity, replicatedSeverity].join());
  });

  it.each(each)("%s has a page of whole sentences", (_, { runbook, summary }) => {
    const { meaning, impact, diagnosis, mitigation } = runbook;
    for (const text of [meaning, impact, ...diagnosis, ...mitigation]) expect(text).toMatch(/[.?)]$/);
    expect([diagnosis.length > 0, mitigation.length > 0]).toEqual([true, true]);
    expect(summary).not.toMatch(/[.!]$/);
  });
});

describe("alerts that some clusters do not have", () => {
  it.each<[string, World, string, Partial<AlertParameters>]>([
    ["NoPeers", "private", "nobody is there to talk to", { minPeers: 0 }],
    ["PeersLow", "ethereum", "one peer is enough", { minPeers: 1 }],
    ["PeersDropped", "private", "nobody is there to talk to", { minPeers: 0 }],
    ["FinalityLag", "substrate", "finality is no notion", { finalityLagBlocks: undefined }],
    ["EngineLinkBroken", "ethereum", "a node is one process", { layered: false }],
    ["FleetBehindReference", "ethereum", "nobody outside is asked", { hasReference: false }],
    ["RedundancyLost", "private", "every node is alone in its role", { hasReplicas: false }],
    ["MetricsContractBroken", "cometbft", "no client has metrics", { nativeHeightClients: [] }],
    ["HeadTimestampOld", "bitcoin", "blocks come when there is something to do", { idle: true }],
    ["RpcBudgetBurnFast", "ethereum", "nobody is served", { servingGroups: [] }],
    ["RpcBudgetBurnSlow", "private", "nothing is promised", { sloAvailability: undefined }],
    ["RpcBudgetBurnLong", "private", "nothing is promised", { sloAvailability: undefined }],
  ])("%s: %s has it, and not where %s", (name, world, _, change) => {
    expect(names(WORLDS[world])).toContain(name);
    expect(names({ ...WORLDS[world], ...change })).not.toContain(name);
  });

  it("are none where the user names no set", () => {
    expect(names(WORLDS.cometbft, { presets: [] })).toEqual([]);
  });
});

describe("inhibitions", () => {
  it("are about alerts that there are and that carry the labels", () => {
    const own: Readonly<Record<string, string>> = { node: "node", group: "group", vault: "vault" };
    const labels = ({ scope }: AlertDefinition) => (scope === "validator" ? ["node", "validator"] : [own[scope]]);
    for (const { name, inhibits = [] } of ALERTS) {
      for (const { alerts = [], equal } of inhibits) {
        for (const target of [name, ...alerts]) {
          const found = ALERTS.find((a) => a.name === target);
          const needed = equal.filter((label) => label !== "network" && label !== "stack");
          const missing = found ? needed.filter((label) => !labels(found).includes(label)) : ["no such alert"];
          expect([name, target, missing]).toEqual([name, target, []]);
        }
      }
    }
  });
});
