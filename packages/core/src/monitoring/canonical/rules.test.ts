import { planCluster } from "../../cluster/plan";
import { hostLayout } from "../../testing/toy-protocol.fixture";
import type { Preset } from "../types";
import { CANONICAL, canonicalRules } from "./rules";
import { LABELS } from "./series";

const planOf = (protocol: string, network: string, chain: object = {}) =>
  planCluster(
    "c",
    {
      chain: { protocol, network, ...chain },
      nodes: { rpc: { kind: "full", count: 2 } },
      monitoring: { receivers: "none" },
    },
    hostLayout,
  );
const ethereum = planOf("ethereum", "mainnet", { execution: "reth" });
const recorded = (of: typeof ethereum, presets: readonly Preset[] = ["core"]) =>
  Object.fromEntries(canonicalRules(of, presets).map((r) => [r.record, r.expr]));
const BY = "max by (network, node, client, role, stack)";
const whose = (client: string) => `and on (network, node, client, stack) chain:expected_process{client="${client}"}`;

describe("canonicalRules", () => {
  const rules = recorded(ethereum);

  it("ask the agent first, and each client of the plan for its own nodes second", () => {
    expect(rules["chain:height"]).toBe(
      `${BY} (chain_probe_height) or (${BY} (reth_blockchain_tree_canonical_chain_height) ${whose("reth")})`,
    );
    expect(rules["chain:peers"]).toBe(
      `${BY} (chain_probe_peers) or (${BY} (libp2p_peers) ${whose("lighthouse")}) or (${BY} (reth_network_connected_peers) ${whose("reth")})`,
    );
    expect(recorded(planOf("ethereum", "mainnet", { execution: "geth" }))["chain:height"]).toContain(
      "chain_head_block",
    );
  });

  it("need nobody to tell more than it can", () => {
    expect(rules["chain:up"]).toBe(`${BY} (chain_probe_up)`);
    // Only the agent's where it must not be mixed, only the client's where nobody else knows.
    expect(rules["chain:reorgs_total"]).toBe(`${BY} (chain_probe_reorgs_total)`);
    expect(rules["chain:native_reorgs_total"]).toContain("beacon_reorgs_total");
    expect(rules["chain:native_reorgs_total"]).not.toContain("chain_probe");
    expect(rules["chain:start_time_seconds"]).toBe(`${BY} (reth_process_start_time_seconds) ${whose("reth")}`);
    expect(recorded(planOf("bitcoin", "mainnet", { client: "btcd" }))).not.toHaveProperty("chain:native_height");
  });

  it("record the sets that are on", () => {
    const names = (...presets: Preset[]) => Object.keys(recorded(ethereum, presets));
    expect(names("core")).not.toContain("chain:cost_hourly_usd");
    expect(names("core", "cost")).toContain("chain:cost_hourly_usd");
    expect(names("core", "backup")).toContain("chain:backup_size_bytes");
  });

  it("are recorded after those that they are written on", () => {
    const order = canonicalRules(ethereum, ["core"]).map((r) => r.record);
    const late = canonicalRules(ethereum, ["core"]).flatMap(({ record, expr }) =>
      (expr.match(/\bchain:[a-z0-9_:]+/g) ?? [])
        .filter((name) => order.indexOf(name) >= order.indexOf(record))
        .map((name) => `${record} before ${name}`),
    );
    expect(late).toEqual([]);
  });
});

describe("CANONICAL", () => {
  it("has names of its own with a unit and a meaning, and one source at least", () => {
    const names = CANONICAL.map((c) => c.name);
    expect(names).toEqual([...new Set(names)]);
    for (const { name, unit, says, scope, agent, native, other, derived } of CANONICAL) {
      expect(name).toMatch(/^chain:[a-z0-9_]+(:[a-z0-9]+)?$/);
      expect([name, unit.length > 0, says.length > 10]).toEqual([name, true, true]);
      expect(LABELS[scope]).toBeDefined();
      expect([name, [agent, native, other, derived].some((source) => source !== undefined)]).toEqual([name, true]);
    }
  });
});
