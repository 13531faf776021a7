import type { AlertDefinition } from "../types";
import { patience, VALUE } from "./expressions";

/** The series say a rate per second over five minutes. */
const WINDOW_SECONDS = 300;

/** Monitoring itself: an alert that cannot be told is worse than none. */
export const META: readonly AlertDefinition[] = [
  {
    name: "AlertDeliveryFailing",
    preset: "core",
    group: "Monitoring itself",
    scope: "stack",
    expr: (_, threshold) => `${WINDOW_SECONDS} * chain:notifications_failed:rate5m > ${threshold}`,
    threshold: {
      value: () => 0,
      unit: "notifications",
      says: "notifications within five minutes that may be given up",
      min: 0,
      max: 10_000,
    },
    current: () => `${WINDOW_SECONDS} * chain:notifications_failed:rate5m`,
    // Alertmanager has tried for a whole interval of the group before it counts a failure: there is nothing left to wait for.
    forSeconds: (p) => patience(p, 10, 60),
    // The next failure is counted an interval later, and the window may be empty in between.
    keepFiringSeconds: (p) => patience(p, 60, 900),
    severity: "critical",
    owner: "ops",
    summary: "alerts of {{ $labels.stack }} do not get through by {{ $labels.integration }}",
    description: (_, threshold) =>
      `Alertmanager gave up ${VALUE} notifications by {{ $labels.integration }} within five minutes (limit ${threshold} notifications).`,
    dashboard: "meta",
    runbook: {
      meaning:
        "Alertmanager tried to tell somebody, tried again, and gave up. Since one of the receivers cannot be told, this alert is sent to all of them, whatever they asked for: one way usually works.",
      impact: "What this receiver should have been told, nobody heard of. Alerts that fire now may be among it.",
      diagnosis: [
        "`npx chainkeep alerts` shows what fires now, without any receiver.",
        "`npx chainkeep logs alertmanager` names receiver and answer: 401 or 403 is a key that has run out, 404 a channel or address that is gone, a timeout a network that is closed.",
        "`webhook` may also be the agent of this stack, or the dead-man's switch: the log tells the receiver's name.",
      ],
      mitigation: [
        "Put the right secret in the receiver's file: Alertmanager reads it at the next message, without a restart.",
        "Until it works, watch `npx chainkeep alerts` or the agent's status page.",
        "Have two receivers of different kinds, and `monitoring.deadMan` for the day that none works.",
      ],
    },
    duringMaintenance: true,
  },
  {
    name: "RuleEvaluationFailing",
    preset: "core",
    group: "Monitoring itself",
    scope: "stack",
    expr: (_, threshold) => `chain:rule_failures:increase5m > ${threshold}`,
    threshold: {
      value: () => 0,
      unit: "evaluations",
      says: "evaluations of rules within five minutes that may fail",
      min: 0,
      max: 100_000,
    },
    current: () => "chain:rule_failures:increase5m",
    forSeconds: (p) => patience(p, 60, 900),
    severity: "warning",
    owner: "dev",
    summary: "Prometheus of {{ $labels.stack }} cannot evaluate a rule",
    description: (_, threshold) =>
      `${VALUE} evaluations of rules failed within five minutes (limit ${threshold} evaluations): alerts that they carry are silent.`,
    dashboard: "meta",
    runbook: {
      meaning:
        "A recording or alerting rule ends with an error. The usual reason is two series where the rule expects one, after something was scraped under changed labels.",
      impact: "The alerts of that rule, and of all rules that are built on it, are silent.",
      diagnosis: [
        "`npx chainkeep logs prometheus` names rule and error; the page `/rules` of Prometheus shows it in red.",
        "`many-to-many matching not allowed` names the labels: which job brings the second series? Look at your own jobs under `monitoring.scrape`.",
        "Was it only during a start? Then it is over within minutes.",
      ],
      mitigation: [
        "Take the second series away: drop it in your job (`drop`), or give the job the right `node`.",
        "If no job of yours is the reason, it is a defect of this library: report it with rule and error.",
      ],
    },
  },
  {
    name: "Watchdog",
    preset: "core",
    group: "Monitoring itself",
    scope: "stack",
    // Texts and links see the labels of the sample only, and not those that the rule adds.
    expr: (p) => `label_replace(vector(1), "stack", ${JSON.stringify(p.stack)}, "", "")`,
    forSeconds: () => 0,
    severity: "none",
    owner: "ops",
    summary: "monitoring of {{ $labels.stack }} works",
    description: () => "This alert always fires. When it stops coming, Prometheus or Alertmanager is dead.",
    dashboard: "meta",
    runbook: {
      meaning:
        "It always fires, and nobody is told of it. With `monitoring.deadMan` it is sent to a service outside all the time; that service raises its own alarm when it stops coming. It is the only proof that the whole way works, from rule to message.",
      impact:
        "None while it fires. If the service outside calls you, this whole monitoring is dead, and every other alert with it.",
      diagnosis: [
        "`npx chainkeep status` and `npx chainkeep alerts`: which part does not answer?",
        "`npx chainkeep logs prometheus` and `npx chainkeep logs alertmanager`: does one of them end at every start, is its disk full?",
        "If both run: can Alertmanager reach the service outside? `AlertDeliveryFailing` tells.",
      ],
      mitigation: [
        "`npx pulumi up --refresh` puts back what is missing.",
        "Look at the nodes by hand until it works: nothing was watched since the last call.",
      ],
    },
  },
];
