import { planCluster, rulesYaml } from "@chainkeep/core";
import { parse } from "yaml";
import { Metrics } from "../../packages/agent/src/metrics/metrics";
import { CANONICAL } from "../../packages/core/src/monitoring/canonical/rules";
import { podLayout, toy } from "../../packages/core/src/testing/toy-protocol.fixture";

/** Series that parts of ours will have which are not built yet: their rules record nothing until then. */
const TO_COME: readonly (readonly [RegExp, string])[] = [
  [/^chain_backup_/, "told by the vault's agent"],
  [/^chain_cost_/, "told by the cost estimate"],
];

/** Names of the agent's series, as its own registry lists them; of histograms those that are asked for. */
function agentNames(): Set<string> {
  const nothing = () => {
    throw new Error("no scrape takes place here");
  };
  const source = { inventory: nothing, fleet: nothing, disk: nothing, referenceHeight: nothing, rotation: {} as never };
  const listed = new Metrics(source).registry.getMetricsAsArray();
  return new Set(
    listed.flatMap(({ name, type }): string[] =>
      String(type) === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

const seriesIn = (expr: string): string[] => expr.match(/\bchain_\w+/g) ?? [];

function unknown(exprs: readonly string[]): string[] {
  const names = agentNames();
  const lacking = exprs.flatMap(seriesIn).filter((name) => !names.has(name));
  return [...new Set(lacking)].filter((name) => !TO_COME.some(([pattern]) => pattern.test(name)));
}

describe("rules", () => {
  it("read only series that the agent has", () => {
    const plan = planCluster(
      "c",
      {
        chain: { definition: toy, network: "private" },
        nodes: { rpc: { kind: "full" } },
        monitoring: { receivers: "none" },
      },
      podLayout,
    );
    const { groups } = parse(rulesYaml({ plan, stack: "dev", links: { agentUrl: "http://127.0.0.1:26680" } })) as {
      groups: { rules: { expr: string }[] }[];
    };
    const exprs = groups.flatMap((g) => g.rules).map((r) => r.expr);
    expect(exprs.flatMap(seriesIn).length).toBeGreaterThan(5);
    expect(unknown(exprs)).toEqual([]);
  });

  it("of every set of alerts do, also those that this cluster has not turned on", () => {
    const exprs = CANONICAL.flatMap(({ agent, derived, other = [] }) => [agent ?? "", derived ?? "", ...other]);
    expect(exprs.flatMap(seriesIn).length).toBeGreaterThan(30);
    expect(unknown(exprs)).toEqual([]);
  });

  it("would be found if they read another one", () => {
    expect(unknown(["max by (node) (chain_probe_hight)", "chain_backup_points", "chain_probe_up"])).toEqual([
      "chain_probe_hight",
    ]);
  });
});
