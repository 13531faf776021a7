import { parse } from "yaml";
import { type ClusterArgs, planCluster } from "../index";
import { podLayout, toy } from "../testing/toy-protocol.fixture";
import { INVENTORY_SERIES } from "./canonical/inventory";
import { CANONICAL } from "./canonical/rules";
import { alertParameters, scrapeSeconds } from "./parameters";
import { rulesYaml } from "./rules";

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
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

describe("alertParameters", () => {
  it.each([
    ["a fast network", fast, undefined, { stallWindowSeconds: 120, haltWindowSeconds: 30, scrapeIntervalSeconds: 2 }],
    ["a slow network", slow, undefined, { stallWindowSeconds: 240, haltWindowSeconds: 180, scrapeIntervalSeconds: 15 }],
    [
      "rare scrapes",
      fast,
      { scrapeIntervalSeconds: 60 },
      { stallWindowSeconds: 300, haltWindowSeconds: 300, scrapeIntervalSeconds: 60 },
    ],
  ])("of %s: windows hold many blocks and at least five samples", (_, of, monitoring, expected) => {
    const input = { plan: of, stack: "dev", ...(monitoring ? { monitoring } : {}) };
    expect(alertParameters(input)).toMatchObject(expected);
  });

  it("take the block time that the user gave a private network", () => {
    const own = plan("private", { privateNetwork: { blockTimeSeconds: 7.3 } });
    const { stallWindowSeconds, haltWindowSeconds } = alertParameters({ plan: own, stack: "dev" });
    // Whole numbers: Prometheus takes no fractions of a second in a range.
    expect([stallWindowSeconds, haltWindowSeconds]).toEqual([146, 110]);
  });
});

describe("scrapeSeconds", () => {
  it("is the user's word, else short on private networks", () => {
    expect([scrapeSeconds(fast), scrapeSeconds(slow), scrapeSeconds(slow, { scrapeIntervalSeconds: 1 })]).toEqual([
      2, 15, 1,
    ]);
  });
});

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
    const alerts = all["chainkeep-alerts"] ?? [];
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
});
