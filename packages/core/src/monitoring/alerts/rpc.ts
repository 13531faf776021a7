import type { AlertDefinition } from "../types";
import { BY_PROCESS, NODE, PERCENT, patience, percent, samples, UNLESS_SYNCING } from "./expressions";

/** Up, down and up again: at least so many changes within the window are a flicker, and not one outage. */
const FLICKER_CHANGES = 3;

export const RPC: readonly AlertDefinition[] = [
  {
    name: "RpcProbeFailing",
    preset: "core",
    group: "RPC",
    scope: "node",
    // Two faults of one kind: a port that takes connections and says nothing of use (a frozen process, a dead RPC), and answers
    // that come and go. A port that is closed is told by NodeDown, and one outage that is over by nobody.
    expr: (p, threshold) => {
      const window = `[${p.probeWindowSeconds}s]`;
      return (
        `((avg_over_time(chain:rpc_silent${window}) > ${threshold}) unless ${BY_PROCESS} (chain:reachable == 0)` +
        ` or ((1 - avg_over_time(chain:up${window}) > ${threshold}) and (changes(chain:up${window}) >= ${FLICKER_CHANGES})))` +
        ` and (count_over_time(chain:up${window}) >= ${samples(p.probeWindowSeconds, p.scrapeIntervalSeconds)})` +
        " and chain:up"
      );
    },
    threshold: {
      value: () => 0.5,
      unit: "ratio",
      says: "share of the agent's askings that may fail",
      min: 0.01,
      max: 0.99,
    },
    current: (p) => `1 - avg_over_time(chain:up[${p.probeWindowSeconds}s])`,
    forSeconds: (p) => patience(p, 10, 60),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} takes connections but gives no head",
    description: (p, threshold) =>
      `${PERCENT} of the questions to ${NODE} in the last ${p.probeWindowSeconds} s brought no head, limit ${percent(threshold)}: its port is open, but its RPC hangs or answers nonsense.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The port of the process takes connections, but the agent gets no usable head: the process is frozen, its RPC is dead or locked up, or answers come only now and then. `NodeDown` is told instead where nothing takes connections.",
      impact:
        "The agent has taken the node out of rotation. Whoever talks to it directly waits until the time is out. A frozen validator signs nothing.",
      diagnosis: [
        "`npx chainkeep status` has the reason in the agent's words: time out, an error of the server, or an answer that cannot be read.",
        "`npx chainkeep logs <process>`: does the process still write? One that is silent is frozen: it waits for its disk, for a lock, or somebody has stopped it (state `T` in `ps`).",
        "The disk of its machine: one that hangs lets a process hang with it, and it cannot be killed meanwhile.",
      ],
      mitigation: [
        "Stop and start the process: `npx chainkeep attach`. It ends with its own signal and grace, and its database stays whole.",
        "Too many costly requests: give them a group of their own, or limit them in front of the proxy.",
        "An answer that cannot be read after an upgrade: the client speaks another dialect now; put back the version of docs/components/clients.md.",
      ],
    },
    inhibits: [{ alerts: ["RpcLatencyHigh"], equal: ["network", "stack", "node"] }],
  },
  {
    name: "RpcLatencyHigh",
    preset: "core",
    group: "RPC",
    scope: "node",
    expr: (_, threshold) => `(chain:rpc_latency_seconds:p95 > ${threshold}) ${UNLESS_SYNCING}`,
    threshold: {
      value: (p) => p.sloLatencySeconds,
      unit: "seconds",
      says: "time within which 95 of 100 health questions must be answered",
      min: 0.001,
      max: 60,
    },
    current: () => "chain:rpc_latency_seconds:p95",
    forSeconds: (p) => patience(p, 60, 600),
    severity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} answers slowly",
    description: (_, threshold) =>
      `95 of 100 health questions to ${NODE} are answered within {{ $value | printf "%.2f" }} s only, limit ${threshold} s.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The agent's own questions, which are among the cheapest that there are, take longer than the limit. A question that took more than five seconds counts as five.",
      impact:
        "Users wait at least as long. When answers take longer than the agent's patience, the node goes out of rotation.",
      diagnosis: [
        "Who asks what? Traces and wide ranges of logs keep all others waiting.",
        "The disk: compaction of the database, or a volume whose burst is used up. `DiskIoSaturated` fires beside this alert then.",
        "All nodes at once: the agent's machine itself may be overloaded.",
      ],
      mitigation: [
        "Give costly requests a group of their own.",
        "More memory for the client's caches (`options` of the group), or a faster disk.",
        "More nodes in the group: the proxy spreads requests over all that are ready.",
      ],
    },
  },
];
