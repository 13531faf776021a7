import type { Canonical } from "./series";

/** Backups, as the vault's agent tells them. */
const BACKUPS: readonly Canonical[] = (
  [
    ["last_success_timestamp_seconds", "unix seconds", "when the newest recovery point was taken"],
    ["last_verified_timestamp_seconds", "unix seconds", "when a recovery point was last proven"],
    ["last_attempt_status", "0/1", "whether the last attempt succeeded"],
    ["last_verification_status", "0/1", "0 if the last proof found a recovery point bad"],
    ["last_drill_status", "0/1", "whether the last drill brought a restored node to the head of the network"],
    ["last_check_status", "0/1", "0 if the last look over the vault's store found damage"],
    ["interval_seconds", "seconds", "time between two scheduled recovery points"],
    ["size_bytes", "bytes", "size of the newest recovery point"],
    ["height", "blocks", "height of the newest recovery point"],
    ["points", "points", "recovery points that are kept"],
    ["bad_points", "points", "recovery points that are kept although they failed their proof"],
    ["last_restore_seconds", "seconds", "what the last restore or drill took"],
    ["downtime_seconds", "seconds", "how long the node stood still for the newest recovery point"],
    ["store_bytes", "bytes", "what the vault takes"],
    ["locked_until_timestamp_seconds", "unix seconds", "until when the newest recovery point cannot be deleted"],
    ["transfer_errors_total", "errors", "failed transfers to a destination"],
  ] as const
).map(([name, unit, says]) => ({
  name: `chain:backup_${name}`,
  scope: "vault",
  unit,
  says,
  // Of several attempts at once, the failed one counts.
  agent: name.endsWith("_status") ? `min by (network, stack, vault) (chain_backup_${name})` : `chain_backup_${name}`,
}));

/** Mirrors as live copies of the chain. */
const MIRRORS: readonly Canonical[] = [
  {
    name: "chain:mirror_lag_blocks",
    scope: "node",
    unit: "blocks",
    says: "blocks that a live copy is behind the network",
    agent: "chain_mirror_lag_blocks",
  },
  {
    name: "chain:mirror_lag_seconds",
    scope: "node",
    unit: "seconds",
    says: "time since the network passed the height of a live copy: what would be lost with everything else",
    agent: "chain_mirror_lag_seconds",
  },
];

export const VAULT_SERIES: readonly Canonical[] = [...BACKUPS, ...MIRRORS];
