import { ALERTS } from "./alerts";
import { plannedAlerts, unknownAlertProblems } from "./overrides";
import type { AlertParameters } from "./types";

const parameters: AlertParameters = {
  network: "private",
  stack: "dev",
  blockTimeSeconds: 1,
  stallWindowSeconds: 120,
  haltWindowSeconds: 30,
  scrapeIntervalSeconds: 2,
  idle: false,
};

const figures = (overrides?: Parameters<typeof plannedAlerts>[1]) =>
  Object.fromEntries(plannedAlerts(parameters, overrides).map((a) => [a.definition.name, [a.forSeconds, a.severity]]));

describe("plannedAlerts", () => {
  const usual = figures();

  it("has every alert of the catalogue", () => {
    expect(Object.keys(usual)).toEqual(ALERTS.map((a) => a.name));
  });

  it("changes what the user changes, and nothing else", () => {
    expect(figures({ NodeDown: { forSeconds: 0, severity: "info" }, NoPeers: { severity: "warning" } })).toEqual({
      ...usual,
      NodeDown: [0, "info"],
      NoPeers: [300, "warning"],
    });
    expect(figures({ NodeDown: {} })).toEqual(usual);
    expect(figures({ NodeDown: { enabled: true } })).toEqual(usual);
  });

  it("leaves out what the user turns off", () => {
    const { NodeStalled: _, ...others } = usual;
    expect(figures({ NodeStalled: { enabled: false } })).toEqual(others);
  });
});

describe("unknownAlertProblems", () => {
  it("suggests the name that was meant", () => {
    expect(unknownAlertProblems({ NodeDown: {}, NodeDwn: {}, constructor: {} })).toEqual([
      {
        path: "monitoring.alerts.NodeDwn",
        message: expect.stringMatching(
          /^got "NodeDwn", which is no alert; did you mean "NodeDown"; use one of NodeDown, /,
        ),
        code: "ALERT_UNKNOWN",
      },
      {
        path: "monitoring.alerts.constructor",
        message: expect.stringMatching(/^got "constructor", which is no alert; use one of /),
        code: "ALERT_UNKNOWN",
      },
    ]);
  });

  it.each([undefined, null, [], 5, "NodeDown"])("leaves %p to the check of shapes", (overrides) => {
    expect(unknownAlertProblems(overrides)).toEqual([]);
  });
});
