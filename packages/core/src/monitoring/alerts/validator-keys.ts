import type { AlertDefinition, AlertParameters } from "../types";
import { atLeast, BY_NODE, DAY, fedBy, patience, risen, VALUE } from "./expressions";

const VALIDATOR = "Validator {{ $labels.validator }}";
const BY_VALIDATOR = "on (network, stack, validator)";

/** Nodes that sign with a key of their own: with a remote signer, every sentry of the validator shows its key. */
const HOLDERS = `((chain:validator_key_active == 1) unless ${BY_NODE} chain:remote_signer)`;

/** How long evidence and refusals are told: a person must still find them. */
const EVIDENCE_SECONDS = 900;
const SIGNER_SECONDS = 300;

/**
 * A counter that has risen in the window, also one that the program creates only with the first event: a counter that was not
 * there for a day before the window has risen from nothing. A program that has ended since is still told of.
 */
function rose(counter: string, seconds: number): string {
  const before = `last_over_time(${counter}[${DAY}s] offset ${seconds}s)`;
  return `(increase(${counter}[${seconds}s]) > 0) or ((${counter} > 0) unless ${before})`;
}

const signerFailures = (p: AlertParameters) => risen("chain:signer_failures_total", atLeast(SIGNER_SECONDS, p));

/** Keys that sign twice or might, and guards that keep them from it. Each of them can cost the stake. */
export const VALIDATOR_KEYS: readonly AlertDefinition[] = [
  {
    name: "ValidatorSlashed",
    preset: "validator",
    group: "Validator",
    scope: "validator",
    applies: fedBy("validator_slashed"),
    expr: () => "chain:validator_slashed > 0",
    current: () => "chain:validator_slashed",
    forSeconds: () => 0,
    severity: "critical",
    owner: "security",
    summary: "validator {{ $labels.validator }} of {{ $labels.network }} was slashed",
    description: () => `The chain has slashed validator {{ $labels.validator }} (validators slashed: ${VALUE}).`,
    dashboard: "validator",
    runbook: {
      meaning:
        "The chain holds a proof that this validator signed two things that exclude each other, and has punished it. A slashed validator stays slashed: the alert ends when it is taken out of monitoring, or silenced.",
      impact:
        "A part of the stake is gone, and the validator is forced out. On Ethereum the loss grows with the number of validators that are slashed in the same weeks: one that goes on signing makes it worse for all of yours.",
      diagnosis: [
        "Which two signatures: the chain's slashing event or a block explorer names both, with slot or height and time.",
        "Which of your machines had the key at that time? Think of copies: an old machine that came back, a restored disk, a test with real keys, a second client after a move.",
      ],
      mitigation: [
        "Stop signing on every copy first, before you look for the cause: each validator process, each validator client, each signer that has this key. Then see that none of them starts again by itself.",
        "If other validators share machine, signer or operator with this one, stop them too until the cause is known: they are likely to follow.",
        "Never restore a signing state or a slashing protection record from a copy to go on.",
        "Keep logs, signing states and protection records as they are: they are the evidence.",
        "Tell your delegators and whoever depends on the stake.",
      ],
    },
    duringMaintenance: true,
  },
  {
    name: "EquivocationEvidence",
    preset: "validator",
    group: "Validator",
    scope: "network",
    applies: fedBy("byzantine_validators"),
    // The next block sets the gauge back to 0: the window holds on to it.
    expr: (p) =>
      `max by (network, stack) (max_over_time(chain:byzantine_validators[${atLeast(EVIDENCE_SECONDS, p)}s])) > 0`,
    current: () => "chain:byzantine_validators",
    forSeconds: () => 0,
    severity: "critical",
    owner: "security",
    summary: "a block of {{ $labels.network }} holds evidence of a double signature",
    description: (p) =>
      `A block of the last ${atLeast(EVIDENCE_SECONDS, p)} s holds evidence against ${VALUE} validators of {{ $labels.network }} (limit 0 validators).`,
    dashboard: "validator",
    runbook: {
      meaning:
        "A node has seen a block with evidence that a validator signed two blocks of one height. Whose key it was, the series does not say; on a public network it may be a stranger's. CometBFT tells it for one block only: on a chain that is faster than the scrapes, evidence can also go by unseen.",
      impact:
        "If it is one of yours: it is tombstoned for ever and loses a part of its stake. On a private network somebody runs a key twice, or has stolen one.",
      diagnosis: [
        "Whose: `/block?height=<height>` of a node shows `evidence` with the validator's address. The dashboard of validators shows the time.",
        "Compare with the addresses of your own validators, and see whether `DuplicateValidatorKey` fires.",
      ],
      mitigation: [
        "If it is yours: stop signing on every copy first. Then find out which copy was the second one.",
        "Never restore a signing state, and never start a validator on restored data: this is how most double signatures come about.",
        "A tombstoned key cannot come back. Make a new validator with a new key.",
        "If it is somebody else's on a private network: tell its operator by another channel than the machine in question.",
      ],
    },
    duringMaintenance: true,
  },
  {
    name: "DuplicateValidatorKey",
    preset: "validator",
    group: "Validator",
    scope: "validator",
    applies: fedBy("validator_key_active"),
    // One alert for each node that has the key, so that the message names all of them.
    expr: () =>
      `${HOLDERS} * ${BY_VALIDATOR} group_left () (count by (network, stack, validator) (count by (network, stack, validator, node) (${HOLDERS})) > 1)`,
    current: () => "chain:validator_key_active",
    forSeconds: () => 0,
    severity: "critical",
    owner: "security",
    summary: "{{ $labels.node }} of {{ $labels.network }} signs with a key that another node has as well",
    description: () =>
      `${VALIDATOR} is active on ${VALUE} nodes (limit 1 node); {{ $labels.node }} ({{ $labels.client }}) is one of them.`,
    dashboard: "validator",
    runbook: {
      meaning:
        "Two nodes of this stack run with the same validator key. Nodes with a remote signer (`privValidatorLaddr`) are left out: all of a signer's nodes show its key. A copy outside of this stack cannot be seen from here. CometBFT tells the key once it takes part in consensus, so that a copy that still catches up is not seen yet.",
      impact:
        "It is a matter of time until both sign the same height differently: the stake is slashed and the key is over.",
      diagnosis: [
        "The alert comes once per node that has the key: all of them are in the message.",
        "How did the key get there: a data directory that was copied, a backup with keys in it, a second group with the same key file?",
      ],
      mitigation: [
        "Stop signing on every copy first, all of them, now: `npx chainkeep attach`, and stop the processes of the nodes that the alert names. A validator that misses blocks costs little.",
        "Decide for one node, the one with the newest signing state (`data/priv_validator_state.json`). Take the key off the others before anything is started.",
        "Never restore a signing state from a copy, and never take the older of two.",
        "If both have signed the same height already, see `EquivocationEvidence`; a key whose copies nobody can account for is best retired.",
      ],
    },
    duringMaintenance: true,
  },
  {
    name: "SlashingProtectionRefused",
    preset: "validator",
    group: "Validator",
    scope: "validator",
    applies: fedBy("slashing_protection_refused_total"),
    expr: (p) => rose("chain:slashing_protection_refused_total", atLeast(EVIDENCE_SECONDS, p)),
    current: () => "chain:slashing_protection_refused_total",
    forSeconds: () => 0,
    severity: "critical",
    owner: "security",
    summary: "a guard on {{ $labels.node }} of {{ $labels.network }} refused to sign",
    description: (p) =>
      `Slashing protection refused ${VALUE} signatures within ${atLeast(EVIDENCE_SECONDS, p)} s (limit 0 signatures): they could have been punished.`,
    dashboard: "validator",
    runbook: {
      meaning:
        "A validator client asked for a signature that does not fit what the key has signed before, and its slashing protection said no. Nothing bad was signed here. Where Prometheus sees such a counter for the first time and it is not 0, it is told once.",
      impact:
        "The guard knows only its own record. That the question came at all means that another copy may have signed, that the clock jumped back, or that the record is older than the key's signatures.",
      diagnosis: [
        "The client's log names validator, slot and reason of the refusal.",
        "Does another client have the same keys? Think of the machine that this one was moved from.",
        "`ClockSkew` and `ClockUnsynchronised` of the machine.",
      ],
      mitigation: [
        "Stop signing on every copy first until you know that there is only one.",
        "Never delete the slashing protection record to make it sign again, and never restore an older one.",
        "After a move of keys: export the record from the old client, after it has ended, and import it into the new one.",
      ],
    },
    duringMaintenance: true,
  },
  {
    name: "SignerUnreachable",
    preset: "validator",
    group: "Validator",
    scope: "validator",
    applies: fedBy("signer_failures_total"),
    expr: (p, threshold) => `${signerFailures(p)} > ${threshold}`,
    threshold: {
      value: () => 3,
      unit: "signatures",
      says: "signatures in about five minutes that the signer may fail to give",
      min: 0,
      max: 100_000,
      whole: true,
    },
    current: signerFailures,
    forSeconds: (p) => patience(p, 10, 60),
    severity: "critical",
    owner: "ops",
    summary: "the remote signer of {{ $labels.network }} does not sign",
    description: (p, threshold) =>
      `The remote signer behind {{ $labels.node }} failed to give ${VALUE} signatures within ${atLeast(SIGNER_SECONDS, p)} s (limit ${threshold} signatures).`,
    dashboard: "validator",
    runbook: {
      meaning:
        "The remote signer cannot give signatures: of a threshold signer (Horcrux) too few cosigners answer, or their parts do not fit together. It is told from the signer's own series, which a job under `monitoring.scrape` must bring (with `node`, so that the alert names the validator); a signer that is gone altogether is seen by `ValidatorNotSigning`.",
      impact: "The validator misses blocks as long as it lasts.",
      diagnosis: [
        "Which cosigners answer: the leader's log, and `signer_missed_ephemeral_shares` by peer.",
        "Do the cosigners reach each other, and do their clocks agree?",
        "`npx chainkeep logs <process>` of the validator's node: does the signer still connect to it?",
      ],
      mitigation: [
        "Bring back the cosigner that is missing, on its own data. The threshold is enough: not all are needed.",
        "Never restore a cosigner's signing state from a copy, and never start one cosigner in two places: the guard against double signatures lies in this state.",
        "If the signer cannot be brought back soon, let the validator miss. Starting the whole key on another machine is the last resort, and only once every part of the old signer is off for certain.",
      ],
    },
    duringMaintenance: true,
  },
];
