import type { AlertDefinition, AlertParameters } from "../types";
import { atLeast, BY_NETWORK, DURATION, NODE, VALUE } from "./expressions";
import { durationOf } from "./texts";

const VAULT = "vault {{ $labels.vault }}";
const RESTORE = "chain:backup_last_restore_seconds";
const LAG = "chain:mirror_lag_seconds";

/** A mirror that is copied stands still for a while; no longer than the objective of the vault. */
function mirrorLagSeconds(p: AlertParameters): number {
  return Math.ceil(Math.min(p.rpoSeconds, Math.max(p.private ? 120 : 900, 20 * p.blockTimeSeconds)));
}

/** Copies that were looked at and found wanting, and live copies that do not follow. */
export const BACKUP_PROOFS: readonly AlertDefinition[] = [
  {
    name: "BackupVerificationFailed",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    // The point that is taken in its place is often proven within a minute: that a copy was bad must be heard of all the same.
    expr: () => "min_over_time(chain:backup_last_verification_status[15m]) == 0",
    current: () => "chain:backup_bad_points",
    forSeconds: (p) => atLeast(60, p),
    // Most often it is the newest point, and what made it bad makes the next one bad, too.
    severity: "critical",
    owner: "ops",
    summary: "a recovery point in vault {{ $labels.vault }} is bad",
    description: () =>
      `A proof of a recovery point of {{ $labels.network }} in ${VAULT} found it bad within the last 15 minutes (status ${VALUE}, limit 1).`,
    dashboard: "backups",
    runbook: {
      meaning: `A recovery point was restored into isolation and did not hold: bytes are damaged, the client does not open the copy, it is of another chain or of a fork, or it makes no progress. It is never chosen for a restore by itself any more, and another one was asked for in its place and is proven next; a quarter of an hour after one holds, the alert ends.`,
      impact:
        "What is left to restore from is older. If the cause is the node or the disk that is copied, every further recovery point is bad as well.",
      diagnosis: [
        "`npx chainkeep points`: which one is bad, at which level, and is the one that was taken in its place proven?",
        "Bad at `intact`: the vault's store lost bytes. At `opens`: the copy is not whole, or the client's version does not fit. At `chain`: the node that was copied is on a fork or another chain. At `progresses`: the database opens and cannot go on.",
        "The evidence has the client's last lines and what each witness said: its name is in `npx chainkeep points --json`, the file in the vault's directory below `evidence`.",
      ],
      mitigation: [
        "Not `intact`: do not trust the node that was copied. Restore it from the newest proven point: `npx chainkeep restore <node> --newest-verified`.",
        "`intact`: see the disk of the vault, and the alert `BackupStoreDamaged`. Take points to another destination.",
        "Then prove that it is over: `npx chainkeep backup`, and `npx chainkeep verify`.",
      ],
    },
  },
  {
    name: "BackupStoreDamaged",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    expr: () => "chain:backup_last_check_status == 0",
    current: () => "chain:backup_last_check_status",
    forSeconds: (p) => atLeast(60, p),
    severity: "critical",
    owner: "ops",
    summary: "the store of vault {{ $labels.vault }} is damaged",
    description: () =>
      `The last look over the store of ${VAULT} found bytes that are not what was written (status ${VALUE}, limit 1).`,
    dashboard: "backups",
    runbook: {
      meaning: `Each day a seventh of the vault's store is read and held against its checksums. The last look found damage. The alert stays until a look finds none.`,
      impact:
        "Recovery points that share the damaged bytes cannot be restored, and all points of a vault share most of their bytes.",
      diagnosis: [
        "`npx chainkeep logs agent` names what is damaged, and what was taken out of use because of it.",
        "The disk of the vault: its own errors (`dmesg`, SMART), a file system that was mounted anew, somebody who wrote or deleted there.",
        "Which points hold? `npx chainkeep verify --level intact` for each one of `npx chainkeep points`.",
      ],
      mitigation: [
        "`npx chainkeep backup`: what was found damaged is out of use, and a new point stores it anew from the node.",
        "Restores until then: from a copy of the vault, if it has one, else from a point that was just proven to `intact`.",
        "A disk that has lost bytes once does so again: move the vault.",
      ],
    },
  },
  {
    name: "DrillFailed",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    expr: () => "chain:backup_last_drill_status == 0",
    current: () => "chain:backup_last_drill_status",
    forSeconds: (p) => atLeast(60, p),
    severity: "warning",
    owner: "ops",
    summary: "the last drill of vault {{ $labels.vault }} restored no working node",
    description: () =>
      `The last drill of {{ $labels.network }} from ${VAULT} did not end with a node at the head of the network (status ${VALUE}, limit 1).`,
    dashboard: "backups",
    runbook: {
      meaning: `A drill restores as an operator would, in isolation, and waits until the restored node is at the head. The last one did not get there. How long it takes is told by \`RestoreTooSlow\`.`,
      impact: "It is not known whether a lost node could be restored now.",
      diagnosis: [
        "`npx chainkeep logs agent`: no point to restore, no room for another node, no answer from the store?",
        "The report of the drill, in the vault's directory below `reports`, has each step and what stopped it.",
        "`BackupVerificationFailed` fires as well: the point itself is bad, see there.",
      ],
      mitigation: ["Mend the cause, and drill again: `npx chainkeep drill`. One that gets there ends the alert."],
    },
  },
  {
    name: "RestoreTooSlow",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    expr: () => `${RESTORE} > ${BY_NETWORK} group_left () chain:rto_seconds`,
    current: () => RESTORE,
    forSeconds: (p) => atLeast(60, p),
    severity: "warning",
    owner: "ops",
    summary: "a restore from vault {{ $labels.vault }} takes too long",
    description: (p) =>
      `The last restore or drill of {{ $labels.network }} from ${VAULT} took ${DURATION} (limit ${durationOf(p.rtoSeconds)}, the recovery time objective).`,
    dashboard: "backups",
    runbook: {
      meaning: `The last restore, or the last drill, took longer than the recovery time objective (\`monitoring.objectives.rtoSeconds\`, else that of the vault) allows.`,
      impact: "A node that is lost now is back later than was promised.",
      diagnosis: [
        "The report of the drill, or the steps of the restore, tell where the time went: reading the store, opening the database, or catching up with the network.",
        "Reading: how far away and how fast is the destination? Catching up: how old was the point?",
      ],
      mitigation: [
        "A copy near the nodes (`copies` of the vault) makes reading faster, recovery points that are taken more often make catching up shorter.",
        "A `mirror` is there at once: `npx chainkeep promote <mirror>`.",
        "Measure again: `npx chainkeep drill`. If the objective cannot be kept, change it.",
      ],
    },
  },
  {
    name: "MirrorBehind",
    preset: "backup",
    group: "Backup vault",
    scope: "node",
    // No exception for a mirror that says that it catches up: until it is there, it is no copy.
    expr: (_, threshold) => `${LAG} > ${threshold}`,
    threshold: {
      value: mirrorLagSeconds,
      unit: "seconds",
      says: "seconds since the network passed the height of a mirror",
      min: 1,
      max: 31_536_000,
    },
    current: () => LAG,
    forSeconds: (p) => atLeast(60, p),
    severity: "warning",
    owner: "ops",
    applies: (p) => p.mirrorCount > 0,
    summary: "{{ $labels.node }} is no live copy of {{ $labels.network }}",
    description: (_, threshold) =>
      `The network passed the height of the mirror ${NODE} ${DURATION} ago (limit ${durationOf(threshold)}).`,
    dashboard: "backups",
    runbook: {
      meaning: `A mirror is there to have what the network has. What it has is old: it is down, stuck, or still catching up.`,
      impact:
        "If everything else were lost now, so much of the chain would have to be fetched again. Recovery points are taken from mirrors first, and would be just as old.",
      diagnosis: [
        "`npx chainkeep status`: is it down (`NodeDown`), standing (`NodeStalled`), or behind (`NodeSyncLag`)?",
        "Is it being copied right now? Then it stands still for a while and catches up. A backup that keeps it standing for so long is worth a look: the panel of downtimes on the dashboard of backups.",
        "A mirror that is new has the whole chain to fetch: silence the alert until it has.",
      ],
      mitigation: [
        "Bring it back into step as any other node: `npx chainkeep logs <node>`.",
        "If its data is broken: `npx chainkeep restore <node> --newest-verified`, which is faster than fetching all of it.",
        "Do not promote it before the alert has ended.",
      ],
    },
  },
];
