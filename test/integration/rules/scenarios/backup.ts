import type { ExpectedAlert, Series, Signal } from "../promtool";
import {
  always,
  expected,
  firesAt,
  freeze,
  gone,
  healthy,
  kept,
  networkLabels,
  quick,
  rising,
  type Scenario,
  silentAt,
  until,
} from "../world";

/** A recovery point every half an hour; one an hour is promised, and one proof in two. */
export const monitoring = {
  presets: ["backup"],
  objectives: { rpoSeconds: 3600, verifySeconds: 7200 },
  // Minutes in place of seconds: hours of samples stay few.
  scrapeIntervalSeconds: 60,
};
const INTERVAL = 1800;
export const labels = { ...networkLabels(quick), vault: "vault" };

interface Vault {
  readonly success?: Signal;
  readonly verified?: Signal;
  readonly status?: Signal;
  readonly interval?: Signal;
  readonly size?: Signal;
  readonly height?: Signal;
  readonly verification?: Signal;
  readonly drill?: Signal;
  readonly check?: Signal;
  readonly restore?: Signal;
}
const NAMES: Readonly<Record<keyof Vault, string>> = {
  success: "last_success_timestamp_seconds",
  verified: "last_verified_timestamp_seconds",
  status: "last_attempt_status",
  interval: "interval_seconds",
  size: "size_bytes",
  height: "height",
  verification: "last_verification_status",
  drill: "last_drill_status",
  check: "last_check_status",
  restore: "last_restore_seconds",
};
const last =
  (every: number): Signal =>
  (t) =>
    Math.floor(t / every) * every;
const tip = rising(quick);
const heightAt =
  (time: Signal): Signal =>
  (t) =>
    tip(time(t) ?? 0);
const good: Vault = {
  success: last(INTERVAL),
  verified: last(2 * INTERVAL),
  status: always(1),
  interval: always(INTERVAL),
  size: (t) => 1e9 + 1e6 * Math.floor(t / INTERVAL),
  height: heightAt(last(INTERVAL)),
};
export const vault = (changes: Vault = {}): Series[] =>
  (Object.entries({ ...good, ...changes }) as [keyof Vault, Signal][]).map(([key, value]) => ({
    name: `chain_backup_${NAMES[key]}`,
    labels,
    value,
  }));
export const alert = (name: string, severity: string, summary: string, description: string): ExpectedAlert =>
  expected(name, { ...labels, severity, owner: "ops" }, [summary, description]);

const neverKnown = alert(
  "BackupNeverRan",
  "warning",
  "vault vault has no recovery point",
  "vault vault should hold a recovery point of private, and for 1h 0m 0s none is known.",
);

const tooOld = (age: string) =>
  alert(
    "BackupTooOld",
    "critical",
    "the newest recovery point in vault vault is too old",
    `The newest recovery point of private in vault vault is ${age} old (limit 1h 0m 0s, the recovery point objective).`,
  );
const never = alert(
  "BackupNeverRan",
  "warning",
  "vault vault has no recovery point",
  "vault vault should hold a recovery point of private every 30m 0s, and has none after 1h 0m 0s.",
);
const failed = alert(
  "BackupFailed",
  "warning",
  "the last backup into vault vault failed",
  "The last attempt to back up private into vault vault failed (status 0, limit 1).",
);
const unverified = (age: string, limit = "2h 0m 0s") =>
  alert(
    "BackupUnverified",
    "warning",
    "no recovery point in vault vault was proven lately",
    `For ${age} no recovery point of private in vault vault was proven (limit ${limit}).`,
  );
const small = (share: string, limit = "70%") =>
  alert(
    "BackupSizeAnomaly",
    "warning",
    "the newest recovery point in vault vault is strangely small",
    `The newest recovery point of private in vault vault has ${share} of the size of the largest one within 7h 0m 0s (limit ${limit}).`,
  );
const stale = (height: string, window = "2h 0m 0s") =>
  alert(
    "BackupHeightStale",
    "warning",
    "the newest recovery point in vault vault holds an old chain",
    `The newest recovery point of private in vault vault is of height ${height}, which the network had passed ${window} ago (limit ${window}).`,
  );

export const BACKUP: Readonly<Record<string, Scenario>> = {
  "BackupTooOld fires when no attempt succeeds any more": {
    plan: quick,
    monitoring,
    more: vault({ success: freeze(7201, last(INTERVAL)), height: freeze(7201, good.height ?? gone) }),
    // Older than an hour at 10860, and that for six minutes.
    checks: [...silentAt(10_800, 11_160), firesAt(11_220, tooOld("1h 7m 0s"))],
  },
  "BackupTooOld is silent at the objective, and when a backup is a little late": {
    plan: quick,
    monitoring,
    more: vault({ success: (t) => (t < 7500 ? last(3600)((t < 3900 ? 0 : t - 300) + 0) : 7200) }),
    checks: silentAt(3600, 3840, 7200, 7440, 10_800),
  },
  "BackupTooOld is silent in a healthy vault, like all the others": {
    plan: quick,
    monitoring,
    more: vault(),
    checks: silentAt(60, 3600, 7200, 10_800, 30_000),
  },
  "BackupTooOld is silent without a vault, like all the others": {
    plan: quick,
    monitoring,
    checks: silentAt(60, 3600, 10_800),
  },

  "BackupNeverRan fires when the objective has passed without a recovery point": {
    plan: quick,
    monitoring,
    more: vault({ success: gone, verified: gone, status: gone, size: gone, height: gone }),
    checks: [...silentAt(60, 3540), firesAt(3600, never), firesAt(20_000 - 20, never)],
  },
  "BackupNeverRan fires when everything that was known of the vault is gone": {
    plan: kept,
    monitoring,
    more: vault().map(({ value, ...series }) => ({ ...series, value: until(3600, value) })),
    checks: [...silentAt(60, 3600, 7080), firesAt(7260, neverKnown)],
  },
  "BackupNeverRan is silent when the first one comes in time": {
    plan: quick,
    monitoring,
    more: vault({ success: until(3000, gone, last(INTERVAL)), verified: until(3600, gone, last(3600)) }),
    checks: silentAt(2940, 3600, 7200),
  },

  "BackupFailed fires after a failed attempt, until one succeeds": {
    plan: quick,
    monitoring,
    more: vault({ status: (t) => (t >= 3660 && t < 5400 ? 0 : 1) }),
    checks: [...silentAt(3600, 3840), firesAt(3900, failed), firesAt(5340, failed), ...silentAt(5400, 7200)],
  },
  "BackupFailed fires when one of two attempts at once has failed": {
    plan: quick,
    monitoring,
    more: [
      ...vault(),
      { name: "chain_backup_last_attempt_status", labels: { ...labels, node: "rpc-1" }, value: always(0) },
    ],
    checks: [firesAt(300, failed)],
  },
  "BackupFailed is silent before the first attempt, and for one that is repeated with success": {
    plan: quick,
    monitoring,
    more: vault({ status: (t) => (t < 1800 ? undefined : t < 1980 ? 0 : 1) }),
    checks: silentAt(60, 1800, 1980, 3600),
  },

  "BackupUnverified fires when proofs stop": {
    plan: quick,
    monitoring,
    more: vault({ verified: freeze(3601, last(3600)) }),
    checks: [...silentAt(10_800, 11_040), firesAt(11_100, unverified("2h 5m 0s"))],
  },
  "BackupUnverified fires, and goes on, when no recovery point was ever proven": {
    plan: quick,
    monitoring,
    more: vault({ verified: gone }),
    checks: [
      ...silentAt(7200, 7440),
      firesAt(7500, unverified("2h 5m 0s")),
      firesAt(14_400, unverified("4h 0m 0s")),
      // Twice the limit is remembered; the alert stays.
      firesAt(19_680, unverified("4h 28m 0s")),
      firesAt(19_740, unverified("3h 59m 0s")),
    ],
  },
  "BackupUnverified fires later by the user's threshold": {
    plan: quick,
    monitoring: { ...monitoring, alerts: { BackupUnverified: { threshold: 10_800 } } },
    more: vault({ verified: freeze(3601, last(3600)) }),
    checks: [...silentAt(11_100, 14_640), firesAt(14_700, unverified("3h 5m 0s", "3h 0m 0s"))],
  },
  "BackupUnverified is silent at its limit, and for a new vault": {
    plan: quick,
    monitoring,
    more: vault({ success: until(3600, gone, last(INTERVAL)), verified: until(10_800, gone, always(3600)) }),
    checks: silentAt(3660, 10_740, 10_800),
  },

  "BackupSizeAnomaly fires for a copy that was cut short": {
    plan: quick,
    monitoring,
    more: vault({ size: until(7200, always(1e9), always(5e8)) }),
    checks: [...silentAt(7140, 7380), firesAt(7440, small("50%")), firesAt(30_000, small("50%")), ...silentAt(33_000)],
  },
  "BackupSizeAnomaly fires for empty copies, also when there was never another": {
    plan: quick,
    monitoring,
    more: vault({ size: always(0) }),
    checks: [firesAt(300, small("0%"))],
  },
  "BackupSizeAnomaly fires earlier by the user's threshold": {
    plan: quick,
    monitoring: { ...monitoring, alerts: { BackupSizeAnomaly: { threshold: 0.9 } } },
    more: vault({ size: until(7200, always(1e9), always(8e8)) }),
    checks: [firesAt(7440, small("80%", "90%"))],
  },
  "BackupSizeAnomaly is silent at the threshold, and for chains that grow": {
    plan: quick,
    monitoring,
    more: vault({ size: until(7200, (t) => 1e9 + t, always(0.7 * (1e9 + 7140))) }),
    checks: silentAt(7140, 7500, 10_800),
  },

  "BackupHeightStale fires for fresh copies of a node that is stuck": {
    plan: quick,
    monitoring,
    more: vault({ height: freeze(3601, good.height ?? gone) }),
    // The network passed 4600 at 3600, which is two hours ago at 10860.
    checks: [...silentAt(10_800, 11_040), firesAt(11_100, stale("4600"))],
  },
  "BackupHeightStale fires for a copy that was set back": {
    plan: quick,
    monitoring,
    more: vault({ height: until(14_400, good.height ?? gone, always(1500)) }),
    checks: [...silentAt(14_340, 14_580), firesAt(14_640, stale("1500"))],
  },
  "BackupHeightStale fires earlier by the user's threshold": {
    plan: quick,
    monitoring: { ...monitoring, alerts: { BackupHeightStale: { threshold: 3600 } } },
    more: vault({ height: freeze(3601, good.height ?? gone) }),
    checks: [firesAt(7500, stale("4600", "1h 0m 0s"))],
  },
  "BackupHeightStale is silent while the chain itself stands": {
    plan: quick,
    monitoring,
    others: { ...healthy(quick), height: freeze(3601, tip) },
    more: vault({ height: freeze(3601, good.height ?? gone) }),
    checks: silentAt(7200, 11_100, 20_000),
  },
};
