import type { AlertDefinition, AlertParameters } from "../types";
import { atLeast, fedBy, PERCENT, patience, risen, VALUE } from "./expressions";
import { percentOf } from "./texts";

const VALIDATOR = "Validator {{ $labels.validator }}";
const BY_VALIDATOR = "on (network, stack, validator)";

/** Slots over which attestations are counted: a little more than two epochs of Ethereum. */
const ATTESTATION_SLOTS = 72;

const attestationSeconds = (p: AlertParameters) => Math.ceil(atLeast(ATTESTATION_SLOTS * p.blockTimeSeconds, p));
const misses = (p: AlertParameters) => risen("chain:validator_attestation_miss_total", attestationSeconds(p));

/** Whether validators do what they are there for. Their keys are another file's matter. */
export const VALIDATOR_DUTIES: readonly AlertDefinition[] = [
  {
    name: "ValidatorNotSigning",
    preset: "validator",
    group: "Validator",
    scope: "validator",
    applies: fedBy("validator_last_signed_height"),
    // Held against the height of the validator's own node: what a sibling claims must not wake anybody. A node that stands still
    // itself is told by NodeStalled. The counter of missed blocks is no help: it is not there before the first miss.
    expr: (_, threshold) =>
      `(max by (network, stack, node, client) (chain:height) - on (network, stack, node, client) group_right () chain:validator_last_signed_height) > ${threshold}` +
      ` unless ${BY_VALIDATOR} (chain:validator_power == 0)`,
    threshold: {
      value: (p) => (p.private ? 20 : 50),
      unit: "blocks",
      says: "blocks since the last one that has the validator's signature",
      min: 2,
      max: 1_000_000,
      whole: true,
    },
    current: () =>
      "max by (network, stack, node, client) (chain:height) - on (network, stack, node, client) group_right () chain:validator_last_signed_height",
    forSeconds: (p) => patience(p, 10, 60),
    severity: "critical",
    owner: "ops",
    summary: "validator {{ $labels.validator }} of {{ $labels.network }} signs nothing",
    description: (p, threshold) =>
      `${VALIDATOR} on {{ $labels.node }} has signed none of the last ${VALUE} blocks (limit ${threshold} blocks, block time ${p.blockTimeSeconds} s).`,
    dashboard: "validator",
    runbook: {
      meaning:
        "The validator's node follows the chain, but blocks come without the validator's signature. A validator that was jailed or left the set looks the same until its process is started again: CometBFT does not take back the voting power that it once told. A process that is down, or that catches up after a start, tells nothing here: see `NodeDown` and `NodeSyncLag`.",
      impact:
        "Every block that is missed counts against the slashing window; when that is used up, the chain jails the validator and takes a part of its stake. On a private network the others have one signature less to spare.",
      diagnosis: [
        "Is it in the set? Ask another node: CometBFT's RPC answers `/validators`, chains of the Cosmos SDK tell `jailed` for the operator's address.",
        "`npx chainkeep logs <process>`: `failed signing vote`, a signer that does not answer, or a signing state that is ahead of the chain.",
        "Does the node hear of rounds in time: peers in `npx chainkeep status`, and `ClockSkew` of its machine.",
        "Does the key run anywhere else? See `DuplicateValidatorKey` before anything is started again.",
      ],
      mitigation: [
        "A process that hangs: stop it, see that it has ended, and start it again on the same data (`npx chainkeep attach`).",
        "A signer that does not answer: bring the signer back, see `SignerUnreachable`. Never start the key in a second place while the first may still sign.",
        "Never restore a signing state from a copy: it would let the validator sign a height for the second time. If the state is lost, wait until the chain is past every height that the key may have signed.",
        "A jailed validator is freed by the operator's own transaction (`tx slashing unjail`), after the cause is gone.",
      ],
    },
    inhibits: [{ alerts: ["ValidatorMissedConsecutive"], equal: ["network", "stack", "validator"] }],
    duringMaintenance: true,
  },
  {
    name: "ValidatorMissedConsecutive",
    preset: "validator",
    group: "Validator",
    scope: "validator",
    applies: fedBy("validator_missed_consecutive"),
    expr: (_, threshold) =>
      `chain:validator_missed_consecutive >= ${threshold} unless ${BY_VALIDATOR} (chain:validator_power == 0)`,
    threshold: {
      value: () => 5,
      unit: "blocks",
      says: "blocks in a row without the validator's signature",
      min: 1,
      max: 1_000_000,
      whole: true,
    },
    current: () => "chain:validator_missed_consecutive",
    // The figure is a streak already: no time is needed to prove it.
    forSeconds: () => 0,
    keepFiringSeconds: (p) => patience(p, 60, 300),
    severity: "warning",
    owner: "ops",
    summary: "validator {{ $labels.validator }} of {{ $labels.network }} misses blocks",
    description: (_, threshold) =>
      `${VALIDATOR} has missed ${VALUE} blocks in a row (limit ${threshold} blocks). Single misses are usual.`,
    dashboard: "validator",
    runbook: {
      meaning:
        "Several blocks in a row came without the validator's signature. It is the early form of `ValidatorNotSigning`, and stays visible for a while after the streak has ended.",
      impact: "Rewards of these blocks are lost, and the misses count in the slashing window.",
      diagnosis: [
        "One streak, or one every few minutes? The dashboard of validators shows it. Regular ones come from backups, cron jobs or a slow disk on the same machine.",
        "Votes that come late count as missed: look at `RpcLatencyHigh`, `DiskIoSaturated`, `ClockSkew` and the peers of the node.",
        "`npx chainkeep logs <process>` around that time: rounds above 0 and timeouts of proposals.",
      ],
      mitigation: [
        "Move what else runs on the machine away from it, or give the validator a disk of its own.",
        "Give a validator sentries near to it, rather than more peers.",
        "Do not start a second copy of the validator to be safe: two copies sign twice.",
      ],
    },
  },
  {
    name: "SlashingWindowBudget",
    preset: "validator",
    group: "Validator",
    scope: "validator",
    applies: fedBy("validator_missed_in_window"),
    expr: (_, threshold) =>
      `chain:validator_missed_in_window / on (network, stack) group_left () (chain:validator_allowed_misses > 0) > ${threshold}`,
    threshold: {
      value: () => 0.5,
      unit: "ratio",
      says: "share of the misses that the chain allows in its window",
      min: 0.01,
      max: 1,
    },
    current: () =>
      "chain:validator_missed_in_window / on (network, stack) group_left () (chain:validator_allowed_misses > 0)",
    forSeconds: (p) => patience(p, 60, 300),
    severity: "critical",
    owner: "ops",
    summary: "validator {{ $labels.validator }} of {{ $labels.network }} is on its way to jail",
    description: (_, threshold) =>
      `${VALIDATOR} has used ${PERCENT} of the misses that the chain allows in its window (limit ${percentOf(threshold)}).`,
    dashboard: "validator",
    runbook: {
      meaning:
        "Chains of the Cosmos SDK jail a validator that misses more than a share of a window of blocks. This says how much of that allowance is used. It needs an exporter that tells both figures, e.g. cosmos-exporter under `monitoring.scrape`; without one it is silent.",
      impact:
        "At 100 % the validator is jailed, a part of its stake and of its delegators' stake is taken, and it earns nothing until it is freed.",
      diagnosis: [
        "Does it miss now, or is it an old outage that has not left the window? `ValidatorMissedConsecutive` and the dashboard of validators tell.",
        "How much is left: allowed misses minus missed ones, times the block time, is the outage that you can still afford.",
      ],
      mitigation: [
        "If it misses now: follow `ValidatorNotSigning`.",
        "If it does not: leave it running. Put off restarts and upgrades until old misses have left the window.",
      ],
    },
    duringMaintenance: true,
  },
  {
    name: "ValidatorInactive",
    preset: "validator",
    group: "Validator",
    scope: "validator",
    applies: fedBy("validator_active"),
    expr: () => "chain:validator_active == 0",
    current: () => "chain:validator_active",
    forSeconds: (p) => patience(p, 60, 120),
    severity: "critical",
    owner: "ops",
    summary: "validator {{ $labels.validator }} of {{ $labels.network }} is not in the set",
    description: () => `${VALIDATOR} is jailed, unbonding or out of the active set: it signs and earns nothing.`,
    dashboard: "validator",
    runbook: {
      meaning:
        "The chain says that the validator is not one of those that sign: jailed for misses, out-voted by others with more stake, or leaving. It needs an exporter that asks the chain, e.g. cosmos-exporter under `monitoring.scrape` for your own address only; without one it is silent.",
      impact: "No rewards for the validator and its delegators. Delegators see it and move away.",
      diagnosis: [
        "Jailed or out-voted? The chain's staking module tells `jailed` and the tokens; compare with the last validator of the active set.",
        "If jailed: for misses, or for a double signature? See `EquivocationEvidence` and the chain's slashing events.",
      ],
      mitigation: [
        "Jailed for misses: first the cause (`ValidatorNotSigning`), then wait for the end of the jail time, then the operator's transaction `tx slashing unjail`.",
        "Jailed for a double signature (tombstoned): that key is over. Stop it on every copy and do not try to unjail; a new validator needs a new key.",
        "Out-voted: more stake, or accept it and turn this alert off with `ValidatorInactive: false`.",
      ],
    },
  },
  {
    name: "AttestationMissStreak",
    preset: "validator",
    group: "Validator",
    scope: "validator",
    applies: fedBy("validator_attestation_miss_total"),
    // A hit that never was is no series at all, and so hits silence the alert instead of their absence raising it.
    expr: (p, threshold) =>
      `(${misses(p)} >= ${threshold}) unless ${BY_VALIDATOR} (increase(chain:validator_attestation_hit_total[${attestationSeconds(p)}s]) > 0)`,
    threshold: {
      value: () => 2,
      unit: "attestations",
      says: "attestations missed while none came into the chain",
      min: 1,
      max: 1000,
      whole: true,
    },
    current: misses,
    forSeconds: () => 0,
    keepFiringSeconds: (p) => patience(p, 60, 300),
    severity: "warning",
    owner: "ops",
    summary: "validator {{ $labels.validator }} of {{ $labels.network }} attests nothing",
    description: (_, threshold) =>
      `${VALIDATOR} has missed ${VALUE} attestations and made none that came into the chain (limit ${threshold} attestations).`,
    dashboard: "validator",
    runbook: {
      meaning:
        "For more than two epochs no attestation of the validator came into the chain. A single miss is usual and is not told. The client creates the counter at the first miss, which is therefore not counted. It needs the validator monitor of the consensus client.",
      impact: "Each missed attestation costs about what a good one earns. It is no reason for slashing.",
      diagnosis: [
        "Is the beacon node in step and connected to its execution client: `npx chainkeep status`, `EngineLinkBroken`, `NodeSyncLag`.",
        "Does the validator client run, and does it reach a beacon node? Its log names the duty that failed.",
        "Was the validator's exit or activation due just now?",
      ],
      mitigation: [
        "Give the validator client a second beacon node to fall back to.",
        "Do not import the keys into a second validator client: its slashing protection knows nothing of the first one's signatures. Move the protection record with the keys, and only after the first client has ended.",
      ],
    },
  },
];
