import type { ExpectedAlert, Series, Signal } from "../promtool";
import {
  always,
  expected,
  firesAt,
  healthy,
  networkLabels,
  quick,
  type Scenario,
  STACK,
  silentAt,
  slow,
  vanishes,
} from "../world";

const only = (name: string, change: object = {}) => ({ presets: [], alerts: { [name]: change } });

const failing = (of: typeof quick, value: Signal, labels: Record<string, string> = {}): Series => ({
  name: "alertmanager_notifications_failed_total",
  labels: { ...networkLabels(of), job: "chainkeep-alertmanager", integration: "slack", reason: "other", ...labels },
  value,
});
const notDelivered = (of: typeof quick, count: string, limit = "0"): ExpectedAlert =>
  expected("AlertDeliveryFailing", { ...networkLabels(of), integration: "slack", severity: "critical", owner: "ops" }, [
    "alerts of dev do not get through by slack",
    `Alertmanager gave up ${count} notifications by slack within five minutes (limit ${limit} notifications).`,
  ]);

const broken = (value: Signal): Series => ({
  name: "prometheus_rule_evaluation_failures_total",
  labels: { ...networkLabels(quick), job: "chainkeep-prometheus", rule_group: "rules.yml;chainkeep-alerts" },
  value,
});
const ruleFails = (count: string): ExpectedAlert =>
  expected("RuleEvaluationFailing", { ...networkLabels(quick), severity: "warning", owner: "dev" }, [
    "Prometheus of dev cannot evaluate a rule",
    `${count} evaluations of rules failed within five minutes (limit 0 evaluations): alerts that they carry are silent.`,
  ]);

const watchdog = expected("Watchdog", { ...networkLabels(quick), severity: "none", owner: "ops" }, [
  `monitoring of ${STACK} works`,
  "This alert always fires. When it stops coming, Prometheus or Alertmanager is dead.",
]);

/** One more with each period from a second on. */
const each =
  (seconds: number, from: number, most = Number.POSITIVE_INFINITY): Signal =>
  (t) =>
    Math.min(most, Math.max(0, Math.floor((t - from) / seconds) + 1));

export const META: Readonly<Record<string, Scenario>> = {
  "AlertDeliveryFailing fires when Alertmanager gives up": {
    plan: quick,
    monitoring: only("AlertDeliveryFailing"),
    more: [failing(quick, each(10, 60))],
    checks: [...silentAt(58, 68), firesAt(100, notDelivered(quick, "5"))],
  },
  "AlertDeliveryFailing fires for one failure in five minutes, and stays from one to the next": {
    plan: slow,
    monitoring: only("AlertDeliveryFailing"),
    more: [failing(slow, each(330, 600))],
    checks: [
      ...silentAt(585, 645),
      firesAt(675, notDelivered(slow, "1")),
      // 600 has left the window and 930 has not come yet.
      firesAt(915, notDelivered(slow, "1")),
      firesAt(1245, notDelivered(slow, "1")),
    ],
  },
  "AlertDeliveryFailing is silent when all is delivered, for what a reload broke off, and at the user's threshold": {
    plan: quick,
    monitoring: only("AlertDeliveryFailing", { threshold: 3 }),
    more: [
      failing(quick, always(0), { integration: "webhook" }),
      failing(quick, each(10, 60), { reason: "contextCanceled" }),
      failing(quick, each(10, 60, 2), { integration: "email" }),
    ],
    checks: silentAt(58, 100, 300, 600),
  },

  "RuleEvaluationFailing fires when a rule goes on failing": {
    plan: quick,
    monitoring: only("RuleEvaluationFailing"),
    more: [broken(each(2, 300))],
    checks: [...silentAt(298, 358), firesAt(400, ruleFails("51"))],
  },
  "RuleEvaluationFailing is silent without failures, for old ones, and without Prometheus's own figures": {
    plan: quick,
    monitoring: only("RuleEvaluationFailing"),
    more: [broken((t) => (t < 600 ? 7 : undefined))],
    checks: silentAt(60, 400, 598, 900),
  },

  "Watchdog fires from the first second on": {
    plan: quick,
    monitoring: only("Watchdog"),
    checks: [firesAt(0, watchdog), firesAt(600, watchdog)],
  },
  "Watchdog is never silent, not even when nothing is known of any node": {
    plan: quick,
    monitoring: only("Watchdog"),
    others: vanishes(60, healthy(quick)),
    checks: [firesAt(62, watchdog), firesAt(900, watchdog)],
  },
};
