import type { Series, Signal } from "../promtool";
import { always, expected, firesAt, networkLabels, type Scenario, silentAt, slow, until } from "../world";

const HOUR = 3600;
const DAY = 86_400;
const group = { ...networkLabels(slow), group: "rpc" };

/** Requests, and how many of them per second go wrong: 10 askings a second, so that figures are round. */
function events(badPerSecond: Signal, step: number): Series[] {
  const sums = [0];
  const bad: Signal = (t) => {
    for (let n = sums.length; n <= t / step; n += 1) {
      sums.push((sums[n - 1] ?? 0) + (badPerSecond((n - 1) * step) ?? 0) * step);
    }
    return sums[Math.floor(t / step)] ?? 0;
  };
  const series = (outcome: string, value: Signal): Series => ({
    name: "chain_rpc_events_total",
    labels: { ...group, outcome },
    value,
  });
  return [series("bad", bad), series("good", (t) => 10 * t - (bad(t) ?? 0))];
}
const users = (code: string, perSecond: number): Series => ({
  name: "chain_proxy_requests_total",
  labels: { ...group, code },
  value: (t) => perSecond * t,
});

const burn = (name: string, severity: string, summary: string, description: string, owner = "ops") =>
  expected(name, { ...group, severity, owner }, [summary, description]);
const fast = (share: string, limit = "1.44", promise = "99.9") =>
  burn(
    "RpcBudgetBurnFast",
    "critical",
    "group rpc of main fails many requests",
    `${share}% of the requests to group rpc of main failed in the last 1h, limit ${limit} %: at 14.4 times the errors that a promise of ${promise} % allows, those of 30 days are gone in 2 d 2 h.`,
  );
const slowly = (share: string, limit = "0.6", promise = "99.9") =>
  burn(
    "RpcBudgetBurnSlow",
    "warning",
    "group rpc of main fails more requests than it may",
    `${share}% of the requests to group rpc of main failed in the last 6h, limit ${limit} %: at 6 times the errors that a promise of ${promise} % allows, those of 30 days are gone in 5 d.`,
  );
const long = (share: string) =>
  burn(
    "RpcBudgetBurnLong",
    "warning",
    "group rpc of main will not keep its promise",
    `${share}% of the requests to group rpc of main failed, more than 0.3 % over 1d or 0.1 % over 3d: a promise of 99.9 % over 30 days is broken if it goes on.`,
    "dev",
  );

/** Windows of hours need few samples. */
const every = (seconds: number, rest: object = {}) => ({ scrapeIntervalSeconds: seconds, ...rest });

const FAST: Readonly<Record<string, Scenario>> = {
  "RpcBudgetBurnFast fires for a tenth of failures, and ends soon after them": {
    plan: slow,
    monitoring: every(60),
    more: events(until(2 * HOUR, always(0), until(3 * HOUR, always(1), always(0))), 60),
    checks: [
      ...silentAt(2 * HOUR, 2 * HOUR + 600),
      firesAt(2 * HOUR + 1200, fast("3.335")),
      firesAt(3 * HOUR, fast("10")),
      ...silentAt(3 * HOUR + 420),
    ],
  },
  "RpcBudgetBurnFast fires for an outage, however little is promised": {
    plan: slow,
    monitoring: every(60, { slo: { availability: 0.9 } }),
    more: events(until(2 * HOUR, always(0), always(10)), 60),
    checks: [...silentAt(2 * HOUR + 3000), firesAt(3 * HOUR + 600, fast("100", "90", "90"))],
  },
  "RpcBudgetBurnFast fires for requests of users that fail, at the user's own promise": {
    plan: slow,
    monitoring: every(60, { alerts: { RpcBudgetBurnFast: { threshold: 0.99 } } }),
    more: [...events(always(0), 60), users("200", 7), users("502", 2), users("503", 1)],
    checks: [...silentAt(HOUR), firesAt(2 * HOUR, fast("15", "14.4", "99"))],
  },
  "RpcBudgetBurnFast is silent just below its limit, for a short burst, and for errors of those who ask": {
    plan: slow,
    monitoring: every(60),
    more: [...events((t) => (t >= 7200 && t < 7320 ? 2 : 0.2), 60), users("200", 10), users("429", 5), users("400", 5)],
    checks: silentAt(2 * HOUR - 60, 2 * HOUR + 300, 3 * HOUR),
  },
  "RpcBudgetBurnFast is silent on a first sync, and when it is over": {
    plan: slow,
    monitoring: every(60),
    more: events(until(4 * HOUR, always(10), always(0)), 60),
    checks: silentAt(2 * HOUR, 4 * HOUR, 4 * HOUR + 240, 5 * HOUR, 5 * HOUR + 600),
  },
  "RpcBudgetBurnFast is silent where nothing is promised": {
    plan: slow,
    monitoring: every(60, { slo: false }),
    more: events(until(2 * HOUR, always(0), always(10)), 60),
    checks: silentAt(3 * HOUR),
  },
};

const SLOW: Readonly<Record<string, Scenario>> = {
  "RpcBudgetBurnSlow fires for one failure in a hundred that lasts": {
    plan: slow,
    monitoring: every(120),
    more: events(until(8 * HOUR, always(0), until(14 * HOUR, always(0.1), always(0))), 120),
    // Half an hour after the last failure it is over, although six hours still hold enough of them.
    checks: [...silentAt(11.5 * HOUR), firesAt(14 * HOUR, slowly("1")), ...silentAt(14 * HOUR + 2400)],
  },
  "RpcBudgetBurnSlow is silent below its limit, and on the first day": {
    plan: slow,
    monitoring: every(120),
    more: events(until(2 * HOUR, always(0.12), always(0.059)), 120),
    checks: silentAt(4 * HOUR, 8 * HOUR, 14 * HOUR),
  },
};

const LONG: Readonly<Record<string, Scenario>> = {
  "RpcBudgetBurnLong fires for a day of few failures": {
    plan: slow,
    monitoring: every(300),
    more: events(until(DAY, always(0), always(0.05)), 300),
    checks: [...silentAt(DAY + 14 * HOUR), firesAt(2 * DAY, long("0.5"))],
  },
  "RpcBudgetBurnLong fires for three days of fewer still": {
    plan: slow,
    monitoring: every(900),
    more: events(always(0.015), 900),
    checks: [...silentAt(3 * DAY), firesAt(3 * DAY + 2 * HOUR, long("0.15"))],
    // What is left after 3 of 30 days in which 1.5 times as many failed as may: that of the time which Prometheus has seen.
    values: [
      {
        at: 3 * DAY + 2 * HOUR,
        expr: "round(chain:rpc_error_budget_left:30d, 0.001)",
        gives: [{ series: '{group="rpc", network="main", stack="dev"}', value: -0.5 }],
      },
      {
        at: 3 * DAY + 2 * HOUR,
        expr: "chain:rpc_error_budget_seen_seconds",
        gives: [
          { series: 'chain:rpc_error_budget_seen_seconds{group="rpc", network="main", stack="dev"}', value: 74 * HOUR },
        ],
      },
    ],
  },
  "RpcBudgetBurnLong is silent below its limits, and when the failures are over": {
    plan: slow,
    monitoring: every(900),
    more: events(until(3 * DAY, always(0.009), until(3.5 * DAY, always(0.05), always(0))), 900),
    checks: silentAt(3 * DAY - 900, 4 * DAY, 5 * DAY),
  },
};

export const BUDGET: Readonly<Record<string, Scenario>> = { ...FAST, ...SLOW, ...LONG };
