import type { AlertDefinition } from "../types";
import { BY_NODE, HOUR, MINUTE, risen, VALUE } from "./expressions";

const LOOP_SECONDS = HOUR;
const KILL_SECONDS = 10 * MINUTE;

export const RESTARTS: readonly AlertDefinition[] = [
  {
    name: "NodeRestartLoop",
    preset: "core",
    group: "Availability",
    scope: "node",
    // Clients that do not tell when they started are seen by their port: it closes and opens again.
    expr: (_, threshold) => {
      const byPort = `floor(changes(chain:reachable[${LOOP_SECONDS}s]) / 2)`;
      return `((changes(chain:start_time_seconds[${LOOP_SECONDS}s]) or ${byPort}) > ${threshold}) and ${BY_NODE} chain:up`;
    },
    threshold: {
      value: () => 3,
      unit: "restarts",
      says: `restarts of a process within ${LOOP_SECONDS / MINUTE} minutes that are still taken for work on it`,
      min: 1,
      max: 1000,
      whole: true,
    },
    current: () =>
      `changes(chain:start_time_seconds[${LOOP_SECONDS}s]) or floor(changes(chain:reachable[${LOOP_SECONDS}s]) / 2)`,
    forSeconds: () => 0,
    severity: "warning",
    owner: "ops",
    summary: "{{ $labels.client }} of {{ $labels.node }} starts again and again",
    description: (_, threshold) =>
      `{{ $labels.client }} of {{ $labels.node }} ({{ $labels.role }}) has started ${VALUE} times in ${LOOP_SECONDS / MINUTE} min; up to ${threshold} times are usual.`,
    dashboard: "node",
    runbook: {
      meaning:
        "A supervisor starts a process that has ended within seconds, so that a client which crashes again and again may look well whenever somebody looks. This alert counts the starts: by the time that the client tells, or else by its port that closed and opened.",
      impact:
        "After each start the client repairs its database and looks for peers; it serves with gaps. Each crash may damage the database.",
      diagnosis: [
        "`npx chainkeep logs <process>`: the last lines before each start have the reason.",
        "Did the kernel end it? `NodeOomKilled` fires beside this alert then, and `journalctl -k` of the machine names the process.",
        "Does it come back at the same height each time? Then it dies of one block, or of one place in its database.",
      ],
      mitigation: [
        "Too little memory: lower the client's caches (`options` of the group), or give the machine more.",
        "A damaged database: restore the node from a recovery point, or let it sync anew. Never a validator's signing state from a copy.",
        "A defect of a new version: put the old one back, if its database can still be opened; docs/components/clients.md lists one-way changes.",
      ],
    },
  },
  {
    name: "NodeOomKilled",
    preset: "core",
    group: "Availability",
    scope: "host",
    expr: (_, threshold) => `${risen("chain:host_oom_kills_total", KILL_SECONDS)} > ${threshold}`,
    threshold: {
      value: () => 0,
      unit: "processes",
      says: `processes that the kernel may kill within ${KILL_SECONDS / MINUTE} minutes for want of memory`,
      min: 0,
      max: 1000,
      whole: true,
    },
    current: () => risen("chain:host_oom_kills_total", KILL_SECONDS),
    forSeconds: () => 0,
    severity: "warning",
    owner: "ops",
    summary: "the kernel of {{ $labels.host }} has killed a process for want of memory",
    description: (_, threshold) =>
      `The kernel of {{ $labels.host }} has killed ${VALUE} processes for want of memory in ${KILL_SECONDS / MINUTE} min (limit ${threshold}).`,
    dashboard: "node",
    runbook: {
      meaning:
        "The machine had no memory left, and its kernel ended a process to get some. It takes the largest one, which most often is the client of a node.",
      impact:
        "The process was not stopped but killed: its database may need repair, and what it had not written is gone. As long as memory is short it happens again.",
      diagnosis: [
        "`journalctl -k` of the machine (or `dmesg`) names the process, and what each one held.",
        "`npx chainkeep status` shows the node that went away; `NodeRestartLoop` tells whether it goes on.",
        "Did memory grow slowly (a leak, a cache without limit), or at one request (a trace, a large range of logs)?",
      ],
      mitigation: [
        "Lower the client's caches in `options` of the group, move a node to another machine, or give this one more memory.",
        "Keep costly requests away from nodes that must not fail: a group of its own for them.",
        "If the client does not come back by itself, restore it from a recovery point.",
      ],
    },
  },
];
