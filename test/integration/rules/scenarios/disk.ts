import type { ClusterPlan } from "@chainkeep/core";
import type { ExpectedAlert, Series, Signal } from "../promtool";
import {
  always,
  firesAt,
  healthy,
  labelsOf,
  ofNode,
  quick,
  type Scenario,
  silentAt,
  slow,
  type Texts,
  until,
} from "../world";

const only = (name: string, change: object = {}) => ({ presets: [], alerts: { [name]: change } });
/** Minutes in place of seconds: six hours of samples stay few. */
const minutes = (change: object = {}) => ({ ...only("DiskWillFill", change), scrapeIntervalSeconds: 60 });

const disk = (of: ClusterPlan, node: string, avail: Signal, size = 1e12): Series[] => [
  { name: "chain_disk_avail_bytes", labels: labelsOf(of, node), value: avail },
  { name: "chain_disk_size_bytes", labels: labelsOf(of, node), value: always(size) },
];
const of = (what: string, node: string, value: Signal): Series => ({
  name: `chain_disk_${what}`,
  labels: labelsOf(quick, node),
  value,
});
const falling =
  (from: number, perSecond: number): Signal =>
  (t) =>
    from - perSecond * t;

const willFill = (left: string, limit = "1d 0h 0m 0s"): ExpectedAlert =>
  ofNode(
    "DiskWillFill",
    ({ node, network, client, role }): Texts => [
      `the disk of ${node} of ${network} will soon be full`,
      `At the pace of the last 6h 0m 0s the disk of ${node} (${client}, ${role}) is full in ${left} (limit ${limit}).`,
    ],
    { severity: "warning" },
  )(slow, "rpc-0");
const reserve = (plan: ClusterPlan, node: string, left: string, limit: string, many: string): ExpectedAlert =>
  ofNode(
    "DiskReserveReached",
    ({ network, client, role }): Texts => [
      `the disk of ${node} of ${network} is all but full`,
      `${left} are left for ${node} (${client}, ${role}) (limit ${limit}, or 3% of the disk while that is less than ${many}).`,
    ],
    { severity: "critical" },
  )(plan, node);
const readOnly = ofNode("FilesystemReadOnly", ({ node, network, client, role }) => [
  `${node} of ${network} can write nothing`,
  `The file system with the data of ${node} (${client}, ${role}) takes no writes.`,
]);
const inodes = (left: string, limit = "10%"): ExpectedAlert =>
  ofNode(
    "InodesLow",
    ({ node, network, client, role }): Texts => [
      `the disk of ${node} of ${network} can hold few more files`,
      `${left} of the inodes are left for ${node} (${client}, ${role}) (limit ${limit}).`,
    ],
    { severity: "warning" },
  )(quick, "rpc-0");

const fine = healthy(slow);
/** 19000 s of room at second 21000, and a little, so that rounding down is no matter of luck. */
const filling = falling(400e9 + 5e6, 10e6);

export const DISK: Readonly<Record<string, Scenario>> = {
  "DiskWillFill fires an hour after most of a window is seen": {
    plan: slow,
    monitoring: minutes(),
    more: disk(slow, "rpc-0", filling),
    checks: [...silentAt(3600, 17_220, 20_760), firesAt(21_000, willFill("5h 16m 40s"))],
  },
  "DiskWillFill fires later by the user's threshold": {
    plan: slow,
    monitoring: minutes({ threshold: 3600, forSeconds: 0 }),
    more: disk(slow, "rpc-0", filling),
    checks: [...silentAt(21_000, 36_360), firesAt(37_000 - 40, willFill("50m 40s", "1h 0m 0s"))],
  },
  "DiskWillFill fires for clients that do not tell whether they sync": {
    plan: slow,
    monitoring: minutes(),
    others: { up: always(1), height: always(1) },
    more: disk(slow, "rpc-0", filling),
    checks: [firesAt(21_000, willFill("5h 16m 40s"))],
  },
  "DiskWillFill is silent while the node catches up, and until the window has forgotten it": {
    plan: slow,
    monitoring: minutes(),
    nodes: { "rpc-0": { ...fine, syncing: until(14_400, always(1), always(0)) } },
    more: disk(
      slow,
      "rpc-0",
      until(14_400, falling(390e9, 20e6), () => 390e9 - 20e6 * 14_400),
    ),
    checks: silentAt(21_000, 24_000, 30_000, 40_000),
  },
  "DiskWillFill is silent above its level, when it falls slowly, and when it grows": {
    plan: slow,
    monitoring: minutes(),
    more: [
      ...disk(slow, "rpc-0", falling(900e9, 15e6)),
      ...disk(slow, "rpc-1", falling(390e9, 3e6)),
      ...disk(slow, "rpc-2", falling(100e9, -1e6)),
    ],
    checks: silentAt(21_000, 25_000, 30_000),
  },

  "DiskReserveReached fires by bytes": {
    plan: quick,
    monitoring: only("DiskReserveReached"),
    more: disk(quick, "rpc-0", until(60, always(3e9), always(1.5e9)), 20e9),
    checks: [...silentAt(58, 68), firesAt(70, reserve(quick, "rpc-0", "1.397GiB", "1.863GiB", "9.313GiB"))],
  },
  "DiskReserveReached fires by share while that is few bytes": {
    plan: quick,
    monitoring: only("DiskReserveReached"),
    more: disk(quick, "val-0", always(5e9), 1e12),
    checks: [firesAt(70, reserve(quick, "val-0", "4.657GiB", "1.863GiB", "9.313GiB"))],
  },
  "DiskReserveReached fires on a public network after five minutes": {
    plan: slow,
    monitoring: only("DiskReserveReached"),
    more: disk(slow, "rpc-0", until(60, always(30e9), always(19e9)), 500e9),
    checks: [...silentAt(345), firesAt(360, reserve(slow, "rpc-0", "17.7GiB", "18.63GiB", "93.13GiB"))],
  },
  "DiskReserveReached fires on a small disk by the user's threshold": {
    plan: quick,
    monitoring: only("DiskReserveReached", { threshold: 20e6, forSeconds: 4 }),
    more: disk(quick, "rpc-0", until(60, always(40e6), always(10e6)), 64e6),
    checks: [...silentAt(58, 62), firesAt(64, reserve(quick, "rpc-0", "9.537MiB", "19.07MiB", "95.37MiB"))],
  },
  "DiskReserveReached is silent at the threshold, on a large disk with a small share left, and without figures": {
    plan: quick,
    monitoring: only("DiskReserveReached"),
    more: [
      ...disk(quick, "rpc-0", always(2e9), 20e9),
      ...disk(quick, "rpc-1", always(200e9), 1e13),
      ...disk(
        quick,
        "val-0",
        until(60, (t) => (t < 50 ? 3e9 : 1e9)),
        20e9,
      ),
    ],
    checks: silentAt(58, 70, 600),
  },

  "FilesystemReadOnly fires, the more urgently where nobody stands in": {
    plan: quick,
    monitoring: only("FilesystemReadOnly"),
    more: [
      of("readonly", "rpc-0", until(60, always(0), always(1))),
      of("readonly", "val-0", until(60, always(0), always(1))),
    ],
    checks: [...silentAt(58, 68), firesAt(70, readOnly(quick, "rpc-0"), readOnly(quick, "val-0"))],
  },
  "FilesystemReadOnly is silent on a good disk, for a single sample, and where the system does not tell": {
    plan: quick,
    monitoring: only("FilesystemReadOnly"),
    more: [of("readonly", "rpc-0", (t) => (t === 60 ? 1 : 0))],
    checks: silentAt(60, 62, 70, 300),
  },

  "InodesLow fires": {
    plan: quick,
    monitoring: only("InodesLow"),
    more: [of("files", "rpc-0", always(1000)), of("files_avail", "rpc-0", until(60, always(500), always(50)))],
    checks: [...silentAt(58, 118), firesAt(120, inodes("5%"))],
  },
  "InodesLow fires earlier by the user's threshold": {
    plan: quick,
    monitoring: only("InodesLow", { threshold: 0.6 }),
    more: [of("files", "rpc-0", always(1000)), of("files_avail", "rpc-0", always(500))],
    checks: [firesAt(70, inodes("50%", "60%"))],
  },
  "InodesLow is silent at the threshold, and on file systems that count none": {
    plan: quick,
    monitoring: only("InodesLow"),
    more: [
      of("files", "rpc-0", always(1000)),
      of("files_avail", "rpc-0", always(100)),
      of("files", "rpc-1", always(0)),
      of("files_avail", "rpc-1", always(0)),
    ],
    checks: silentAt(70, 600),
  },
};
