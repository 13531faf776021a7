import type { ClusterPlan } from "@chainkeep/core";
import type { ExpectedAlert, Series, Signal } from "../promtool";
import {
  always,
  cometbft,
  dies,
  ethereum,
  expected,
  firesAt,
  gone,
  healthy,
  labelsOf,
  networkLabels,
  planOf,
  type Scenario,
  silentAt,
  type Texts,
  until,
  vanishes,
} from "../world";

const ADDRESS = "5C7E3A0F2B";
/** An exporter is scraped: the toy client has no metrics of its own. */
const monitoring = { presets: ["validator"], scrape: { exporter: { targets: ["127.0.0.1:28686"] } } };
const fine = healthy(cometbft);

/** Nodes in front of one signer: all of them show its key. */
const behindSigner = planOf(
  { protocol: "cometbft", network: "cosmoshub" },
  {
    val: { kind: "validator", count: 2, options: { privValidatorLaddr: "tcp://0.0.0.0:26659" } },
  },
);

const comet = (name: string, value: Signal, node: string, of: ClusterPlan = cometbft): Series => ({
  name: `cometbft_consensus_${name}`,
  labels: { ...labelsOf(of, node), chain_id: "c", validator_address: ADDRESS },
  value,
});
const holds = (node: string, value: Signal = always(10), of: ClusterPlan = cometbft) =>
  comet("validator_power", value, node, of);
const evidence = (node: string, value: Signal): Series => ({
  name: "cometbft_consensus_byzantine_validators",
  labels: { ...labelsOf(cometbft, node), chain_id: "c" },
  value,
});
const onEthereum = (name: string, value: Signal, more: Record<string, string> = {}): Series => ({
  name,
  labels: { ...labelsOf(ethereum, "rpc-0", "lighthouse"), ...more },
  value,
});
const horcrux = (name: string, value: Signal): Series => ({
  name: `signer_error_total_${name}`,
  labels: labelsOf(cometbft, "val-0"),
  value,
});

const security = { severity: "critical", owner: "security" };
const equivocation = expected("EquivocationEvidence", { ...networkLabels(cometbft), ...security }, [
  "a block of private holds evidence of a double signature",
  "A block of the last 900 s holds evidence against 1 validators of private (limit 0 validators).",
]);
const duplicate = (node: string, nodes: string): ExpectedAlert =>
  expected("DuplicateValidatorKey", { ...labelsOf(cometbft, node), validator: ADDRESS, ...security }, [
    `${node} of private signs with a key that another node has as well`,
    `Validator ${ADDRESS} is active on ${nodes} nodes (limit 1 node); ${node} (cometbft) is one of them.`,
  ]);
const slashed = (validator: string, count: string): ExpectedAlert =>
  expected("ValidatorSlashed", { ...labelsOf(ethereum, "rpc-0", "lighthouse"), validator, ...security }, [
    `validator ${validator} of mainnet was slashed`,
    `The chain has slashed validator ${validator} (validators slashed: ${count}).`,
  ]);
const refused = (count: string): ExpectedAlert =>
  expected("SlashingProtectionRefused", { ...labelsOf(ethereum, "rpc-0", "lighthouse"), ...security }, [
    "a guard on rpc-0 of mainnet refused to sign",
    `Slashing protection refused ${count} signatures within 900 s (limit 0 signatures): they could have been punished.`,
  ]);
const unreachable = (count: string, limit = "3"): ExpectedAlert =>
  expected("SignerUnreachable", { ...labelsOf(cometbft, "val-0"), severity: "critical", owner: "ops" }, [
    "the remote signer of private does not sign",
    `The remote signer behind val-0 failed to give ${count} signatures within 300 s (limit ${limit} signatures).`,
  ]);
const quorum = (up: string): ExpectedAlert => {
  const texts: Texts = [
    "private has no validator to spare",
    `${up} of 4 validators of private are up and in step; 3 validators are needed to make blocks. At that number the next failure halts the chain, below it the chain stands.`,
  ];
  return expected("QuorumAtRisk", { ...networkLabels(cometbft), severity: "critical", owner: "ops" }, texts);
};
const guards = (blocks: Signal, attestations: Signal) => [
  onEthereum("vc_slashing_protection_block_errors_total", blocks),
  onEthereum("vc_slashing_protection_attestation_errors_total", attestations),
];
const step = (at: number, from: number, to: number) => until(at, always(from), always(to));
/** One failure with each block from a second on, so many at most. */
const failures =
  (from: number, most = Number.POSITIVE_INFINITY): Signal =>
  (t) =>
    Math.min(most, Math.max(0, Math.floor((t - from) / 2) + 1));
const bft = { presets: ["bft"] };
const all = (signals: typeof fine) =>
  Object.fromEntries(["val-0", "val-1", "val-2", "val-3"].map((node) => [node, signals]));

export const VALIDATOR_KEYS: Readonly<Record<string, Scenario>> = {
  "ValidatorSlashed fires at once, also for a figure that sums up many validators": {
    plan: ethereum,
    monitoring,
    more: [
      onEthereum("validator_monitor_slashed", step(60, 0, 1), { validator: "4711" }),
      onEthereum("validator_monitor_slashed", step(60, 0, 3), { validator: "total" }),
    ],
    checks: [...silentAt(45), firesAt(60, slashed("4711", "1"), slashed("total", "3"))],
  },
  "ValidatorSlashed is silent for validators that were not, and without the series": {
    plan: ethereum,
    monitoring,
    more: [onEthereum("validator_monitor_slashed", until(300, always(0)), { validator: "4711" })],
    checks: silentAt(60, 400),
  },

  "EquivocationEvidence fires for one block with evidence, and is told for a quarter of an hour": {
    plan: cometbft,
    monitoring,
    more: [evidence("rpc-0", (t) => (t === 60 ? 1 : 0)), evidence("val-0", (t) => (t === 60 ? 1 : 0))],
    checks: [...silentAt(58), firesAt(60, equivocation), firesAt(600, equivocation), firesAt(958, equivocation)].concat(
      silentAt(962, 1200),
    ),
  },
  "EquivocationEvidence is silent without evidence, and without the series": {
    plan: cometbft,
    monitoring,
    more: [evidence("rpc-0", until(300, always(0)))],
    checks: silentAt(60, 600),
  },

  "DuplicateValidatorKey fires for each of the nodes at once": {
    plan: cometbft,
    monitoring,
    more: [holds("val-0"), holds("val-1", until(60, gone, always(10))), holds("rpc-0", until(120, gone, always(10)))],
    checks: [
      ...silentAt(58),
      firesAt(60, duplicate("val-0", "2"), duplicate("val-1", "2")),
      firesAt(120, duplicate("val-0", "3"), duplicate("val-1", "3"), duplicate("rpc-0", "3")),
    ],
  },
  "DuplicateValidatorKey is silent for nodes of a remote signer": {
    plan: behindSigner,
    monitoring,
    more: [holds("val-0", always(10), behindSigner), holds("val-1", always(10), behindSigner)],
    checks: silentAt(60, 600),
  },
  "DuplicateValidatorKey is silent for keys of their own, for a key that has moved, and for a copy without power": {
    plan: cometbft,
    monitoring,
    more: [
      holds("val-0", until(60, always(10))),
      holds("val-1", until(62, gone, always(10))),
      holds("val-2", always(0)),
      { ...holds("val-3"), labels: { ...holds("val-3").labels, validator_address: "0000" } },
    ],
    checks: silentAt(58, 60, 62, 64, 300),
  },

  "SlashingProtectionRefused fires for either guard, and is told for a quarter of an hour": {
    plan: ethereum,
    monitoring,
    more: guards(always(0), step(1200, 0, 1)),
    checks: [...silentAt(1185), firesAt(1200, refused("1")), firesAt(2070, refused("1")), ...silentAt(2115)],
  },
  "SlashingProtectionRefused fires when the counter comes with the first refusal": {
    plan: ethereum,
    monitoring,
    more: guards(until(1200, gone, always(1)), until(1200, gone, always(1))),
    checks: [...silentAt(1185), firesAt(1200, refused("2")), ...silentAt(2115)],
  },
  "SlashingProtectionRefused fires although the client has ended after it": {
    plan: ethereum,
    monitoring,
    more: guards(until(1230, always(0)), until(1230, step(1200, 0, 1))),
    checks: [firesAt(1260, refused("1")), ...silentAt(2115)],
  },
  "SlashingProtectionRefused is silent for refusals of long ago, and while there are none": {
    plan: ethereum,
    monitoring,
    more: guards(always(0), always(3)),
    // A Prometheus that is new cannot know: it tells once of what it finds.
    checks: [firesAt(600, refused("3")), ...silentAt(915, 1800, 3600)],
  },

  "SignerUnreachable fires at the fourth signature that fails": {
    plan: cometbft,
    monitoring,
    more: [horcrux("insufficient_cosigners", failures(60)), horcrux("invalid_signatures", always(0))],
    // More than three at 66, for ten seconds.
    checks: [...silentAt(58, 66, 74), firesAt(76, unreachable("9"))],
  },
  "SignerUnreachable fires at the first one by the user's threshold, whichever way it fails": {
    plan: cometbft,
    monitoring: { ...monitoring, alerts: { SignerUnreachable: { threshold: 0 } } },
    more: [horcrux("insufficient_cosigners", always(7)), horcrux("invalid_signatures", failures(60, 1))],
    checks: [...silentAt(68), firesAt(70, unreachable("1", "0")), ...silentAt(362)],
  },
  "SignerUnreachable is silent at the threshold, for failures of long ago, and after a restart of the signer": {
    plan: cometbft,
    monitoring,
    more: [
      horcrux("insufficient_cosigners", until(400, failures(60, 3), always(0))),
      horcrux("invalid_signatures", until(400, always(50), always(0))),
    ],
    checks: silentAt(58, 70, 100, 360, 402, 900),
  },

  "QuorumAtRisk fires when no validator may fail any more": {
    plan: cometbft,
    monitoring: bft,
    nodes: { "val-0": dies(60, fine) },
    checks: [...silentAt(58, 118), firesAt(120, quorum("3")), firesAt(900, quorum("3"))],
  },
  "QuorumAtRisk fires when all validators are gone, and when nothing is known of any": {
    plan: cometbft,
    monitoring: bft,
    nodes: all(vanishes(300, dies(60, fine))),
    checks: [...silentAt(118), firesAt(120, quorum("0")), firesAt(600, quorum("0"))],
  },
  "QuorumAtRisk fires while a validator catches up": {
    plan: cometbft,
    monitoring: bft,
    nodes: { "val-1": { ...fine, syncing: until(60, always(0), until(300, always(1), always(0))) } },
    checks: [...silentAt(118), firesAt(120, quorum("3")), ...silentAt(302)],
  },
  "QuorumAtRisk is silent with all of them up, when one is restarted, and when other nodes are down": {
    plan: cometbft,
    monitoring: bft,
    nodes: {
      "rpc-0": dies(60, fine),
      "rpc-1": vanishes(60, fine),
      "val-0": { ...fine, up: (t) => (t >= 100 && t < 158 ? 0 : 1) },
    },
    checks: silentAt(60, 158, 200, 900),
  },
};
