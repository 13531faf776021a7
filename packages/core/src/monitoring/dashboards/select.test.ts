import { chosenBy, seriesOf, variableQuery } from "./select";

describe("chosenBy", () => {
  const chosen = chosenBy(["stack", "network", "role", "node"]);

  it.each([
    [
      "a series of a node",
      chosen("chain:up"),
      'chain:up{stack=~"$stack",network=~"$network",role=~"$role",node=~"$node"}',
    ],
    [
      "a series of a network, which has no node",
      chosen("chain:network_height"),
      'chain:network_height{stack=~"$stack",network=~"$network"}',
    ],
    [
      "the budget, which is the stack's",
      chosen("chain:cost_monthly_budget_usd"),
      'chain:cost_monthly_budget_usd{stack=~"$stack"}',
    ],
    [
      "a further word",
      chosen("chain:slo_availability", 'x="1"'),
      'chain:slo_availability{stack=~"$stack",network=~"$network",x="1"}',
    ],
    ["nothing to choose", chosenBy([])("chain:up"), "chain:up"],
  ])("narrows %s", (_, got, expected) => {
    expect(got).toBe(expected);
  });
});

describe("variableQuery", () => {
  it("offers what should be there, within what was chosen before", () => {
    expect(variableQuery("stack", [])).toBe("label_values(chain:expected_process, stack)");
    expect(variableQuery("node", ["stack", "network"])).toBe(
      'label_values(chain:expected_process{stack=~"$stack",network=~"$network"}, node)',
    );
  });
});

describe("seriesOf", () => {
  it("finds every name once, with its colons and windows", () => {
    const expr = 'rate(chain:tx_total[5m]) / chain:rpc_error_ratio:rate1h or chain:tx_total and ALERTS{alertname="X"}';
    expect(seriesOf(expr)).toEqual(["chain:tx_total", "chain:rpc_error_ratio:rate1h", "ALERTS"]);
  });
});
