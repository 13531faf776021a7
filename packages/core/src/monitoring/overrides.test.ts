import { planCluster } from "../cluster/plan";
import { podLayout, toy } from "../testing/toy-protocol.fixture";
import { ALERTS } from "./alerts/catalogue";
import type { MonitoringArgs } from "./args";
import { overrideProblems, plannedAlerts } from "./overrides";
import { alertParameters } from "./parameters";
import { PRESETS } from "./types";

const plan = planCluster(
  "c",
  {
    chain: { definition: toy, network: "private" },
    nodes: { rpc: { kind: "full", count: 2 }, v: { kind: "validator", count: 4 } },
    monitoring: { receivers: "none" },
  },
  podLayout,
);
const parameters = alertParameters({
  plan,
  stack: "dev",
  monthlyBudgetUsd: 100,
  monitoring: { scrape: { exporter: { targets: ["127.0.0.1:28686"] } } },
});

const figures = (overrides?: MonitoringArgs["alerts"], presets: Parameters<typeof plannedAlerts>[1] = PRESETS) =>
  Object.fromEntries(
    plannedAlerts(parameters, presets, overrides).map((a) => [
      a.definition.name,
      [a.forSeconds, a.severity, a.replicatedSeverity, a.threshold],
    ]),
  );

describe("plannedAlerts", () => {
  const usual = figures();

  it("has every alert of the catalogue that says something about the cluster", () => {
    const named = ALERTS.filter((a) => a.applies?.(parameters) ?? true).map((a) => a.name);
    expect(Object.keys(usual)).toEqual(named);
  });

  it("changes what the user changes, for all nodes alike, and nothing else", () => {
    expect(figures({ NodeDown: { forSeconds: 0, severity: "info" }, NoPeers: { severity: "warning" } })).toEqual({
      ...usual,
      NodeDown: [0, "info", "info", Number.NaN],
      NoPeers: [usual.NoPeers?.[0], "warning", "warning", Number.NaN],
    });
    expect(figures({ ValidatorNotSigning: { threshold: 77 } }).ValidatorNotSigning?.[3]).toBe(77);
    expect(figures({ NodeDown: {}, NoPeers: true, NodeStalled: { enabled: true } })).toEqual(usual);
  });

  it.each([false, { enabled: false }])("leaves out what the user turns off by %p", (off) => {
    const { NodeStalled: _, ...others } = usual;
    expect(figures({ NodeStalled: off })).toEqual(others);
  });

  it("leaves out sets that are off, but not an alert of them that is named", () => {
    expect(figures({}, [])).toEqual({});
    expect(Object.keys(figures({ NodeDown: true, NoPeers: { severity: "info" } }, []))).toEqual([
      "NodeDown",
      "NoPeers",
    ]);
  });
});

describe("overrideProblems", () => {
  it("suggests the name that was meant", () => {
    expect(overrideProblems({ NodeDown: {}, NodeDwn: {}, constructor: {} })).toEqual([
      {
        path: "monitoring.alerts.NodeDwn",
        message: expect.stringMatching(
          /^got "NodeDwn", which is no alert; did you mean "NodeDown"; use a name of docs\/components\/alerts\.md$/,
        ),
        code: "ALERT_UNKNOWN",
      },
      {
        path: "monitoring.alerts.constructor",
        message: expect.stringMatching(/^got "constructor", which is no alert; use a name of /),
        code: "ALERT_UNKNOWN",
      },
    ]);
  });

  it("refuses thresholds of the wrong sign, fractions of whole things, and figures that nobody compares with", () => {
    const problems = (threshold: number, name = "MetricsContractBroken") =>
      overrideProblems({ [name]: { threshold } }).map((p) => `${p.path}: ${p.message} [${p.code}]`);
    expect(problems(-5)).toEqual([
      expect.stringMatching(
        /^monitoring\.alerts\.MetricsContractBroken\.threshold: got -5; use a whole number from 1 to .* \(blocks\): .* \[ALERT_THRESHOLD\]$/,
      ),
    ]);
    expect(problems(2.5)).toHaveLength(1);
    expect(problems(25)).toEqual([]);
    expect(problems(1, "NodeDown")).toEqual([expect.stringContaining("[ALERT_NO_THRESHOLD]")]);
  });

  it.each([undefined, null, [], 5, "NodeDown"])("leaves %p to the check of shapes", (overrides) => {
    expect(overrideProblems(overrides)).toEqual([]);
  });
});
