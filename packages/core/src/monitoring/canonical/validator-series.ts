import type { Canonical } from "./series";

/** Exporters call a validator by other labels than ours. */
const of = (series: string, label: string) => `label_replace(${series}, "validator", "$1", "${label}", "(.+)")`;

/** A validator's duties, as its own process, an exporter beside it or its signer tells them. */
export const VALIDATOR_SERIES: readonly Canonical[] = [
  {
    name: "chain:validator_last_signed_height",
    scope: "validator",
    unit: "blocks",
    says: "height of the last block that the validator signed",
    native: "validator_last_signed_height",
  },
  {
    name: "chain:validator_power",
    scope: "validator",
    unit: "votes",
    says: "voting power; 0 outside of the set",
    native: "validator_power",
  },
  {
    name: "chain:validator_key_active",
    scope: "validator",
    unit: "0/1",
    says: "the process signs with this key",
    native: "validator_key_active",
  },
  {
    name: "chain:validator_missed_consecutive",
    scope: "validator",
    unit: "blocks",
    says: "blocks in a row that the validator has not signed",
    native: "validator_missed_consecutive",
    other: [of("tenderduty_consecutive_missed_blocks", "moniker")],
  },
  {
    name: "chain:validator_missed_in_window",
    scope: "validator",
    unit: "blocks",
    says: "blocks of the slashing window that the validator has not signed",
    native: "validator_missed_in_window",
    other: [of("tenderduty_missed_blocks_for_window", "moniker"), of("cosmos_validator_missed_blocks", "moniker")],
  },
  {
    // A parameter of the chain: the same for all of its validators.
    name: "chain:validator_allowed_misses",
    scope: "network",
    unit: "blocks",
    says: "misses in the window at which the chain jails the validator",
    native: "validator_allowed_misses",
    other: ["cosmos_params_signed_blocks_window * (1 - cosmos_params_min_signed_per_window)"],
  },
  {
    name: "chain:validator_active",
    scope: "validator",
    unit: "0/1",
    says: "the validator is in the set and not jailed",
    native: "validator_active",
    other: [of("cosmos_validator_active * (1 - cosmos_validator_jailed)", "moniker")],
  },
  {
    name: "chain:validator_slashed",
    scope: "validator",
    unit: "validators",
    says: "1 when the chain has slashed the validator; an exporter that sums up many counts them",
    native: "validator_slashed",
    other: ["validator_monitor_slashed"],
  },
  {
    name: "chain:validator_attestation_hit_total",
    scope: "validator",
    unit: "attestations",
    says: "attestations that came into the chain",
    native: "validator_attestation_hit_total",
    // The second name is Lodestar's.
    other: [
      "validator_monitor_prev_epoch_on_chain_attester_hit",
      "validator_monitor_prev_epoch_on_chain_attester_hit_total",
    ],
  },
  {
    name: "chain:validator_attestation_miss_total",
    scope: "validator",
    unit: "attestations",
    says: "attestations that did not",
    native: "validator_attestation_miss_total",
    other: [
      "validator_monitor_prev_epoch_on_chain_attester_miss",
      "validator_monitor_prev_epoch_on_chain_attester_miss_total",
    ],
  },
  {
    name: "chain:slashing_protection_refused_total",
    scope: "validator",
    unit: "signatures",
    says: "signatures that a guard refused because they would be slashed",
    native: "slashing_protection_refused_total",
    // One sum: of two series with the same labels, "or" would hide the second. Horcrux's signer_total_beyond_block_errors is
    // left out: it also counts the second, harmless request for a block that several sentries make.
    other: ["vc_slashing_protection_block_errors_total + vc_slashing_protection_attestation_errors_total"],
  },
  {
    name: "chain:signer_failures_total",
    scope: "validator",
    unit: "signatures",
    says: "signatures that the remote signer could not give",
    native: "signer_failures_total",
    // signer_missed_precommits is a streak that goes back to 0, and no counter.
    other: ["signer_error_total_insufficient_cosigners + signer_error_total_invalid_signatures"],
  },
  {
    name: "chain:byzantine_validators",
    scope: "node",
    unit: "validators",
    says: "validators that the last block has evidence against; the next block forgets them",
    native: "byzantine_validators",
  },
];
