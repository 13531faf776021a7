import { ALERTS, alertmanagerYaml } from "@chainkeep/core";
import { describeWith, findProgram } from "./find-program";
import { inDirectory, runProgram } from "./rules/promtool";
import { type Labels, RunningAlertmanager, type SeenAlert, Webhook } from "./running-alertmanager";

const amtool = findProgram("amtool");
const alertmanager = findProgram("alertmanager");
const MINUTE = 60_000;

const NAMED = { network: "private", stack: "dev" };
const halted = { alertname: "NetworkHalted", severity: "critical", ...NAMED };
const stalled = { alertname: "NodeStalled", node: "rpc-0", severity: "critical", ...NAMED };
const down = { alertname: "NodeDown", node: "rpc-0", severity: "critical", ...NAMED };
const elsewhere = { ...stalled, stack: "other" };
const nameless = [
  { alertname: "NetworkHalted", from: "nowhere" },
  { alertname: "NodeStalled", from: "nowhere" },
];

describeWith({ amtool })("Alertmanager configuration, judged by amtool", () => {
  it.each([true, false])("is sound and sends every alert to the agent (quick: %s)", async (quick) => {
    const config = alertmanagerYaml({ agentWebhook: "http://127.0.0.1:26680/alerts/webhook", quick });
    await inDirectory({ "alertmanager.yml": config }, async (directory) => {
      const ask = (...args: string[]) => runProgram(amtool ?? "", args, directory);
      expect(await ask("check-config", "alertmanager.yml")).toEqual({
        code: 0,
        output: expect.stringMatching(/SUCCESS[\s\S]*1 inhibit rules[\s\S]*1 receivers/),
      });
      for (const { name } of ALERTS) {
        const labels = [`alertname=${name}`, "network=private", "stack=dev", "severity=critical"];
        const route = await ask("config", "routes", "test", "--config.file=alertmanager.yml", ...labels);
        expect(route).toEqual({ code: 0, output: "agent\n" });
      }
    });
  });
});

describeWith({ alertmanager })("a running Alertmanager", () => {
  it(
    "silences the stalls of a halted network, those alone, and only as long as it is halted",
    async () => {
      const webhook = await Webhook.start();
      const config = alertmanagerYaml({ agentWebhook: webhook.url, quick: true });
      await inDirectory({ "alertmanager.yml": config }, async (directory) => {
        const running = await RunningAlertmanager.start(alertmanager ?? "", directory);
        try {
          await running.post(...[halted, stalled, down, elsewhere, ...nameless].map((labels) => ({ labels })));
          const inhibited = await running.until(
            "the stall is inhibited",
            () => running.alerts(),
            (alerts) => alerts.length === 6 && (find(alerts, stalled)?.status.inhibitedBy.length ?? 0) > 0,
          );
          expect(find(inhibited, stalled)?.status.inhibitedBy).toEqual([find(inhibited, halted)?.fingerprint]);
          for (const other of [halted, down, elsewhere, ...nameless]) {
            expect(find(inhibited, other)?.status.inhibitedBy).toEqual([]);
          }
          const told = () => webhook.delivered.map(({ status, labels }) => ({ status, labels }));
          await running.until("all others are told", told, (d) => d.length >= 5);
          expect(told()).toEqual(
            expect.arrayContaining([halted, down, elsewhere].map((labels) => ({ status: "firing", labels }))),
          );
          expect(told()).not.toContainEqual({ status: "firing", labels: stalled });

          await running.post({ labels: halted, endsAt: new Date().toISOString() }, { labels: stalled });
          const both = [
            { status: "resolved", labels: halted },
            { status: "firing", labels: stalled },
          ];
          await running.until("the end of the halt and the stall are told", told, (d) =>
            both.every((wanted) => d.some((got) => JSON.stringify(sorted(got)) === JSON.stringify(sorted(wanted)))),
          );
        } finally {
          await running.stop();
        }
      }).finally(() => webhook.stop());
    },
    2 * MINUTE,
  );
});

function sorted({ status, labels }: { status: string; labels: Labels }): unknown {
  return [status, Object.entries(labels).sort()];
}

function find(alerts: readonly SeenAlert[], labels: Labels): SeenAlert | undefined {
  return alerts.find((alert) => Object.entries(labels).every(([key, value]) => alert.labels[key] === value));
}
