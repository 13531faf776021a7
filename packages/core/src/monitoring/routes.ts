import type { DeadManArgs, MaintenanceArgs, MonitoringArgs } from "./args";
import type { ReceiverArgs } from "./receivers/args";
import { type PlannedAlert, ROLES, type Severity } from "./types";

/** Receivers of our own. */
export const OWN_RECEIVERS = { agent: "agent", deadMan: "dead-man", nobody: "none" } as const;
/** The one alert that always fires: it proves the way to the dead-man's switch, and tells nobody anything. */
export const WATCHDOG = "Watchdog";
/** One of the receivers cannot be told: every one of them is tried. */
export const DELIVERY_FAILING = "AlertDeliveryFailing";
export const MAINTENANCE = "maintenance";

export interface Route {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly continue?: true;
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly mute_time_intervals?: readonly string[];
  readonly routes?: readonly Route[];
}

export interface RoutesInput {
  readonly monitoring: MonitoringArgs;
  readonly alerts: readonly PlannedAlert[];
  readonly toAgent: boolean;
  /** People at a desk wait: they hear of an alert at once. */
  readonly quick: boolean;
}

/** Who is told of what, when, and how often again. */
export function rootRoute({ monitoring, alerts, toAgent, quick }: RoutesInput): Route {
  const receivers = receiversOf(monitoring);
  const urgent = alerts.filter((a) => a.definition.duringMaintenance === true).map((a) => a.definition.name);
  const muted = (monitoring.maintenance ?? []).length > 0;
  return {
    receiver: OWN_RECEIVERS.nobody,
    // Never by node: the loss of a region is one message.
    group_by: ["alertname", "network", "stack"],
    group_wait: quick ? "1s" : "30s",
    group_interval: quick ? "5s" : "5m",
    repeat_interval: REPEAT.critical,
    routes: [
      watchdogRoute(monitoring.deadMan),
      ...(toAgent ? [agentRoute(quick)] : []),
      ...deliveryRoute(receivers),
      ...receivers.flatMap(([name, args]) => receiverRoutes(name, args, muted ? urgent : undefined)),
    ],
  };
}

export function receiversOf({ receivers = {} }: MonitoringArgs): [string, ReceiverArgs][] {
  return typeof receivers === "string" ? [] : Object.entries(receivers);
}

function watchdogRoute(deadMan: DeadManArgs | undefined): Route {
  const matchers = [`alertname="${WATCHDOG}"`];
  if (deadMan === undefined) return { receiver: OWN_RECEIVERS.nobody, matchers };
  const seconds = deadMan.intervalSeconds ?? 60;
  return {
    receiver: OWN_RECEIVERS.deadMan,
    matchers,
    group_wait: "0s",
    group_interval: `${seconds}s`,
    // Alertmanager looks once per interval; a call that took its time must not make it leave out the next one.
    repeat_interval: `${Math.ceil(seconds / 2)}s`,
  };
}

/** The agent shows what fires, and forgets it when it is started again. */
function agentRoute(quick: boolean): Route {
  return {
    receiver: OWN_RECEIVERS.agent,
    continue: true,
    group_wait: "1s",
    group_interval: quick ? "5s" : "15s",
    repeat_interval: quick ? "1m" : "5m",
  };
}

function deliveryRoute(receivers: readonly [string, ReceiverArgs][]): Route[] {
  if (receivers.length === 0) return [];
  const routes = receivers.map(([receiver]): Route => ({ receiver, continue: true }));
  return [{ matchers: [`alertname="${DELIVERY_FAILING}"`], routes }];
}

const REPEAT: Readonly<Record<Severity, string>> = { critical: "4h", warning: "12h", info: "24h" };

/** One route per severity, since each is told again in its own time. `urgent` is there while there is maintenance. */
function receiverRoutes(receiver: string, args: ReceiverArgs, urgent: readonly string[] | undefined): Route[] {
  return severitiesOf(args).map((severity) => ({
    receiver,
    matchers: [SEVERITY_MATCHER[severity], ...ownerMatcher(args.roles)],
    continue: true,
    repeat_interval: REPEAT[severity],
    ...(urgent === undefined ? {} : { mute_time_intervals: [MAINTENANCE] }),
    // The child does not inherit the muting.
    ...(urgent === undefined || urgent.length === 0
      ? {}
      : { routes: [{ matchers: [`alertname=~${JSON.stringify(urgent.join("|"))}`] }] }),
  }));
}

/** Severities that a receiver is told: a pager wakes people, and so only of what cannot wait. */
export function severitiesOf({ severities, pagerduty, opsgenie }: ReceiverArgs): Severity[] {
  if (severities !== undefined) return [...new Set(severities as Severity[])];
  return pagerduty || opsgenie ? ["critical"] : ["critical", "warning"];
}

/** An alert of a severity that nobody knows, e.g. of rules of your own, counts as a warning: it must not get lost. */
const SEVERITY_MATCHER: Readonly<Record<Severity, string>> = {
  critical: 'severity="critical"',
  warning: 'severity!~"critical|info|none"',
  info: 'severity="info"',
};

/** An alert without an owner goes to operations. */
function ownerMatcher(roles: readonly string[] = ROLES): string[] {
  const others = ROLES.filter((role) => !roles.includes(role));
  if (others.length === 0) return [];
  if (roles.includes("ops")) return [`owner!~${JSON.stringify(others.join("|"))}`];
  return [`owner=~${JSON.stringify(ROLES.filter((role) => roles.includes(role)).join("|"))}`];
}

/** Weekly times in which alerts that can wait are not sent. */
export function timeIntervals(maintenance: readonly MaintenanceArgs[] = []) {
  if (maintenance.length === 0) return [];
  const time_intervals = maintenance.map(({ days, from, to, timeZone }) => ({
    times: [{ start_time: from, end_time: to }],
    ...(days === undefined ? {} : { weekdays: days }),
    location: timeZone ?? "UTC",
  }));
  return [{ name: MAINTENANCE, time_intervals }];
}
