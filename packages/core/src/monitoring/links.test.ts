import { dashboardUid, dashboardUrl, runbookUrl } from "./links";
import { findAlert } from "./overrides";
import type { AlertDefinition } from "./types";

const agentUrl = "http://127.0.0.1:26680";
const alert = (name: string): AlertDefinition => {
  const found = findAlert(name);
  if (!found) throw new Error(`no alert ${name}`);
  return found;
};

describe("runbookUrl", () => {
  it("is the agent's own page, or one of yours, with one slash between", () => {
    expect(runbookUrl({ agentUrl }, "NodeDown")).toBe("http://127.0.0.1:26680/runbooks/NodeDown");
    for (const runbooks of ["https://wiki.example.org/rb", "https://wiki.example.org/rb//"]) {
      expect(runbookUrl({ agentUrl, runbookUrl: runbooks }, "NodeDown")).toBe("https://wiki.example.org/rb/NodeDown");
    }
  });
});

describe("dashboardUrl", () => {
  it("leads to the node on the agent's status page where there is no Grafana", () => {
    expect(dashboardUrl({ agentUrl }, alert("NodeDown"))).toBe("http://127.0.0.1:26680/#{{ $labels.node }}");
    expect(dashboardUrl({ agentUrl }, alert("NetworkHalted"))).toBe("http://127.0.0.1:26680/");
  });

  it("leads to the alert's board with the labels that the alert has, and no others", () => {
    const url = (name: string) => dashboardUrl({ agentUrl, grafanaUrl: "https://grafana.example.org/" }, alert(name));
    expect(url("NodeDown")).toBe(
      "https://grafana.example.org/d/chainkeep-node?var-network={{ $labels.network }}&var-stack={{ $labels.stack }}&var-node={{ $labels.node }}",
    );
    expect(url("RpcBudgetBurnFast")).toBe(
      "https://grafana.example.org/d/chainkeep-fleet?var-network={{ $labels.network }}&var-stack={{ $labels.stack }}",
    );
    expect(dashboardUid("fleet")).toBe("chainkeep-fleet");
  });
});
