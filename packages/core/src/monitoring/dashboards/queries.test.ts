import { type ClusterArgs, planCluster } from "../../index";
import { podLayout, toy } from "../../testing/toy-protocol.fixture";
import { dashboards } from "./boards";
import { panelQueries, type QueryValues } from "./queries";

const args: ClusterArgs = {
  chain: { definition: toy, network: "main" },
  nodes: { rpc: { kind: "full", count: 2 } },
  monitoring: { receivers: "none" },
};
const plan = planCluster("c", args, podLayout);
const input = { plan, stack: "dev", links: { agentUrl: "http://127.0.0.1:26680" } };
const find = (panel: string, values?: QueryValues) => panelQueries(input, values).find((q) => q.panel === panel);

describe("panelQueries", () => {
  it("lists every query of every board once, with the names that people see", () => {
    const panels = dashboards(input).flatMap((board) => board.rows.flatMap((row) => row.panels));
    const count = panels.reduce((sum, panel) => sum + (panel.kind === "text" ? 0 : panel.targets.length), 0);
    expect(panelQueries(input)).toHaveLength(count);
    expect(find("Nodes ready")).toMatchObject({ board: "fleet", key: "ready", legend: "ready", collapsed: false });
  });

  it("leaves no variable in them", () => {
    expect(panelQueries(input).filter(({ expr }) => expr.includes("$"))).toEqual([]);
  });

  it("takes everything unless something is chosen", () => {
    expect(find("Peers")?.expr).toContain('{stack=~".*",network=~".*",node=~".*"}');
    expect(find("Peers", { stack: "dev", node: "rpc-0|rpc-1" })?.expr).toContain(
      '{stack=~"dev",network=~".*",node=~"rpc-0|rpc-1"}',
    );
  });

  it("takes rates over four scrapes, or over what is asked for", () => {
    expect(find("Blocks per minute")?.expr).toContain("[60s]");
    expect(find("Blocks per minute", { rateSeconds: 10 })?.expr).toContain("[10s]");
    expect(find("Error budget left", { rangeSeconds: 86_400 })?.expr).toContain("[86400s]");
  });

  it("says why a panel may have no data, and which rows are closed", () => {
    expect(find("Firing alerts")?.empty).toBe("while nothing fires");
    expect(find("Nodes ready")?.empty).toBeUndefined();
    expect(find("Memory that is free")).toMatchObject({
      collapsed: true,
      empty: expect.stringContaining("node_exporter"),
    });
  });
});
