import type { ExpectedAlert, Series, Signal } from "../promtool";
import { always, expected, firesAt, networkLabels, quick, type Scenario, silentAt, until } from "../world";

const only = (name: string, change: object = {}) => ({ presets: [], alerts: { [name]: change } });
const labels = { ...networkLabels(quick), host: "machine-1" };
const node = (name: string, value: Signal, more: Record<string, string> = {}): Series => ({
  name: `node_${name}`,
  labels: { ...labels, job: "chainkeep-hosts", instance: "127.0.0.1:9100", ...more },
  value,
});
const alert = (name: string, summary: string, description: string): ExpectedAlert =>
  expected(name, { ...labels, severity: "warning", owner: "ops" }, [summary, description]);

const memory = (free: Signal) => [node("memory_MemAvailable_bytes", free), node("memory_MemTotal_bytes", always(1000))];
const short = (free: string, limit = "5%") =>
  alert(
    "MemoryPressure",
    "machine-1 is short of memory",
    `${free} of the memory of machine-1 is free for programs (limit ${limit}).`,
  );
const waiting = (perSecond: number, device: string) =>
  node("disk_io_time_weighted_seconds_total", (t) => perSecond * t, { device });
const saturated = (requests: string, limit = "10") =>
  alert(
    "DiskIoSaturated",
    "the disk of machine-1 cannot keep up",
    `${requests} requests wait on average for the busiest disk of machine-1 (limit ${limit} requests).`,
  );
const offset = (value: Signal) => node("timex_offset_seconds", value);
const skew = (off: string, limit = "50ms") =>
  alert(
    "ClockSkew",
    "the clock of machine-1 is wrong",
    `The clock of machine-1 is off by ${off} (limit ${limit}) and does not get better.`,
  );
const clock = (sync: Signal, error: Signal) => [node("timex_sync_status", sync), node("timex_maxerror_seconds", error)];
const unkept = (error: string) =>
  alert(
    "ClockUnsynchronised",
    "nobody keeps the clock of machine-1",
    `The clock of machine-1 is not synchronised and may be off by ${error} (limit 16s).`,
  );

export const HOST: Readonly<Record<string, Scenario>> = {
  "MemoryPressure fires": {
    plan: quick,
    monitoring: only("MemoryPressure"),
    more: memory(until(60, always(500), always(40))),
    checks: [...silentAt(58, 178), firesAt(180, short("4%"))],
  },
  "MemoryPressure fires earlier by the user's threshold": {
    plan: quick,
    monitoring: only("MemoryPressure", { threshold: 0.2, forSeconds: 10 }),
    more: memory(always(150)),
    checks: [firesAt(12, short("15%", "20%"))],
  },
  "MemoryPressure is silent at the threshold, for a short while below it, and without node_exporter": {
    plan: quick,
    monitoring: only("MemoryPressure"),
    more: memory(until(400, (t) => (t >= 60 && t < 170 ? 10 : 50))),
    checks: silentAt(58, 168, 178, 300, 600),
  },

  "DiskIoSaturated fires for the busiest disk": {
    plan: quick,
    monitoring: only("DiskIoSaturated"),
    more: [waiting(1, "sda"), waiting(12, "nvme0n1")],
    // A rate over five minutes needs them to get to its height: above ten at 250.
    checks: [...silentAt(598, 840), firesAt(860, saturated("12.00"))],
  },
  "DiskIoSaturated fires earlier by the user's threshold": {
    plan: quick,
    monitoring: only("DiskIoSaturated", { threshold: 4.5, forSeconds: 20 }),
    more: [waiting(5, "sda")],
    checks: [...silentAt(260), firesAt(300, saturated("5.00", "4.5"))],
  },
  "DiskIoSaturated is silent for busy disks, just below the threshold, and for a burst": {
    plan: quick,
    monitoring: only("DiskIoSaturated"),
    more: [
      waiting(9.9, "sda"),
      node("disk_io_time_weighted_seconds_total", (t) => (t < 60 ? 0 : Math.min(t - 60, 200) * 50), { device: "sdb" }),
    ],
    checks: silentAt(200, 560, 700, 1500),
  },

  "ClockSkew fires for a clock that stays off, to either side": {
    plan: quick,
    monitoring: only("ClockSkew"),
    more: [offset(until(60, always(0), until(400, always(0.08), until(800, always(0), always(-0.08)))))],
    checks: [
      ...silentAt(58),
      firesAt(398, skew("80ms")),
      // The way back is no way off.
      ...silentAt(420, 790),
      firesAt(1300, skew("-80ms")),
    ],
  },
  "ClockSkew fires although the offset trembles": {
    plan: quick,
    monitoring: only("ClockSkew"),
    more: [offset((t) => 0.08 + (t % 4 === 0 ? 0.002 : -0.002))],
    checks: [firesAt(200, skew("82ms")), firesAt(602, skew("78ms"))],
  },
  "ClockSkew fires earlier by the user's threshold": {
    plan: quick,
    monitoring: only("ClockSkew", { threshold: 0.01 }),
    more: [offset(always(0.02))],
    checks: [firesAt(130, skew("20ms", "10ms"))],
  },
  "ClockSkew is silent for a clock that is brought back, at the threshold, and without figures": {
    plan: quick,
    monitoring: only("ClockSkew"),
    more: [
      offset((t) => Math.max(0, 0.3 - 0.0005 * t)),
      { ...offset(until(300, always(0.05))), labels: { ...offset(always(0)).labels, host: "machine-2" } },
    ],
    checks: silentAt(60, 130, 300, 480, 600),
  },

  "ClockUnsynchronised fires when nobody keeps the clock": {
    plan: quick,
    monitoring: only("ClockUnsynchronised"),
    more: clock(until(60, always(1), always(0)), until(60, always(0.01), always(16))),
    checks: [...silentAt(58, 178), firesAt(180, unkept("16s"))],
  },
  "ClockUnsynchronised is silent right after a start, while a service keeps the clock, and without figures": {
    plan: quick,
    monitoring: only("ClockUnsynchronised"),
    // The error grows slowly after the service has gone; and one that is kept may have been far off before.
    more: clock(
      until(900, (t) => (t < 600 ? 0 : 1)),
      until(900, (t) => (t < 600 ? 0.0005 * t : 16)),
    ),
    checks: silentAt(60, 300, 590, 800, 1200),
  },
};
