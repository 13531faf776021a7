import { parse } from "yaml";
import { type AlertmanagerInput, alertmanagerYaml } from "./alertmanager";
import type { MonitoringArgs } from "./args";
import { monitoredPlan, SLACK } from "./monitored-plan.fixture";

const agentWebhook = "http://127.0.0.1:26680/alerts/webhook";

const config = (monitoring: MonitoringArgs, more: Partial<AlertmanagerInput> = {}) =>
  parse(alertmanagerYaml({ plan: monitoredPlan(), stack: "dev", monitoring, agentWebhook, ...more }));

describe("alertmanagerYaml", () => {
  it("tells the agent alone where nobody else is to be told", () => {
    const { route, receivers } = config({ receivers: "none" });
    expect(route.routes.map((r: { receiver: string }) => r.receiver)).toEqual(["none", "agent"]);
    expect(receivers).toEqual([
      { name: "none" },
      { name: "agent", webhook_configs: [{ url: agentWebhook, send_resolved: true }] },
    ]);
  });

  it("has no agent where the target has none", () => {
    const text = alertmanagerYaml({ plan: monitoredPlan(), stack: "dev", monitoring: { receivers: SLACK } });
    expect(text).not.toContain("agent");
    expect(parse(text).receivers.map((r: { name: string }) => r.name)).toEqual(["none", "chat"]);
  });

  it("is quick where a person watches", () => {
    const waits = (["private", "main"] as const).map((network) => {
      const { route } = config({ receivers: SLACK }, { plan: monitoredPlan(network) });
      return [route.group_wait, route.group_interval, route.repeat_interval];
    });
    expect(waits).toEqual([
      ["1s", "5s", "4h"],
      ["30s", "5m", "4h"],
    ]);
  });

  it("takes secrets from files alone", () => {
    const text = alertmanagerYaml({
      plan: monitoredPlan(),
      stack: "dev",
      monitoring: {
        deadMan: { urlFile: "/run/secrets/dead-man" },
        receivers: {
          pager: { pagerduty: { routingKeyFile: "/run/secrets/pagerduty" } },
          bot: { telegram: { botTokenFile: "/run/secrets/telegram", chatId: -5 } },
          mail: {
            email: {
              to: ["a@example.org", "b@example.org"],
              from: "c@example.org",
              smarthost: "mail.example.org:587",
              username: "chainkeep",
              passwordFile: "/run/secrets/mail",
            },
          },
        },
      },
    });
    expect(text.match(/^[ -]*\w+_file: .*$/gm)?.map((line) => line.replace(/^[ -]*/, ""))).toEqual([
      "url_file: /run/secrets/dead-man",
      "routing_key_file: /run/secrets/pagerduty",
      "bot_token_file: /run/secrets/telegram",
      "auth_password_file: /run/secrets/mail",
    ]);
    expect(text).not.toMatch(/^[ -]*(auth_password|routing_key|service_key|bot_token|api_key|api_url):/m);
  });

  it("never tells the dead-man's switch of an end", () => {
    const { receivers } = config({ receivers: "none", deadMan: { urlFile: "/run/secrets/dead-man" } });
    expect(receivers).toContainEqual({
      name: "dead-man",
      webhook_configs: [{ url_file: "/run/secrets/dead-man", send_resolved: false }],
    });
  });

  it("names the weekly times of maintenance, each in its zone", () => {
    const maintenance = [
      { from: "02:00", to: "04:00" },
      { days: ["sunday"], from: "22:00", to: "24:00", timeZone: "Europe/Berlin" },
    ];
    expect(config({ receivers: SLACK, maintenance }).time_intervals).toEqual([
      {
        name: "maintenance",
        time_intervals: [
          { times: [{ start_time: "02:00", end_time: "04:00" }], location: "UTC" },
          { times: [{ start_time: "22:00", end_time: "24:00" }], weekdays: ["sunday"], location: "Europe/Berlin" },
        ],
      },
    ]);
  });
});
