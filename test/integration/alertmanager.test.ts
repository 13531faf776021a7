import { alertmanagerYaml } from "@chainkeep/core";
import { describeWith, findProgram } from "./find-program";
import { chainPlan } from "./monitored-plan";
import { inDirectory } from "./rules/promtool";
import { type Labels, RunningAlertmanager, type SeenAlert, Webhook } from "./running-alertmanager";

const alertmanager = findProgram("alertmanager");
const MINUTE = 60_000;

const NAMED = { network: "private", stack: "dev" };
const alert = (alertname: string, severity: string, more: Labels = {}): Labels => ({
  alertname,
  severity,
  ...NAMED,
  ...more,
});
const halted = alert("NetworkHalted", "critical");
const stalled = alert("NodeStalled", "critical", { node: "rpc-0" });
const syncLag = alert("NodeSyncLag", "warning", { node: "rpc-1" });
const headOld = alert("HeadTimestampOld", "warning", { node: "rpc-1" });
/** A node of which the critical alert says it all. */
const down = alert("NodeDown", "critical", { node: "rpc-2" });
const downPeers = alert("NoPeers", "warning", { node: "rpc-2" });
const downInfo = alert("ClientOutdated", "info", { node: "rpc-2" });
/** Two that silence all others of a node must not silence each other. */
const replica = alert("NodeDown", "warning", { node: "rpc-3" });
const missing = alert("NodeTargetMissing", "warning", { node: "rpc-3" });
const replicaPeers = alert("NoPeers", "warning", { node: "rpc-3" });
const lagging = alert("LagHigh", "critical", { node: "rpc-4" });
const laggingToo = alert("LagHigh", "warning", { node: "rpc-4" });

const QUIET: readonly (readonly [target: Labels, source: Labels])[] = [
  [stalled, halted],
  [syncLag, halted],
  [headOld, halted],
  [downPeers, down],
  [downInfo, down],
  [laggingToo, lagging],
];

/** Each looks much like one that is quiet, and is not. */
const LOUD: readonly Labels[] = [
  halted,
  down,
  replica,
  missing,
  lagging,
  // Another stack, network or node.
  { ...stalled, stack: "other" },
  { ...stalled, network: "mainnet" },
  { ...downPeers, node: "rpc-9" },
  { ...laggingToo, node: "rpc-9" },
  // Critical alerts of a node that is down are told: they may be another matter.
  alert("DuplicateValidatorKey", "critical", { node: "rpc-2" }),
  // Labels that are missing on both sides count as equal, which must silence nothing.
  { alertname: "NetworkHalted", severity: "critical", from: "nowhere" },
  { alertname: "NodeStalled", severity: "warning", from: "nowhere" },
  { alertname: "NodeDown", severity: "critical", from: "nowhere" },
  { alertname: "LagHigh", severity: "critical", from: "nowhere" },
  { alertname: "LagHigh", severity: "warning", from: "nowhere" },
  alert("ErrorBudgetBurn", "critical"),
  alert("ErrorBudgetBurn", "warning"),
];

describeWith({ alertmanager })("a running Alertmanager", () => {
  it(
    "silences what another alert says as well, that alone, and only as long as the other one is there",
    async () => {
      const webhook = await Webhook.start();
      const config = alertmanagerYaml({
        plan: chainPlan(),
        stack: "dev",
        monitoring: { receivers: "none" },
        agentWebhook: webhook.url,
      });
      await inDirectory({ "alertmanager.yml": config }, async (directory) => {
        const running = await RunningAlertmanager.start(alertmanager ?? "", directory);
        try {
          const all = [...LOUD, ...QUIET.map(([target]) => target), replicaPeers];
          await running.post(...all.map((labels) => ({ labels })));
          const seen = await running.until(
            "what must be quiet is quiet",
            () => running.alerts(),
            (alerts) => QUIET.every(([target]) => (find(alerts, target)?.status.inhibitedBy.length ?? 0) > 0),
          );
          expect(seen).toHaveLength(all.length);
          for (const [target, source] of QUIET) {
            expect([target, find(seen, target)?.status.inhibitedBy]).toEqual([
              target,
              [find(seen, source)?.fingerprint],
            ]);
          }
          expect(find(seen, replicaPeers)?.status.inhibitedBy).not.toEqual([]);
          for (const labels of LOUD) expect([labels, find(seen, labels)?.status.inhibitedBy]).toEqual([labels, []]);

          const told = (status: string) =>
            webhook.delivered.filter((d) => d.status === status).map((d) => keyOf(d.labels));
          await running.until(
            "all others are told",
            () => told("firing"),
            (keys) => LOUD.every((l) => keys.includes(keyOf(l))),
          );
          for (const [target] of QUIET) expect(told("firing")).not.toContain(keyOf(target));

          await running.post({ labels: halted, endsAt: new Date().toISOString() }, { labels: stalled });
          await running.until(
            "the end of the halt is told",
            () => told("resolved"),
            (keys) => keys.includes(keyOf(halted)),
          );
          await running.until(
            "and then the stall",
            () => told("firing"),
            (keys) => keys.includes(keyOf(stalled)),
          );
        } finally {
          await running.stop();
        }
      }).finally(() => webhook.stop());
    },
    2 * MINUTE,
  );

  it(
    "keeps quiet in maintenance, but for what cannot wait",
    async () => {
      const [agent, chat] = [await Webhook.start(), await Webhook.start()];
      const config = alertmanagerYaml({
        plan: chainPlan(),
        stack: "dev",
        agentWebhook: agent.url,
        monitoring: {
          receivers: { chat: { webhook: { url: chat.url } } },
          // Always, whatever day and time it is: the settings of a user may not cover so much.
          maintenance: [{ from: "00:00", to: "24:00" }],
        },
      });
      await inDirectory({ "alertmanager.yml": config }, async (directory) => {
        const running = await RunningAlertmanager.start(alertmanager ?? "", directory);
        try {
          await running.post({ labels: down }, { labels: halted });
          const names = (hook: Webhook) => [...new Set(hook.delivered.map((d) => d.labels.alertname))].sort();
          await running.until(
            "the agent is told of both",
            () => names(agent),
            (n) => n.length === 2,
          );
          await running.until(
            "the halt is told",
            () => names(chat),
            (n) => n.includes("NetworkHalted"),
          );
          const muted = await running.until(
            "the other one is muted",
            () => running.groups("chat"),
            (groups) =>
              groups.some(
                (g) => g.labels.alertname === "NodeDown" && g.alerts.every((a) => a.status.mutedBy.length > 0),
              ),
          );
          expect(muted.length).toBeGreaterThan(0);
          expect(names(chat)).toEqual(["NetworkHalted"]);
        } finally {
          await running.stop();
        }
      }).finally(() => Promise.all([agent.stop(), chat.stop()]));
    },
    2 * MINUTE,
  );
});

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort());
}

function find(alerts: readonly SeenAlert[], labels: Labels): SeenAlert | undefined {
  return alerts.find((seen) => keyOf(seen.labels) === keyOf(labels));
}
