import type { AlertDefinition, AlertParameters } from "../types";
import { BY_NODE, DAY, HOUR, NODE, PERCENT, patience, samples } from "./expressions";
import { BYTES, bytesText, durationOf, percentOf } from "./texts";

/** A disk that is emptier than this has time, whatever its last hours look like. */
const LEVEL = 0.4;
/** Below this share a disk counts as full, unless it is so large that this is still many times the reserve. */
const SHARE = 0.03;
const MANY_RESERVES = 5;
/** A node that caught up for more of the window than this says nothing about how it grows. */
const SYNCING = 0.1;

const window = ({ private: own }: AlertParameters) => (own ? HOUR / 2 : 6 * HOUR);
const untilFull = (p: AlertParameters) =>
  `chain:disk_avail_bytes / -(deriv(chain:disk_avail_bytes[${window(p)}s]) < 0)`;

const ROOM = [
  "What takes the place: `du -xh --max-depth=2 <directory of the data>`, largest last with `sort -h`. Logs, core dumps and old copies are often more than the chain.",
  "How fast it grows, and when it runs out: the node's dashboard.",
] as const;

/** Room for the chain's data, seen by the agent on the file system of each process's own directory. */
export const DISK: readonly AlertDefinition[] = [
  {
    name: "DiskWillFill",
    preset: "core",
    group: "Host",
    scope: "node",
    // Guarded by level, and silent while the node catches up and right after: then it grows as it never will again.
    expr: (p, threshold) =>
      `((${untilFull(p)}) < ${threshold})` +
      ` and (chain:disk_avail_ratio < ${LEVEL})` +
      ` and (count_over_time(chain:disk_avail_bytes[${window(p)}s]) >= ${samples(window(p), p.scrapeIntervalSeconds)})` +
      ` unless ${BY_NODE} (avg_over_time(chain:syncing[${window(p)}s]) > ${SYNCING})`,
    threshold: {
      value: () => DAY,
      unit: "seconds",
      says: "seconds until the disk is full at the pace of the last hours",
      min: 60,
      max: 31_536_000,
    },
    current: untilFull,
    forSeconds: (p) => patience(p, 600, HOUR),
    severity: "warning",
    owner: "ops",
    summary: "the disk of {{ $labels.node }} of {{ $labels.network }} will soon be full",
    description: (p, threshold) =>
      `At the pace of the last ${durationOf(window(p))} the disk of ${NODE} is full in {{ $value | humanizeDuration }} (limit ${durationOf(threshold)}).`,
    dashboard: "node",
    runbook: {
      meaning:
        "A straight line through the last hours of free space reaches zero soon. It is only told when less than 40 % of the disk is left, and not for a node that catches up or has just done so.",
      impact: "Nothing yet. At the reserve `DiskReserveReached` fires; at zero, clients stop or damage their database.",
      diagnosis: [
        ...ROOM,
        "Is it a burst (a database that is compacted, a snapshot) or how the chain grows? Look at a week.",
      ],
      mitigation: [
        "Make the volume larger while there is time; most file systems grow without a stop.",
        "Let the client prune, where it can: many need free space for that, so not at the last moment.",
        "Remove logs and copies that nobody needs. Never delete files of the database by hand.",
      ],
    },
  },
  {
    name: "DiskReserveReached",
    preset: "core",
    group: "Host",
    scope: "node",
    // Bytes first: near the end a client takes gigabytes within minutes, and per cent of a large disk say little.
    expr: (_, threshold) =>
      `(chain:disk_avail_bytes < ${threshold})` +
      ` or ((chain:disk_avail_bytes < ${MANY_RESERVES * threshold}) and (chain:disk_avail_ratio < ${SHARE}))`,
    threshold: {
      value: (p) => (p.private ? 2e9 : 20e9),
      unit: "bytes",
      says: "bytes that must be left on the file system of a node's data",
      min: 1e6,
      max: 1e14,
    },
    current: () => "chain:disk_avail_bytes",
    forSeconds: (p) => patience(p, 10, 300),
    severity: "critical",
    owner: "ops",
    summary: "the disk of {{ $labels.node }} of {{ $labels.network }} is all but full",
    description: (_, threshold) =>
      `${BYTES} are left for ${NODE} (limit ${bytesText(threshold)}, or ${percentOf(SHARE)} of the disk while that is less than ${bytesText(MANY_RESERVES * threshold)}).`,
    dashboard: "node",
    runbook: {
      meaning:
        "The reserve of free space on the file system with the node's data is used up. It is as urgent for a node with siblings as for a single one: disks of equal nodes fill together.",
      impact:
        "Clients that cannot write stop, or break their database; geth has been seen to take 0.4 GiB within a minute near the end, faster than its own guard looked. A validator on a full disk may lose its signing state.",
      diagnosis: [...ROOM, "Whose disk is it? Nodes on one machine share it: all of them are in the message."],
      mitigation: [
        "Make room at once with what is no part of the chain: logs, core dumps, old copies.",
        "If it goes on falling, stop the client in good order before the disk is full: `npx chainkeep attach`. A stopped database is whole, one that ran out of space may not be.",
        "Then make the volume larger, or move the data to a larger one with the client stopped.",
        "On a validator: keep the signing state as it is. Never put an older one in its place, whatever the disk did to it.",
      ],
    },
    inhibits: [{ alerts: ["DiskWillFill"], equal: ["network", "stack", "node"] }],
    duringMaintenance: true,
  },
  {
    name: "FilesystemReadOnly",
    preset: "core",
    group: "Host",
    scope: "node",
    expr: () => "chain:disk_readonly == 1",
    current: () => "chain:disk_readonly",
    forSeconds: (p) => patience(p, 10, 60),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} can write nothing",
    description: () => `The file system with the data of ${NODE} takes no writes.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The file system is mounted read-only. Nobody does that to a node on purpose: the kernel does it after errors of the disk, to save what is there.",
      impact:
        "The client stops, or goes on in memory and loses all of it at its end. A validator cannot write its signing state, and stops signing.",
      diagnosis: [
        "`dmesg --level=err,warn` and `journalctl -k` name the disk and the error.",
        "On a cloud: the state of the volume in the provider's console. `smartctl -a <disk>` for a disk of your own.",
        "`npx chainkeep logs <process>`: what the client could not write.",
      ],
      mitigation: [
        "Stop the client, unmount, check the file system, and mount it again. Do not simply remount it writable: errors that are not mended spread.",
        "A disk that has errors again is to be replaced. Restore the node from a recovery point, or sync it anew.",
        "A validator does not sign again before you know that its signing state is the newest one. Never take it from a copy; if in doubt, wait until the chain is past every height that the key may have signed.",
      ],
    },
    duringMaintenance: true,
  },
  {
    name: "InodesLow",
    preset: "core",
    group: "Host",
    scope: "node",
    expr: (_, threshold) => `chain:disk_files_avail_ratio < ${threshold}`,
    threshold: {
      value: () => 0.1,
      unit: "ratio",
      says: "share of the file system's inodes that must be left",
      min: 0.001,
      max: 0.9,
    },
    current: () => "chain:disk_files_avail_ratio",
    forSeconds: (p) => patience(p, 60, 900),
    severity: "warning",
    owner: "ops",
    summary: "the disk of {{ $labels.node }} of {{ $labels.network }} can hold few more files",
    description: (_, threshold) => `${PERCENT} of the inodes are left for ${NODE} (limit ${percentOf(threshold)}).`,
    dashboard: "node",
    runbook: {
      meaning:
        "The file system runs out of inodes: it can hold few more files, however much space is left. It says nothing for file systems that make inodes as they need them (btrfs, ZFS).",
      impact:
        "At zero no file can be made: databases of many small files stop as on a full disk, while `df -h` shows free space.",
      diagnosis: [
        "`df -i <directory of the data>` and `du --inodes -x --max-depth=2 <directory of the data>`.",
        "Is it the chain's database, or something beside it: sessions, mail, build caches?",
      ],
      mitigation: [
        "Remove what is no part of the chain.",
        "ext4 sets the number of inodes when it is made: move the data to a file system with more of them, or to XFS, with the client stopped.",
      ],
    },
  },
];
