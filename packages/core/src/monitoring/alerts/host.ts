import type { AlertDefinition } from "../types";
import { atLeast, PERCENT, patience } from "./expressions";
import { DECIMAL, durationOf, percentOf } from "./texts";

/** A clock that is on its way to the right time gets there within this. */
const CONVERGING_SECONDS = 600;

const HOST = "{{ $labels.host }}";
const EXPORTER = "It is told by node_exporter on the machine; without one nothing is known, and the alert is silent.";

/** Machines, seen by node_exporter. */
export const HOST_ALERTS: readonly AlertDefinition[] = [
  {
    name: "MemoryPressure",
    preset: "core",
    group: "Host",
    scope: "host",
    expr: (_, threshold) => `chain:host_memory_avail_ratio < ${threshold}`,
    threshold: {
      value: () => 0.05,
      unit: "ratio",
      says: "share of the memory that must be free for programs",
      min: 0.001,
      max: 0.9,
    },
    current: () => "chain:host_memory_avail_ratio",
    forSeconds: (p) => patience(p, 120, 600),
    severity: "warning",
    owner: "ops",
    summary: "{{ $labels.host }} is short of memory",
    description: (_, threshold) =>
      `${PERCENT} of the memory of ${HOST} is free for programs (limit ${percentOf(threshold)}).`,
    dashboard: "node",
    runbook: {
      meaning: `Hardly any memory is left that programs could get, page cache that can be given back included. ${EXPORTER}`,
      impact:
        "The page cache is gone first, and the database reads everything from disk: the node lags. Then the kernel kills the largest program, which is the client, and its database is left as it was.",
      diagnosis: [
        "Which program: `ps aux --sort=-rss | head`. Is it the client, or something beside it?",
        "Does it grow without end (a leak, too many RPC connections), or is its cache simply set too large?",
        "`NodeOomKilled` says whether the kernel has killed already.",
      ],
      mitigation: [
        "Make the client's cache smaller: cache options count on top of what the client needs anyway.",
        "Move other programs away, or give the machine more memory.",
        "Restart a client that leaks in a quiet hour, in good order, before the kernel does it at a bad time.",
      ],
    },
  },
  {
    name: "DiskIoSaturated",
    preset: "core",
    group: "Host",
    scope: "host",
    expr: (_, threshold) => `chain:host_io_queue > ${threshold}`,
    threshold: {
      value: () => 10,
      unit: "requests",
      says: "requests that wait on average for the busiest disk",
      min: 1,
      max: 10_000,
    },
    current: () => "chain:host_io_queue",
    forSeconds: (p) => patience(p, 600, 1800),
    severity: "warning",
    owner: "ops",
    summary: "the disk of {{ $labels.host }} cannot keep up",
    description: (_, threshold) =>
      `${DECIMAL} requests wait on average for the busiest disk of ${HOST} (limit ${threshold} requests).`,
    dashboard: "node",
    runbook: {
      meaning: `Over the last minutes more requests waited for a disk than it can work off in time. ${EXPORTER}`,
      impact:
        "Blocks are imported late, the node lags, and RPC gets slow. A validator votes too late and misses blocks.",
      diagnosis: [
        "`iostat -x 5` shows which disk, and whether it reads or writes; `iotop -o` shows who.",
        "On a cloud: has the volume used up its burst credits, or reached its IOPS limit? The provider's own metrics tell.",
        "Is it for a time (a first sync, pruning, a backup), or for good?",
      ],
      mitigation: [
        "Give the volume more IOPS, or move the data to a local NVMe disk. Network disks with burst credits do not carry a full node of a busy chain.",
        "Move backups and other programs to another time or disk.",
        "A larger cache saves reads, if memory is free.",
      ],
    },
  },
  {
    name: "ClockSkew",
    preset: "core",
    group: "Host",
    scope: "host",
    // Only while it is not on its way back: the offset must also be too large some minutes from now, on the same side.
    expr: (p, threshold) => {
      const offset = "chain:host_clock_offset_seconds";
      const later = `predict_linear(${offset}[${atLeast(300, p)}s], ${CONVERGING_SECONDS})`;
      return (
        `((${offset} > ${threshold}) and (${later} > ${threshold}))` +
        ` or ((${offset} < -${threshold}) and (${later} < -${threshold}))`
      );
    },
    threshold: {
      value: () => 0.05,
      unit: "seconds",
      says: "seconds that the clock may be off, to either side",
      min: 0.001,
      max: 60,
    },
    current: () => "chain:host_clock_offset_seconds",
    forSeconds: (p) => patience(p, 120, 600),
    severity: "warning",
    owner: "ops",
    summary: "the clock of {{ $labels.host }} is wrong",
    description: (_, threshold) =>
      `The clock of ${HOST} is off by {{ $value | humanizeDuration }} (limit ${durationOf(threshold)}) and does not get better.`,
    dashboard: "node",
    runbook: {
      meaning: `The time service knows that the clock is off, and does not bring it back. A clock that nobody keeps shows no offset at all: that is \`ClockUnsynchronised\`. ${EXPORTER}`,
      impact:
        "Consensus is told by time: blocks and votes count as too early or too late, peers drop the node, and a validator misses its duties. Heads look too old or in the future.",
      diagnosis: [
        "`chronyc tracking` and `chronyc sources -v`, or `timedatectl timesync-status`.",
        "Are the time servers reachable (UDP port 123), and do they agree?",
        "On a virtual machine: was it paused or moved? Does the host keep its own time?",
      ],
      mitigation: [
        "Give the time service at least three servers that are near.",
        "If the clock is off by much, stop a validator before you step the clock: time that jumps back can make it sign a slot for the second time.",
        "Let only one program set the clock.",
      ],
    },
  },
  {
    name: "ClockUnsynchronised",
    preset: "core",
    group: "Host",
    scope: "host",
    expr: (_, threshold) => `(chain:host_clock_max_error_seconds >= ${threshold}) and (chain:host_clock_sync == 0)`,
    threshold: {
      value: () => 16,
      unit: "seconds",
      says: "seconds that the clock may be off by the kernel's own reckoning, while nobody keeps it",
      min: 0.01,
      max: 1000,
    },
    current: () => "chain:host_clock_max_error_seconds",
    forSeconds: (p) => patience(p, 120, 600),
    severity: "warning",
    owner: "ops",
    summary: "nobody keeps the clock of {{ $labels.host }}",
    description: (_, threshold) =>
      `The clock of ${HOST} is not synchronised and may be off by {{ $value | humanizeDuration }} (limit ${durationOf(threshold)}).`,
    dashboard: "node",
    runbook: {
      meaning: `The kernel says that no time service has set the clock for so long that it may be off by many seconds (the kernel counts up to 16 s). The clock may still be right, by luck. ${EXPORTER}`,
      impact:
        "The clock drifts, some seconds a day, until the node is dropped by its peers and a validator misses duties.",
      diagnosis: [
        "`timedatectl` and `systemctl status chronyd systemd-timesyncd`: does one of them run?",
        "In a container the clock is that of the machine: look there.",
        "Is UDP port 123 open to the time servers?",
      ],
      mitigation: [
        "Start the time service, and enable it for the next boot.",
        "If the clock turns out to be off by much, stop a validator before the clock is stepped.",
      ],
    },
  },
];
