import type { Row } from "../model";
import { type Chosen, chosenBy } from "../select";
import type { BoardContext } from "./context";
import { graph, target, timeline, untilFull } from "./parts";

/** Place for the chain's data. */
export function nodeDisk(chosen: Chosen): Row {
  const byProcess = (series: string) => `min by (node, client) (${chosen(series)})`;
  return {
    key: "disk",
    title: "Disk",
    panels: [
      graph(
        "disk-free",
        "Disk that is left",
        "Bytes that the file system of the node's data has left. Several nodes may share one file system.",
        "bytes",
        [target(byProcess("chain:disk_avail_bytes"), "{{node}} {{client}}")],
        { width: 8, min: 0, limits: [{ alert: "DiskReserveReached", when: "below" }] },
      ),
      graph(
        "disk-share",
        "Share of the disk that is left",
        "Share of that file system that is left. What matters is how long it lasts, which stands beside it.",
        "ratio",
        [target(byProcess("chain:disk_avail_ratio"), "{{node}} {{client}}")],
        { width: 8, min: 0, max: 1, decimals: 1 },
      ),
      graph(
        "disk-time",
        "Time until the disk is full",
        "How long the disk lasts when it goes on filling as in the last six hours.",
        "seconds",
        [target(untilFull(chosen), "{{node}} {{client}}")],
        {
          width: 8,
          decimals: 0,
          min: 0,
          empty: "while the disk does not fill",
          limits: [{ alert: "DiskWillFill", when: "below" }],
        },
      ),
      graph(
        "inodes",
        "Share of the inodes that is left",
        "A file system without inodes takes no more files, however much place it has.",
        "ratio",
        [target(byProcess("chain:disk_files_avail_ratio"), "{{node}} {{client}}")],
        {
          width: 12,
          height: 6,
          min: 0,
          max: 1,
          decimals: 1,
          empty: "on file systems that do not count inodes",
          limits: [{ alert: "InodesLow", when: "below" }],
        },
      ),
      timeline(
        "read-only",
        "File system takes writes",
        "A file system that was mounted anew without write access after an error stops its node.",
        "number",
        [target(`max by (node, client) (${chosen("chain:disk_readonly")})`, "{{node}} {{client}}")],
        {
          width: 12,
          meanings: [
            { value: 0, text: "writes", mood: "good" },
            { value: 1, text: "read only", mood: "bad" },
          ],
        },
      ),
    ],
  };
}

/** Starts of the client's process, where it tells them. */
export function nodeProcess(chosen: Chosen, { parameters }: BoardContext): Row {
  const started = chosen("chain:start_time_seconds");
  return {
    key: "process",
    title: "Process",
    panels: [
      graph(
        "uptime",
        "Up for",
        "Time since the process started. It falls to zero at every start.",
        "seconds",
        [target(`time() - max by (node, client) (${started})`, "{{node}} {{client}}")],
        { height: 6, min: 0 },
      ),
      graph(
        "restarts",
        "Starts within an hour",
        "How often the process started within the hour before, as it tells itself, and as its port tells: it closes and opens again.",
        "number",
        [
          target(`changes(${started}[1h])`, "{{node}} {{client}}"),
          target(`floor(changes(${chosen("chain:reachable")}[1h]) / 2)`, "{{node}} {{client}} by its port"),
        ],
        { height: 6, decimals: 0, min: 0, limits: [{ alert: "NodeRestartLoop", when: "above" }] },
      ),
      graph(
        "contract",
        "Height as asked and as measured",
        "Blocks between the height that the node answers and the one in its own metrics. Apart for long, one of them lies.",
        "blocks",
        [target(`abs(${chosen("chain:native_height")} - ${chosen("chain:height")})`, "{{node}} {{client}}")],
        {
          height: 5,
          decimals: 0,
          min: 0,
          empty: "for clients without metrics of their own",
          limits: [{ alert: "MetricsContractBroken", when: "above" }],
        },
      ),
      timeline(
        "scraped",
        "Metrics of the client itself",
        `Whether Prometheus could scrape the client's own metrics, every ${parameters.scrapeIntervalSeconds} s. What the agent asks does not depend on it.`,
        "number",
        [target(`max by (node, client) (${chosen("chain:scrape_up")})`, "{{node}} {{client}}")],
        {
          width: 12,
          height: 5,
          empty: "for clients without metrics of their own",
          meanings: [
            { value: 0, text: "no answer", mood: "warning" },
            { value: 1, text: "scraped", mood: "good" },
          ],
        },
      ),
    ],
  };
}

/** All machines of the network: which node runs where is not part of node_exporter's series. */
export function nodeMachine(): Row {
  const chosen = chosenBy(["stack", "network"]);
  const empty = "without node_exporter among the scrape jobs";
  return {
    key: "machine",
    title: "Machines (by node_exporter)",
    collapsed: true,
    panels: [
      graph(
        "cpu",
        "Processors in use",
        "Share of the processors' time that is used.",
        "ratio",
        [target(chosen("chain:host_cpu_busy_ratio"), "{{host}}")],
        { width: 8, min: 0, max: 1, empty },
      ),
      graph(
        "memory",
        "Memory that is free",
        "Share of the memory that programs can still have.",
        "ratio",
        [target(chosen("chain:host_memory_avail_ratio"), "{{host}}")],
        {
          width: 8,
          min: 0,
          max: 1,
          empty,
          limits: [{ alert: "MemoryPressure", when: "below" }],
        },
      ),
      graph(
        "oom",
        "Processes killed for want of memory",
        "Processes within ten minutes that the kernel killed because memory had run out.",
        "number",
        [target(`increase(${chosen("chain:host_oom_kills_total")}[10m])`, "{{host}}")],
        { width: 8, min: 0, decimals: 0, empty, limits: [{ alert: "NodeOomKilled", when: "above" }] },
      ),
      graph(
        "io-queue",
        "Requests that wait for the disk",
        "Requests that wait on average for the busiest disk.",
        "number",
        [target(chosen("chain:host_io_queue"), "{{host}}")],
        {
          width: 8,
          min: 0,
          decimals: 1,
          empty,
          limits: [{ alert: "DiskIoSaturated", when: "above" }],
        },
      ),
      graph(
        "clock",
        "Clock is off by",
        "How far the clock is off in either direction, as the kernel believes. Consensus is driven by time.",
        "seconds",
        [target(`abs(${chosen("chain:host_clock_offset_seconds")})`, "{{host}}")],
        {
          width: 8,
          min: 0,
          empty,
          limits: [{ alert: "ClockSkew", when: "above" }],
        },
      ),
      graph(
        "clock-error",
        "Clock may be off by",
        "How far the clock may be off at most. It grows while no time service keeps it.",
        "seconds",
        [target(chosen("chain:host_clock_max_error_seconds"), "{{host}}")],
        { width: 8, min: 0, empty, limits: [{ alert: "ClockUnsynchronised", when: "above" }] },
      ),
      timeline(
        "clock-sync",
        "Clock is kept",
        "Whether a time service keeps the clock.",
        "number",
        [target(`min by (host) (${chosen("chain:host_clock_sync")})`, "{{host}}")],
        {
          width: 8,
          height: 8,
          empty,
          meanings: [
            { value: 0, text: "not kept", mood: "warning" },
            { value: 1, text: "kept", mood: "good" },
          ],
        },
      ),
    ],
  };
}
