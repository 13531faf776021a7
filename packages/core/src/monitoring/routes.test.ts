import { findAlert } from "./overrides";
import type { ReceiverArgs } from "./receivers/args";
import { type Route, rootRoute, severitiesOf } from "./routes";
import type { PlannedAlert } from "./types";

const slack = { webhookUrlFile: "/run/secrets/slack" };
const halted: PlannedAlert = {
  definition: { ...(findAlert("NetworkHalted") as PlannedAlert["definition"]), duringMaintenance: true },
  forSeconds: 10,
  severity: "critical",
  replicatedSeverity: undefined,
  threshold: Number.NaN,
};
const night = [{ from: "02:00", to: "04:00" }];

const routes = (receiver: ReceiverArgs, maintenance = false, alerts = [halted]): readonly Route[] =>
  rootRoute({
    monitoring: { receivers: { chat: receiver }, ...(maintenance ? { maintenance: night } : {}) },
    alerts,
    toAgent: false,
    quick: false,
  }).routes?.filter((r) => r.receiver === "chat") ?? [];

describe("severitiesOf", () => {
  it.each<[string, ReceiverArgs, string[]]>([
    ["a pager only what cannot wait", { pagerduty: { routingKeyFile: "/k" } }, ["critical"]],
    ["Opsgenie as well", { opsgenie: { apiKeyFile: "/k" } }, ["critical"]],
    ["all others warnings too", { slack }, ["critical", "warning"]],
    ["what the user says, once", { slack, severities: ["info", "critical", "info"] }, ["info", "critical"]],
  ])("tells %s", (_, receiver, told) => {
    expect(severitiesOf(receiver)).toEqual(told);
  });
});

describe("rootRoute", () => {
  it("tells each severity again in its own time", () => {
    expect(routes({ slack, severities: ["critical", "warning", "info"] }).map((r) => r.repeat_interval)).toEqual([
      "4h",
      "12h",
      "24h",
    ]);
  });

  it("goes on after each receiver, so that pager and chat both hear", () => {
    expect(routes({ slack }).every((route) => route.continue)).toBe(true);
  });

  it.each<[string, string[] | undefined, string[]]>([
    ["all roles", undefined, []],
    ["all roles by name", ["business", "ops", "security", "dev"], []],
    // What has no owner, or one that nobody knows, is operations' concern.
    ["operations", ["ops"], ['owner!~"dev|security|business"']],
    ["others", ["security", "dev"], ['owner=~"dev|security"']],
  ])("chooses %s by owner", (_, roles, matchers) => {
    const [critical] = routes({ slack, ...(roles ? { roles } : {}) });
    expect(critical?.matchers?.slice(1)).toEqual(matchers);
  });

  it("mutes in maintenance all but what is told even then", () => {
    for (const route of routes({ slack }, true)) {
      expect(route.mute_time_intervals).toEqual(["maintenance"]);
      expect(route.routes).toEqual([{ matchers: ['alertname=~"NetworkHalted"'] }]);
    }
    for (const route of routes({ slack }, true, [])) expect(route.routes).toBeUndefined();
    for (const route of routes({ slack })) expect(route).not.toHaveProperty("mute_time_intervals");
  });

  it.each([
    [undefined, "60s", "30s"],
    [300, "300s", "150s"],
    [11, "11s", "6s"],
  ])("calls the dead-man's switch each %s seconds, without a wait", (intervalSeconds, interval, repeat) => {
    const deadMan = { urlFile: "/run/secrets/d", ...(intervalSeconds ? { intervalSeconds } : {}) };
    const { routes: all } = rootRoute({ monitoring: { deadMan }, alerts: [], toAgent: true, quick: true });
    expect(all?.[0]).toEqual({
      receiver: "dead-man",
      matchers: ['alertname="Watchdog"'],
      group_wait: "0s",
      group_interval: interval,
      repeat_interval: repeat,
    });
  });
});
