import type { AlertDefinition } from "../types";
import { patience, UNLESS_SYNCING, VALUE } from "./expressions";

/** Networks whose whole set of validators is in this cluster. */
export const QUORUM: readonly AlertDefinition[] = [
  {
    name: "QuorumAtRisk",
    preset: "bft",
    group: "Validator",
    scope: "network",
    // A set that needs all of its validators is always at risk, and says so in the documentation instead of for ever in an alert.
    applies: ({ quorum, validatorCount }) => quorum !== undefined && validatorCount > quorum,
    // With all validators gone there is nothing to count: the worst case must not be the silent one.
    expr: () =>
      `((count by (network, stack) ((min by (network, stack, node) (chain:up{role="validator"}) == 1) ${UNLESS_SYNCING}))` +
      " or 0 * chain:quorum_size) <= on (network, stack) chain:quorum_size",
    current: () => 'count by (network, stack) (chain:up{role="validator"} == 1)',
    // Longer than a restart of one validator takes.
    forSeconds: (p) => patience(p, 60, 120),
    severity: "critical",
    owner: "ops",
    summary: "{{ $labels.network }} has no validator to spare",
    description: (p) =>
      `${VALUE} of ${p.validatorCount} validators of {{ $labels.network }} are up and in step; ${p.quorum} validators are needed to make blocks. At that number the next failure halts the chain, below it the chain stands.`,
    dashboard: "fleet",
    runbook: {
      meaning:
        "Blocks need more than two thirds of the validators, and no more than that are up and in step. Validators that catch up do not count, since they do not sign. Nodes are counted, not voting power: where that is not the same for all, the real quorum may be elsewhere.",
      impact:
        "One more validator that fails, or that is restarted, halts the whole network. If there are fewer than needed already, `NetworkHalted` fires as well.",
      diagnosis: [
        "`npx chainkeep status` shows which validators are down or catching up.",
        "`npx chainkeep logs <process>` of those; after a power cut or a full disk it is often the same cause for several.",
      ],
      mitigation: [
        "Put off every restart, upgrade and backup of validators until the missing ones are back.",
        "Bring them back one at a time, on their own data, and see blocks flow before the next. `npx pulumi up --refresh` puts back processes that were removed.",
        "Never start a validator's key on another machine while the first may come back, and never restore its signing state from a copy: a network that stands still heals, a double signature does not.",
      ],
    },
    duringMaintenance: true,
  },
];
