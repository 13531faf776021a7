import type { ExpectedAlert, Signal } from "../promtool";
import {
  always,
  expected,
  firesAt,
  freeze,
  gone,
  healthy,
  kept,
  labelsOf,
  quick,
  rising,
  type Scenario,
  silentAt,
  until,
} from "../world";
import { alert, monitoring, vault } from "./backup";

const failing =
  (from: number, to: number): Signal =>
  (t) =>
    t >= from && t < to ? 0 : 1;

const bad = alert(
  "BackupVerificationFailed",
  "critical",
  "a recovery point in vault vault is bad",
  "A proof of a recovery point of private in vault vault found it bad within the last 15 minutes (status 0, limit 1).",
);
const damaged = alert(
  "BackupStoreDamaged",
  "critical",
  "the store of vault vault is damaged",
  "The last look over the store of vault vault found bytes that are not what was written (status 0, limit 1).",
);
const drill = alert(
  "DrillFailed",
  "warning",
  "the last drill of vault vault restored no working node",
  "The last drill of private from vault vault did not end with a node at the head of the network (status 0, limit 1).",
);
const slowly = (took: string, limit: string) =>
  alert(
    "RestoreTooSlow",
    "warning",
    "a restore from vault vault takes too long",
    `The last restore or drill of private from vault vault took ${took} (limit ${limit}, the recovery time objective).`,
  );

/** Of the plan with a vault: what the user leaves out of monitoring is the vault's word. */
const quickly = { scrapeIntervalSeconds: 10 };
const MIRROR = { ...labelsOf(kept, "mirror-0") };
const mirror = (lag: Signal) => [{ name: "chain_mirror_lag_seconds", labels: MIRROR, value: lag }];
const behind = (lag: string, limit = "2m 0s"): ExpectedAlert =>
  expected("MirrorBehind", { ...MIRROR, severity: "warning", owner: "ops" }, [
    "mirror-0 is no live copy of private",
    `The network passed the height of the mirror mirror-0 (${MIRROR.client}, mirror) ${lag} ago (limit ${limit}).`,
  ]);
const standsFrom =
  (second: number): Signal =>
  (t) =>
    Math.max(0, t - second);

export const BACKUP_PROOFS: Readonly<Record<string, Scenario>> = {
  "BackupVerificationFailed fires for a bad point, until a quarter of an hour after another one is proven": {
    plan: quick,
    monitoring,
    more: vault({ verification: failing(3660, 5400) }),
    checks: [...silentAt(3600, 3840), firesAt(3900, bad), firesAt(6180, bad), ...silentAt(6300, 7200)],
  },
  "BackupVerificationFailed fires for a bad point in whose place another one is proven at once": {
    plan: quick,
    monitoring,
    more: vault({ verification: failing(3660, 3720) }),
    checks: [...silentAt(3600), firesAt(3900, bad), ...silentAt(4680, 7200)],
  },
  "BackupVerificationFailed is silent before the first proof, and while proofs hold": {
    plan: quick,
    monitoring,
    more: vault({ verification: until(3600, gone, always(1)) }),
    checks: silentAt(60, 3540, 3600, 7200),
  },

  "BackupStoreDamaged fires when a look over the store finds damage, until one finds none": {
    plan: quick,
    monitoring,
    more: vault({ check: failing(3660, 5400) }),
    checks: [...silentAt(3600, 3840), firesAt(3900, damaged), firesAt(5340, damaged), ...silentAt(5400, 7200)],
  },
  "BackupStoreDamaged is silent before the first look, and for a sound store": {
    plan: quick,
    monitoring,
    more: vault({ check: until(3600, gone, always(1)) }),
    checks: silentAt(60, 3540, 3600, 7200),
  },

  "DrillFailed fires when a drill did not get there, until one does": {
    plan: quick,
    monitoring,
    more: vault({ drill: failing(3660, 5400) }),
    checks: [...silentAt(3600, 3840), firesAt(3900, drill), firesAt(5340, drill), ...silentAt(5400, 7200)],
  },
  "DrillFailed is silent before the first drill, and after one that got there": {
    plan: quick,
    monitoring,
    more: vault({ drill: until(3600, gone, always(1)) }),
    checks: silentAt(60, 3540, 3600, 7200),
  },

  "RestoreTooSlow fires when a restore takes longer than was promised": {
    plan: quick,
    monitoring: { ...monitoring, objectives: { ...monitoring.objectives, rtoSeconds: 900 } },
    more: vault({ restore: until(3660, always(890), always(961)) }),
    checks: [...silentAt(3600, 3840), firesAt(3900, slowly("16m 1s", "15m 0s"))],
  },
  "RestoreTooSlow fires by the vault's own objective": {
    plan: kept,
    monitoring,
    more: vault({ restore: always(601) }),
    checks: [firesAt(300, slowly("10m 1s", "10m 0s"))],
  },
  "RestoreTooSlow is silent at the objective, and before the first restore": {
    plan: kept,
    monitoring,
    more: vault({ restore: until(3600, gone, always(600)) }),
    checks: silentAt(60, 3600, 7200),
  },

  "MirrorBehind fires for a mirror that stands": {
    plan: kept,
    monitoring: quickly,
    more: [...vault(), ...mirror(standsFrom(300))],
    // More than two minutes at 430, and that for one.
    checks: [...silentAt(290, 430, 480), firesAt(490, behind("3m 10s"))],
  },
  "MirrorBehind fires for a mirror that says that it catches up: until it is there, it is no copy": {
    plan: kept,
    monitoring: quickly,
    nodes: {
      "mirror-0": { ...healthy(kept), syncing: always(1), height: freeze(300, rising(kept)), lag: standsFrom(300) },
    },
    more: [...vault(), ...mirror(standsFrom(300))],
    checks: [firesAt(490, behind("3m 10s"))],
  },
  "MirrorBehind fires earlier by the user's threshold": {
    plan: kept,
    monitoring: { ...quickly, alerts: { MirrorBehind: { threshold: 30 } } },
    more: [...vault(), ...mirror(standsFrom(300))],
    checks: [...silentAt(330, 390), firesAt(400, behind("1m 40s", "30s"))],
  },
  "MirrorBehind is silent for a mirror that is copied and catches up, and at the limit": {
    plan: kept,
    monitoring: quickly,
    more: [...vault(), ...mirror((t) => (t % 600 < 170 ? t % 600 : 0))],
    checks: silentAt(60, 130, 170, 730, 770, 1200),
  },
  "MirrorBehind is silent where there is no mirror, whatever is told": {
    plan: quick,
    monitoring,
    more: [...vault(), ...mirror(always(5000))],
    checks: silentAt(600, 3600),
  },
};
