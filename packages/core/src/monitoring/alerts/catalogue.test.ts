import type { ClusterArgs } from "../../cluster/args";
import { planCluster } from "../../cluster/plan";
import { podLayout, toy } from "../../testing/toy-protocol.fixture";
import type { MonitoringArgs } from "../args";
import { overrideProblems } from "../overrides";
import { alertParameters } from "../parameters";
import { ALERTS } from "./catalogue";

const parameters = (network: string, validators: number, monitoring: MonitoringArgs = {}) => {
  const chain = { definition: toy, network };
  const nodes: ClusterArgs["nodes"] = {
    rpc: { kind: "full" },
    ...(validators > 0 ? { v: { kind: "validator", count: validators } } : {}),
  };
  const plan = planCluster("c", { chain, nodes, monitoring: { receivers: "none" } }, podLayout);
  return alertParameters({ plan, stack: "dev", monthlyBudgetUsd: 100, monitoring });
};
const YEAR = 31_536_000;

describe("the catalogue", () => {
  it("has one meaning for each name", () => {
    const names = ALERTS.map((a) => a.name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it.each([
    ["a private network", parameters("private", 4)],
    ["a public one", parameters("main", 1)],
    ["short promises", parameters("private", 4, { objectives: { rpoSeconds: 60, rtoSeconds: 60, verifySeconds: 60 } })],
    [
      "long promises",
      parameters("main", 1, { objectives: { rpoSeconds: YEAR, rtoSeconds: YEAR, verifySeconds: YEAR } }),
    ],
    ["rare scrapes", parameters("main", 1, { scrapeIntervalSeconds: 300 })],
  ])("takes for %s only figures that a user might have written", (_, p) => {
    const known = ALERTS.filter((a) => a.threshold && (a.applies?.(p) ?? true));
    const figures = known.map((a) => [a.name, { threshold: a.threshold?.value(p) }]);
    expect(figures.length).toBeGreaterThan(20);
    expect(overrideProblems(Object.fromEntries(figures))).toEqual([]);
    const waits = ALERTS.map((a) => [a.name, a.forSeconds(p)] as const);
    expect(waits.filter(([, s]) => !Number.isInteger(s) || s < 0 || s > 604_800)).toEqual([]);
  });

  it("waits longer than two scrapes wherever it waits, however rare they are", () => {
    const p = parameters("main", 1, { scrapeIntervalSeconds: 300 });
    expect(ALERTS.map((a) => [a.name, a.forSeconds(p)] as const).filter(([, s]) => s > 0 && s <= 600)).toEqual([]);
  });
});

describe("QuorumAtRisk", () => {
  const applies = (network: string, validators: number) =>
    ALERTS.find((a) => a.name === "QuorumAtRisk")?.applies?.(parameters(network, validators));

  it.each([1, 2, 3])("is not made for a set of %d, which can lose nobody and would be at risk for ever", (count) => {
    expect(applies("private", count)).toBe(false);
  });

  it.each([4, 5, 7])("is made for a set of %d", (count) => {
    expect(applies("private", count)).toBe(true);
  });

  it("is not made where the set is not in this cluster", () => {
    expect([applies("private", 0), applies("main", 4)]).toEqual([false, false]);
  });
});
