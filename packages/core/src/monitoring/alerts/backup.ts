import type { AlertDefinition, AlertParameters } from "../types";
import { ago, atLeast, BY_NETWORK, DURATION, PERCENT, VALUE } from "./expressions";
import { durationOf, percentOf } from "./texts";

const BY_VAULT = "on (network, stack, vault)";
const VAULT = "vault {{ $labels.vault }}";
const SUCCESS = "chain:backup_last_success_timestamp_seconds";
const VERIFIED = "chain:backup_last_verified_timestamp_seconds";

/** Objectives may be a year; a week of proof is enough for anything. */
const WEEK = 604_800;
/** Sizes are compared over so many recovery points. */
const POINTS = 7;

const age = `(time() - ${SUCCESS})`;
const sizeWindow = (p: AlertParameters) => `${POINTS * p.rpoSeconds}s`;

/** Recovery points: a copy that is old, small, or was never tried is found here and not on the day that it is needed. */
export const BACKUP_POINTS: readonly AlertDefinition[] = [
  {
    name: "BackupTooOld",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    expr: () => `${age} > ${BY_NETWORK} group_left () chain:rpo_seconds`,
    current: () => age,
    // A tenth of the objective, so that a backup that is a little late wakes nobody.
    forSeconds: (p) => atLeast(Math.min(900, Math.ceil(p.rpoSeconds / 10)), p),
    severity: "critical",
    owner: "ops",
    summary: "the newest recovery point in vault {{ $labels.vault }} is too old",
    description: (p) =>
      `The newest recovery point of {{ $labels.network }} in ${VAULT} is ${DURATION} old (limit ${durationOf(p.rpoSeconds)}, the recovery point objective).`,
    dashboard: "backups",
    runbook: {
      meaning: `No backup has succeeded for longer than the recovery point objective (\`monitoring.objectives.rpoSeconds\`) allows, for whatever reason: it failed, was not started, or hangs.`,
      impact: "If the nodes were lost now, more of the chain would have to be fetched again than was promised.",
      diagnosis: [
        "`BackupFailed` fires as well: the attempts fail, see there. If not, nothing was attempted: is the schedule right, does the agent run (`npx chainkeep status`)?",
        "`npx chainkeep logs agent` tells why a node was passed over: never the only healthy one, never a validator.",
        "`npx chainkeep points`: what is there to go back to meanwhile? Is the place of the vault reachable, and has it room?",
      ],
      mitigation: [
        "Mend the cause and wait for the next attempt; see the age fall on the dashboard of backups.",
        "A cluster whose only healthy node serves requests is never stopped for a backup: give it a node of kind `mirror`.",
        "If the objective was set tighter than backups can be taken, change one of the two.",
      ],
    },
  },
  {
    name: "BackupNeverRan",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    // The age of a recovery point that never was is no number, and BackupTooOld stays silent. The vault is expected by the stack and not by its
    // agent, so that this also fires when everything that the agent tells of it is gone.
    expr: (p) =>
      `${p.vault === undefined ? "chain:backup_interval_seconds" : "chain:expected_vault"} unless ${BY_VAULT} ${SUCCESS}`,
    current: () => "chain:backup_points",
    forSeconds: (p) => Math.min(WEEK, atLeast(p.rpoSeconds, p)),
    severity: "warning",
    owner: "ops",
    summary: "vault {{ $labels.vault }} has no recovery point",
    description: (p) =>
      p.vault === undefined
        ? `${VAULT} should hold a recovery point of {{ $labels.network }} every ${DURATION}, and has none after ${durationOf(Math.min(WEEK, p.rpoSeconds))}.`
        : `${VAULT} should hold a recovery point of {{ $labels.network }}, and for ${durationOf(Math.min(WEEK, p.rpoSeconds))} none is known.`,
    dashboard: "backups",
    runbook: {
      meaning: `The cluster has a vault, and no recovery point of it is known: no backup has succeeded since it is there, every one failed its proof, or the agent tells nothing of the vault any more.`,
      impact: "There is nothing to restore from. If the nodes are lost, they start from nothing.",
      diagnosis: [
        "`npx chainkeep points`: are there some after all? Then the agent does not tell of them: does it run (`npx chainkeep status`), can it reach the vault (`npx chainkeep logs agent`)?",
        "Has the time of the schedule come at all? It is in UTC.",
        "`BackupFailed`, and `npx chainkeep logs agent`: was it tried, and what came of it?",
        "Credentials and place of the vault: a new vault most often fails for want of rights.",
      ],
      mitigation: [
        "Mend what the log names, and do not wait for the schedule: `npx chainkeep backup`.",
        "A vault that is not wanted any more: take it out of the program.",
      ],
    },
  },
  {
    name: "BackupFailed",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    expr: () => "chain:backup_last_attempt_status == 0",
    current: () => "chain:backup_last_attempt_status",
    forSeconds: (p) => atLeast(60, p),
    severity: "warning",
    owner: "ops",
    summary: "the last backup into vault {{ $labels.vault }} failed",
    description: () =>
      `The last attempt to back up {{ $labels.network }} into ${VAULT} failed (status ${VALUE}, limit 1).`,
    dashboard: "backups",
    runbook: {
      meaning: `The last attempt did not end with a recovery point. The ones before are not touched. It is tried again, after five minutes first and then ever later; the alert stays until an attempt succeeds.`,
      impact: "None yet. If it goes on, `BackupTooOld` follows.",
      diagnosis: [
        "`npx chainkeep logs agent` names the step: stopping the client, the copy, the transfer, the record.",
        "Does the node that was backed up run again? It is started again whatever happens: `npx chainkeep status`.",
        "No room, no rights, no network to the vault's place?",
      ],
      mitigation: [
        "Mend the cause; the next attempt clears the alert. Not to wait for it: `npx chainkeep backup`.",
        "If the client did not stop within its grace time, give it more: a client that is killed leaves a copy that may not open.",
      ],
    },
  },
  {
    name: "BackupUnverified",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    // Never verified is the worst case and has no time of its own: then the oldest success that is remembered counts. Twice the
    // limit is looked back, so that one is always remembered that is older than the limit.
    expr: (_, threshold) =>
      `((time() - ${VERIFIED}) > ${threshold})` +
      ` or (((time() - min_over_time(${SUCCESS}[${2 * threshold}s])) > ${threshold}) unless ${BY_VAULT} ${VERIFIED})`,
    threshold: {
      value: (p) => p.verifySeconds,
      unit: "seconds",
      says: "seconds since a recovery point was last proven",
      min: 60,
      max: 31_536_000,
      whole: true,
    },
    current: () => `time() - ${VERIFIED}`,
    forSeconds: (p) => atLeast(60, p),
    severity: "warning",
    owner: "ops",
    summary: "no recovery point in vault {{ $labels.vault }} was proven lately",
    description: (_, threshold) =>
      `For ${DURATION} no recovery point of {{ $labels.network }} in ${VAULT} was proven (limit ${durationOf(threshold)}).`,
    dashboard: "backups",
    runbook: {
      meaning: `No recovery point has been proven for longer than agreed (\`monitoring.objectives.verifySeconds\`), or none ever was. A copy that nobody has opened is a hope.`,
      impact:
        "Backups may be useless without anybody knowing. A restore picks the newest point that was proven, and that one gets older.",
      diagnosis: [
        "Did a verification run and fail, or did none run? `npx chainkeep points` shows what was found, `npx chainkeep logs agent` why.",
        "Is there room and memory for a second node where verifications run?",
      ],
      mitigation: [
        "Prove one now: `npx chainkeep verify`. Mend what made it fail. If a recovery point is damaged, the one before it is the newest good one: see that retention does not delete it.",
        "Verifications of large chains take long: choose a schedule that they can keep.",
      ],
    },
  },
  {
    name: "BackupSizeAnomaly",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    slow: true,
    expr: (p, threshold) =>
      `((chain:backup_size_bytes / (max_over_time(chain:backup_size_bytes[${sizeWindow(p)}]) > 0)) < ${threshold})` +
      " or (chain:backup_size_bytes == 0)",
    threshold: {
      value: () => 0.7,
      unit: "ratio",
      says: "size of the newest recovery point, as a share of the largest one of late",
      min: 0.01,
      max: 1,
    },
    current: (p) => `chain:backup_size_bytes / (max_over_time(chain:backup_size_bytes[${sizeWindow(p)}]) > 0)`,
    forSeconds: (p) => atLeast(60, p),
    severity: "warning",
    owner: "ops",
    summary: "the newest recovery point in vault {{ $labels.vault }} is strangely small",
    description: (p, threshold) =>
      `The newest recovery point of {{ $labels.network }} in ${VAULT} has ${PERCENT} of the size of the largest one within ${durationOf(POINTS * p.rpoSeconds)} (limit ${percentOf(threshold)}).`,
    dashboard: "backups",
    runbook: {
      meaning: `Chains grow, and so do their copies. One that is much smaller than its forerunners was cut short, or is of another node, although it was reported as a success.`,
      impact: "The newest recovery point may be worthless. Older ones are as good as before.",
      diagnosis: [
        "Was the node pruned or synced anew, or its database engine changed? Then small is right.",
        "Compare height and size with the point before, on the dashboard of backups.",
        "`npx chainkeep logs agent` for that backup: did the disk run full, was the client stopped in time?",
      ],
      mitigation: [
        "Do not let older points go until the newest one is proven.",
        "If small is right, the alert ends by itself when the larger ones are out of its window.",
      ],
    },
  },
  {
    name: "BackupHeightStale",
    preset: "backup",
    group: "Backup vault",
    scope: "vault",
    // Held against what the network had reached then, and not against the point before: a chain that stands or idles is no fault
    // of the backup. A point that is old by its time is told by BackupTooOld.
    expr: (p, threshold) =>
      `(chain:backup_height < ${BY_NETWORK} group_left () ${ago("chain:network_height", threshold, p)})` +
      ` and ${BY_VAULT} (${age} < ${threshold})`,
    threshold: {
      value: (p) => 2 * p.rpoSeconds,
      unit: "seconds",
      says: "seconds that the newest recovery point may be behind the chain, by its height",
      min: 60,
      max: 63_072_000,
      whole: true,
    },
    current: () => "chain:backup_height",
    forSeconds: (p) => atLeast(60, p),
    severity: "warning",
    owner: "ops",
    summary: "the newest recovery point in vault {{ $labels.vault }} holds an old chain",
    description: (_, threshold) =>
      `The newest recovery point of {{ $labels.network }} in ${VAULT} is of height ${VALUE}, which the network had passed ${durationOf(threshold)} ago (limit ${durationOf(threshold)}).`,
    dashboard: "backups",
    runbook: {
      meaning: `The newest recovery point has a fresh time and an old height: it is a copy of a node that was stuck, catching up, or set back.`,
      impact: "After a restore more of the chain has to be fetched than the recovery point objective says.",
      diagnosis: [
        "Which node was copied, and how did it stand then? `NodeStalled` and `NodeSyncLag` of that time, lag on the node's dashboard.",
        "Does the vault copy a node that is meant to follow (kind `mirror`)?",
      ],
      mitigation: [
        "Bring that node back into step, see its height move, and wait for the next backup.",
        "Take copies from a node that keeps up: a `mirror` has nothing else to do.",
      ],
    },
  },
];
