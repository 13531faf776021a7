import type { ExpectedAlert, Series, Signal } from "../promtool";
import {
  always,
  cometbft,
  ethereum,
  expected,
  firesAt,
  freeze,
  gone,
  healthy,
  labelsOf,
  rising,
  type Scenario,
  silentAt,
  until,
} from "../world";
import { texts } from "./validator-texts";

const ADDRESS = "5C7E3A0F2B";
/** Only alerts on validators: what they need beside, healthy nodes have. */
/** An exporter is scraped: the toy client has no metrics of its own. */
const monitoring = { presets: ["validator"], scrape: { exporter: { targets: ["127.0.0.1:28686"] } } };
const fine = healthy(cometbft);

const comet = (name: string, value: Signal, node = "val-0"): Series => ({
  name: `cometbft_consensus_${name}`,
  labels: { ...labelsOf(cometbft, node), chain_id: "c", validator_address: ADDRESS },
  value,
});
/** Of a job under `monitoring.scrape` that names the node. */
const beside = (name: string, value: Signal, labels: Record<string, string> = { moniker: "acme" }): Series => ({
  name,
  labels: { ...labelsOf(cometbft, "val-0"), chain_id: "c", ...labels },
  value,
});
const attested = (what: string, value: Signal): Series => ({
  name: `validator_monitor_prev_epoch_on_chain_attester_${what}`,
  labels: { ...labelsOf(ethereum, "rpc-0", "lighthouse"), validator: "4711" },
  value,
});

const alert = (name: keyof typeof texts, severity: string, validator: string, ...figures: string[]): ExpectedAlert =>
  expected(
    name,
    { ...labelsOf(cometbft, "val-0"), validator, severity, owner: "ops" },
    texts[name](validator, ...figures),
  );
const notSigning = (blocks: string, limit = "20") => alert("ValidatorNotSigning", "critical", ADDRESS, blocks, limit);
const missing = (validator: string, blocks: string) =>
  alert("ValidatorMissedConsecutive", "warning", validator, blocks);
const attestsNothing = (misses: string): ExpectedAlert =>
  expected(
    "AttestationMissStreak",
    { ...labelsOf(ethereum, "rpc-0", "lighthouse"), validator: "4711", severity: "warning", owner: "ops" },
    texts.AttestationMissStreak("4711", misses),
  );

const signs = rising(cometbft);
const power = comet("validator_power", always(10));
const signed = (value: Signal) => comet("validator_last_signed_height", value);
const epochs: Signal = (t) => Math.floor(t / 384);
/** As a client counts: nothing is there before the first time. */
const counter =
  (...times: number[]): Signal =>
  (t) => {
    const count = times.filter((one) => one <= t).length;
    return count === 0 ? undefined : count;
  };
const jailed = (at: number) => [
  beside("cosmos_validator_active", always(1)),
  beside("cosmos_validator_jailed", until(at, always(0), always(1))),
];
const window = [
  beside("cosmos_params_signed_blocks_window", always(10_000), {}),
  beside("cosmos_params_min_signed_per_window", always(0.05), {}),
];
const inWindow = (value: number) => beside("cosmos_validator_missed_blocks", always(value));

export const VALIDATOR: Readonly<Record<string, Scenario>> = {
  "ValidatorNotSigning fires when blocks come without its signature": {
    plan: cometbft,
    monitoring,
    more: [power, signed(freeze(60, signs))],
    checks: [...silentAt(58, 78, 88), firesAt(90, notSigning("31")), firesAt(600, notSigning("541"))],
  },
  "ValidatorNotSigning fires without a figure of voting power, and ends with the first signature": {
    plan: cometbft,
    monitoring,
    more: [signed(until(200, freeze(60, signs), signs))],
    checks: [firesAt(198, notSigning("139")), ...silentAt(202, 300)],
  },
  "ValidatorNotSigning fires earlier by the user's threshold": {
    plan: cometbft,
    monitoring: { ...monitoring, alerts: { ValidatorNotSigning: { threshold: 5, forSeconds: 0 } } },
    more: [power, signed(freeze(60, signs))],
    checks: [...silentAt(64), firesAt(66, notSigning("7", "5"))],
  },
  "ValidatorNotSigning is silent when all is well, at the threshold, and when a sibling claims an impossible height": {
    plan: cometbft,
    monitoring,
    nodes: { "rpc-0": { ...fine, height: always(9_000_000_000) } },
    more: [power, signed((t) => (signs(t) ?? 0) - 20)],
    checks: silentAt(2, 60, 300, 900),
  },
  "ValidatorNotSigning is silent for a gap that is over within its time": {
    plan: cometbft,
    monitoring,
    more: [power, signed(until(88, freeze(60, signs), signs))],
    checks: silentAt(80, 86, 90, 300),
  },
  "ValidatorNotSigning is silent for a validator that has left the set": {
    plan: cometbft,
    monitoring,
    more: [comet("validator_power", until(60, always(10), always(0))), signed(freeze(60, signs))],
    checks: silentAt(100, 600),
  },
  "ValidatorNotSigning is silent while the node catches up and tells no signatures": {
    plan: cometbft,
    monitoring,
    nodes: { "val-0": { ...fine, height: always(5), syncing: always(1) } },
    more: [signed(until(600, gone, signs))],
    checks: silentAt(60, 598),
  },

  "ValidatorMissedConsecutive fires at the fifth miss, by the node's own figures, and stays for a while": {
    plan: cometbft,
    monitoring,
    more: [
      power,
      { ...comet("latest_block_height", signs), labels: { ...labelsOf(cometbft, "val-0"), chain_id: "c" } },
      signed(until(72, freeze(61, signs), signs)),
    ],
    checks: [
      ...silentAt(58, 64),
      firesAt(66, missing(ADDRESS, "6")),
      firesAt(70, missing(ADDRESS, "10")),
      // The value is that of the last time that it was true.
      firesAt(100, missing(ADDRESS, "10")),
      ...silentAt(140, 300),
    ],
  },
  "ValidatorMissedConsecutive fires by what tenderduty says": {
    plan: cometbft,
    monitoring,
    more: [beside("tenderduty_consecutive_missed_blocks", until(60, always(4), always(5)))],
    checks: [...silentAt(58), firesAt(60, missing("acme", "5"))],
  },
  "ValidatorMissedConsecutive is silent for single misses and for a validator without power": {
    plan: cometbft,
    monitoring,
    more: [
      comet("validator_power", always(0)),
      { ...comet("latest_block_height", signs), labels: { ...labelsOf(cometbft, "val-0"), chain_id: "c" } },
      comet("validator_last_signed_height", always(3)),
      beside("tenderduty_consecutive_missed_blocks", (t) => (t % 40 < 20 ? 0 : 4)),
    ],
    checks: silentAt(30, 60, 300),
  },

  "SlashingWindowBudget fires when half of the allowed misses is used": {
    plan: cometbft,
    monitoring,
    more: [...window, beside("cosmos_validator_missed_blocks", until(60, always(0), always(4845)))],
    checks: [
      ...silentAt(58, 118),
      firesAt(120, alert("SlashingWindowBudget", "critical", "acme", "51%", "50%")),
      firesAt(600, alert("SlashingWindowBudget", "critical", "acme", "51%", "50%")),
    ],
  },
  "SlashingWindowBudget fires earlier by the user's threshold": {
    plan: cometbft,
    monitoring: { ...monitoring, alerts: { SlashingWindowBudget: { threshold: 0.1 } } },
    more: [...window, inWindow(1900)],
    checks: [firesAt(120, alert("SlashingWindowBudget", "critical", "acme", "20%", "10%"))],
  },
  "SlashingWindowBudget is silent at the threshold": {
    plan: cometbft,
    monitoring,
    more: [...window, inWindow(4750)],
    checks: silentAt(120, 600),
  },
  "SlashingWindowBudget is silent without the chain's parameters, and where no miss is allowed at all": {
    plan: cometbft,
    monitoring,
    more: [
      inWindow(9499),
      { ...beside("tenderduty_missed_blocks_for_window", always(80), { moniker: "other" }) },
      beside("cosmos_params_signed_blocks_window", always(10_000), {}),
      beside("cosmos_params_min_signed_per_window", until(300, gone, always(1)), {}),
    ],
    checks: silentAt(120, 600),
  },

  "ValidatorInactive fires for a jailed validator": {
    plan: cometbft,
    monitoring,
    more: jailed(60),
    checks: [...silentAt(58, 118), firesAt(120, alert("ValidatorInactive", "critical", "acme"))],
  },
  "ValidatorInactive is silent in the set, during a short blink, and when the exporter is gone": {
    plan: cometbft,
    monitoring,
    more: [
      beside(
        "cosmos_validator_active",
        until(300, (t) => (t > 60 && t < 110 ? 0 : 1)),
      ),
      jailed(9999)[1] as Series,
    ],
    checks: silentAt(58, 100, 130, 200, 400),
  },

  "AttestationMissStreak fires after two epochs without an attestation": {
    plan: ethereum,
    monitoring,
    // Two hits that should come at 2304 and 2688 do not.
    more: [attested("hit", until(2304, epochs, always(5))), attested("miss", counter(384, 2304, 2688, 3072))],
    checks: [
      ...silentAt(1000, 2310, 2700, 2760),
      firesAt(2775, attestsNothing("2")),
      firesAt(3075, attestsNothing("3")),
    ],
  },
  "AttestationMissStreak fires for a validator that never attests, once the counter is there": {
    plan: ethereum,
    monitoring,
    more: [attested("miss", counter(384, 768, 1152, 1536))],
    // The miss that made the counter is not counted.
    checks: [...silentAt(390, 780), firesAt(1155, attestsNothing("2"))],
  },
  "AttestationMissStreak fires at the first one by the user's threshold": {
    plan: ethereum,
    monitoring: { ...monitoring, alerts: { AttestationMissStreak: { threshold: 1 } } },
    more: [attested("miss", counter(384, 768))],
    checks: [
      firesAt(780, {
        ...attestsNothing("1"),
        annotations: {
          ...attestsNothing("1").annotations,
          description:
            "Validator 4711 has missed 1 attestations and made none that came into the chain (limit 1 attestations).",
        },
      }),
    ],
  },
  "AttestationMissStreak is silent for single misses between hits, and after a restart of the client": {
    plan: ethereum,
    monitoring,
    more: [
      attested("hit", (t) => (t < 3000 ? epochs(t) : epochs(t - 3000))),
      attested("miss", (t) => (t < 3000 ? counter(384, 1152, 1920)(t) : undefined)),
    ],
    checks: silentAt(390, 1170, 1935, 2310, 3015, 3400, 4000),
  },
};
