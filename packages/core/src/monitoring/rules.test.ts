import { parse } from "yaml";
import { type ClusterArgs, planCluster } from "../index";
import { podLayout, toy } from "../testing/toy-protocol.fixture";
import { INVENTORY_SERIES } from "./canonical/inventory";
import { CANONICAL } from "./canonical/rules";
import { rulesYaml } from "./rules";
import type { Severity } from "./types";

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const plan = (network: string, rest: Partial<ClusterArgs> = {}) =>
  planCluster(
    "c",
    {
      chain: { definition: toy, network },
      nodes: { rpc: { kind: "full", count: 2 }, v: { kind: "validator" } },
      monitoring: { receivers: "none" },
      ...rest,
    },
    podLayout,
  );
const links = { agentUrl: "http://127.0.0.1:26680" };
const fast = plan("private");
const slow = plan("main");

const groups = (input: Parameters<typeof rulesYaml>[0]) => {
  const { groups } = parse(rulesYaml(input)) as { groups: { name: string; rules: Rule[] }[] };
  return Object.fromEntries(groups.map((g) => [g.name, g.rules]));
};

describe("rulesYaml", () => {
  it("says of every node that it is expected, with the labels of its series", () => {
    const rules = groups({ plan: fast, stack: "dev", links })["chainkeep-inventory"] ?? [];
    expect(rules.filter((r) => r.record === "chain:expected_node").map((r) => r.labels)).toEqual([
      { network: "private", node: "rpc-0", client: "toyd", role: "full", stack: "dev" },
      { network: "private", node: "rpc-1", client: "toyd", role: "full", stack: "dev" },
      { network: "private", node: "v-0", client: "toyd", role: "validator", stack: "dev" },
    ]);
    const facts = Object.fromEntries(rules.filter((r) => !r.labels?.node).map((r) => [r.record, [r.expr, r.labels]]));
    const labels = { network: "private", stack: "dev" };
    expect(facts).toEqual({
      "chain:block_time_seconds": ["vector(1)", labels],
      "chain:min_peers": ["vector(1)", labels],
      "chain:min_healthy": ["vector(1)", { ...labels, role: "full" }],
      "chain:quorum_size": ["vector(1)", labels],
      "chain:slo_availability": ["vector(0.999)", labels],
    });
  });

  it("writes alerts on canonical series only", () => {
    const all = groups({ plan: slow, stack: "dev", links });
    // A series whose source no client here has is canonical all the same.
    const canonical = new Set([...CANONICAL.map((c) => c.name), ...Object.keys(INVENTORY_SERIES)]);
    const alerts = [...(all["chainkeep-alerts"] ?? []), ...(all["chainkeep-alerts-slow"] ?? [])];
    expect(alerts.length).toBeGreaterThan(0);
    for (const { alert, expr } of alerts.filter((a) => a.alert !== "Watchdog")) {
      const names = expr.match(/\bchain[:_][\w:]+/g) ?? [];
      expect([alert, names.filter((name) => !canonical.has(name))]).toEqual([alert, []]);
      expect(names.length).toBeGreaterThan(0);
    }
  });

  it("records the series of an alert that is on although its set is off", () => {
    const recorded = (alerts: Record<string, boolean>) =>
      groups({ plan: fast, stack: "dev", links, monitoring: { presets: [], alerts } })["chainkeep-canonical"]?.map(
        (r) => r.record,
      );
    expect(recorded({})).not.toContain("chain:backup_size_bytes");
    expect(recorded({ BackupSizeAnomaly: true })).toContain("chain:backup_size_bytes");
  });

  it("looks at days in groups of their own, seldom enough not to be the most of Prometheus's work", () => {
    const { groups: made } = parse(rulesYaml({ plan: fast, stack: "dev", links })) as {
      groups: { name: string; interval?: string; rules: Rule[] }[];
    };
    const long = (rules: Rule[]) => rules.filter((r) => /\[(?:[1-9]d|30d:1h|6h|86400s)\]/.test(r.expr));
    for (const { name, interval, rules } of made) {
      if (name.endsWith("-slow")) expect([name, interval]).toEqual([name, "30s"]);
      else expect([name, interval, long(rules).map((r) => r.record ?? r.alert)]).toEqual([name, undefined, []]);
    }
    expect(made.filter((g) => g.interval !== undefined && long(g.rules).length > 0)).toHaveLength(2);
  });

  it("follows the user's changes", () => {
    const monitoring = {
      alerts: { NodeDown: { forSeconds: 0, severity: "warning" }, NodeStalled: { enabled: false } },
    };
    const alerts = groups({ plan: fast, stack: "dev", links, monitoring })["chainkeep-alerts"] ?? [];
    expect(alerts.map((a) => a.alert)).not.toContain("NodeStalled");
    expect(alerts.find((a) => a.alert === "NodeDown")).toMatchObject({ for: "0s", labels: { severity: "warning" } });
  });

  it("is the same text for the same plan", () => {
    expect(rulesYaml({ plan: plan("main"), stack: "dev", links })).toBe(rulesYaml({ plan: slow, stack: "dev", links }));
  });

  it("keeps an alert visible for its time, and says so only where it has one", () => {
    const alerts = groups({ plan: fast, stack: "dev", links })["chainkeep-alerts"] ?? [];
    const kept = (name: string) => alerts.find((a) => a.alert === name)?.keep_firing_for;
    expect([kept("NodeDown"), kept("NodeStalled")]).toEqual(["30s", undefined]);
  });
});

describe("severity by role", () => {
  const rulesOf = (nodes: ClusterArgs["nodes"], severity?: Severity) => {
    const monitoring = severity === undefined ? {} : { alerts: { NodeDown: { severity } } };
    const all = groups({ plan: plan("main", { nodes }), stack: "dev", links, monitoring });
    return [...(all["chainkeep-alerts"] ?? []), ...(all["chainkeep-alerts-slow"] ?? [])]
      .filter((a) => a.alert === "NodeDown")
      .map(({ expr, labels }) => [
        labels?.severity,
        / (and|unless) on \(network, stack, node\) chain:critical_node$/.exec(expr)?.[1],
      ]);
  };
  const [rpc, single, val] = [{ kind: "full", count: 2 }, { kind: "full" }, { kind: "validator" }] as const;

  it("is one step lower for nodes that others of their role can stand in for", () => {
    expect(rulesOf({ rpc, val })).toEqual([
      ["critical", "and"],
      ["warning", "unless"],
    ]);
  });

  it("needs one rule where all nodes are alike", () => {
    expect(rulesOf({ rpc })).toEqual([["warning", undefined]]);
    expect(rulesOf({ single, val })).toEqual([["critical", undefined]]);
  });

  it("is the user's own for all nodes alike", () => {
    expect(rulesOf({ rpc, val }, "info")).toEqual([["info", undefined]]);
  });
});
