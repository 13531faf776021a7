import { durationText } from "../runbooks/figures";
import type { AlertDefinition, AlertParameters, Runbook, ThresholdDefinition } from "../types";
import { DAY, HOUR, PERCENT, patience, percent } from "./expressions";

/** Burn rates and windows are those of the SRE workbook: the long window says that it matters, the short one that it goes on. */
interface Burn {
  readonly factor: number;
  readonly long: string;
  readonly short: string;
}

const FAST: Burn = { factor: 14.4, long: "1h", short: "5m" };
const SLOW: Burn = { factor: 6, long: "6h", short: "30m" };
const LONG: readonly Burn[] = [
  { factor: 3, long: "1d", short: "2h" },
  { factor: 1, long: "3d", short: "6h" },
];
const BUDGET_SECONDS = 30 * DAY;
/** So many failures are an outage, however little was promised: a factor of a large budget may be more than all requests. */
const OUTAGE = 0.9;
/** A service with more failures than that in three days has never been there: it is on its first sync. */
const NEVER_WELL = 0.9999;

/** Each asking of a group counts as a request, so that a quiet service is measured too and no floor of traffic is needed. */
function burning({ factor, long, short }: Burn, promised: number): string {
  const limit = limitOf(factor, promised);
  const ratio = (window: string) => `(chain:rpc_error_ratio:rate${window} > ${limit})`;
  return `${ratio(long)} and ${ratio(short)} and (chain:rpc_error_ratio:rate3d offset ${long} < ${NEVER_WELL})`;
}

function limitOf(factor: number, promised: number): number {
  return Number(Math.min(OUTAGE, factor * (1 - promised)).toPrecision(6));
}

const applies = (p: AlertParameters) => p.servingGroups.length > 0 && p.sloAvailability !== undefined;

const threshold: ThresholdDefinition = {
  value: (p) => p.sloAvailability ?? 0.999,
  unit: "ratio",
  says: "share of requests that is promised to be answered well over 30 days",
  min: 0.5,
  max: 0.99999,
};

const GROUP = "group {{ $labels.group }} of {{ $labels.network }}";

function runbook(meaning: string): Runbook {
  return {
    meaning: `${meaning} Requests of users count, and one asking of the agent per group and interval: it is bad when no node of the group could have answered. Nothing is told of a service that has not been there yet, as on a first sync.`,
    impact:
      "Users get errors. The errors that 30 days allow are used up before their time: then the promise is broken, and there is no room left for planned work.",
    diagnosis: [
      "`npx chainkeep status`: is any node of the group ready? None: all requests end with 503, and the reasons stand beside the nodes.",
      "Nodes are ready and requests fail: which codes? The panel of requests shows them. 502 and 504 are nodes that break off or do not answer in time.",
      "Since when, and what changed then: a version, a setting, a user with costly requests?",
    ],
    mitigation: [
      "Take away the cause that `RedundancyLost`, `RpcProbeFailing` or `NodeSyncLag` names beside this alert.",
      "Too much load: more nodes in the group, or a limit in front of the proxy.",
      "If the promise is higher than anybody needs, lower `monitoring.slo.availability`; it is the one figure behind all three burn alerts.",
    ],
  };
}

export const BUDGET: readonly AlertDefinition[] = [
  {
    name: "RpcBudgetBurnFast",
    preset: "core",
    group: "RPC",
    scope: "group",
    slow: true,
    applies,
    expr: (_, promised) => burning(FAST, promised),
    threshold,
    current: () => `1 - chain:rpc_error_ratio:rate${FAST.long}`,
    forSeconds: (p) => patience(p, 60, 120),
    severity: "critical",
    owner: "ops",
    summary: `${GROUP} fails many requests`,
    description: (_, promised) => text(FAST, promised),
    dashboard: "fleet",
    runbook: runbook(
      "The service fails so many requests that it would use up the errors of a month within two days or less.",
    ),
    inhibits: [{ alerts: ["RpcBudgetBurnSlow", "RpcBudgetBurnLong"], equal: ["network", "stack", "group"] }],
  },
  {
    name: "RpcBudgetBurnSlow",
    preset: "core",
    group: "RPC",
    scope: "group",
    slow: true,
    applies,
    expr: (_, promised) => burning(SLOW, promised),
    threshold,
    current: () => `1 - chain:rpc_error_ratio:rate${SLOW.long}`,
    forSeconds: (p) => patience(p, 300, 900),
    severity: "warning",
    owner: "ops",
    summary: `${GROUP} fails more requests than it may`,
    description: (_, promised) => text(SLOW, promised),
    dashboard: "fleet",
    runbook: runbook("The service fails so many requests that it would use up the errors of a month within five days."),
    inhibits: [{ alerts: ["RpcBudgetBurnLong"], equal: ["network", "stack", "group"] }],
  },
  {
    name: "RpcBudgetBurnLong",
    preset: "core",
    group: "RPC",
    scope: "group",
    slow: true,
    applies,
    expr: (_, promised) => LONG.map((burn) => `(${burning(burn, promised)})`).join(" or "),
    threshold,
    current: () => `1 - chain:rpc_error_ratio:rate${LONG[1]?.long ?? FAST.long}`,
    forSeconds: () => HOUR,
    severity: "warning",
    owner: "dev",
    summary: `${GROUP} will not keep its promise`,
    description: (_, promised) => {
      const limits = LONG.map(({ factor, long }) => `${percent(limitOf(factor, promised))} over ${long}`).join(" or ");
      return `${PERCENT} of the requests to ${GROUP} failed, more than ${limits}: a promise of ${percent(promised)} over 30 days is broken if it goes on.`;
    },
    dashboard: "fleet",
    runbook: runbook(
      "The service fails few requests, but over days: in a month they are more than the promise allows.",
    ),
  },
];

function text({ factor, long }: Burn, promised: number): string {
  return `${PERCENT} of the requests to ${GROUP} failed in the last ${long}, limit ${percent(limitOf(factor, promised))}: at ${factor} times the errors that a promise of ${percent(promised)} allows, those of 30 days are gone in ${durationText(BUDGET_SECONDS / factor)}.`;
}
