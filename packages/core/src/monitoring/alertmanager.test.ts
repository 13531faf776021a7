import { parse } from "yaml";
import { alertmanagerYaml } from "./alertmanager";

const agentWebhook = "http://127.0.0.1:26680/alerts/webhook";

describe("alertmanagerYaml", () => {
  it("tells the agent of everything, also of what ended", () => {
    const { route, receivers } = parse(alertmanagerYaml({ agentWebhook, quick: false }));
    expect(route.receiver).toBe("agent");
    expect(receivers).toEqual([{ name: "agent", webhook_configs: [{ url: agentWebhook, send_resolved: true }] }]);
  });

  it("is quick where a person watches", () => {
    const waits = [true, false].map((quick) => parse(alertmanagerYaml({ agentWebhook, quick })).route);
    expect(waits.map((w) => [w.group_wait, w.group_interval, w.repeat_interval])).toEqual([
      ["1s", "5s", "1m"],
      ["30s", "5m", "4h"],
    ]);
  });

  it("inhibits only between alerts of the same network of the same stack", () => {
    const { inhibit_rules: rules } = parse(alertmanagerYaml({ agentWebhook, quick: true }));
    for (const { equal, source_matchers: source, target_matchers: target } of rules) {
      expect(equal).toEqual(["network", "stack"]);
      for (const label of equal) {
        expect(source).toContain(`${label}=~".+"`);
        expect(target).toContain(`${label}=~".+"`);
      }
    }
    expect(rules).toHaveLength(1);
  });
});
