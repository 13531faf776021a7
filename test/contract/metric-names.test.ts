import { planCluster, rulesYaml } from "@chainkeep/core";
import { parse } from "yaml";
import { Metrics } from "../../packages/agent/src/metrics/metrics";
import { podLayout, toy } from "../../packages/core/src/testing/toy-protocol.fixture";

/** Names of the agent's series, as its own registry lists them. */
function agentNames(): Set<string> {
  const nothing = () => {
    throw new Error("no scrape takes place here");
  };
  const metrics = new Metrics({ inventory: nothing, fleet: nothing, rotation: {} as never });
  return new Set(metrics.registry.getMetricsAsArray().map((m) => m.name));
}

describe("rules", () => {
  it("read only series that the agent has", () => {
    const plan = planCluster(
      "c",
      { chain: { definition: toy, network: "private" }, nodes: { rpc: { kind: "full" } } },
      podLayout,
    );
    const { groups } = parse(rulesYaml({ plan, stack: "dev", links: { agentUrl: "http://127.0.0.1:26680" } })) as {
      groups: { rules: { expr: string }[] }[];
    };
    const read = groups.flatMap((g) => g.rules).flatMap((r) => r.expr.match(/\bchain_\w+/g) ?? []);
    const names = agentNames();
    expect(read.length).toBeGreaterThan(5);
    expect(read.filter((name) => !names.has(name))).toEqual([]);
  });
});
