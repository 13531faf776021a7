import type { AlertDefinition } from "../types";
import { atLeast, BY_NODE, BY_PROCESS, DAY, NODE, patience, samples, VALUE } from "./expressions";

const QUIETS_ITS_NODE = { severities: ["warning", "info"], equal: ["network", "stack", "node"] } as const;
const BY_ROLE = "on (network, stack, role)";

export const AVAILABILITY: readonly AlertDefinition[] = [
  {
    name: "NodeDown",
    preset: "core",
    group: "Availability",
    scope: "node",
    // A node whose port takes connections is told by RpcProbeFailing: other causes, other remedies.
    expr: () => `chain:up == 0 unless ${BY_PROCESS} (chain:reachable == 1)`,
    current: () => "chain:up",
    forSeconds: (p) => patience(p, 20, 180),
    keepFiringSeconds: (p) => atLeast(30, p),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} is down",
    description: () =>
      `Nothing answers where ${NODE} should: the process has ended, or its machine is not to be reached.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The agent asked the node for its head and could not even connect: the process is gone, it has not opened its port yet, or its machine cannot be reached. It is not told for a process that takes connections and stays silent: that is `RpcProbeFailing`.",
      impact:
        "The node serves nobody and makes no blocks. Requests go to the other ready nodes of its group; a validator misses every block, and a group of one is out of service.",
      diagnosis: [
        "`npx chainkeep status` tells the reason in the agent's words: `NO_ANSWER` with what the connection said.",
        "`npx chainkeep logs <process>` shows the client's last words. The supervisor starts a process again after five seconds; one that ends at every start has its reason in the last lines.",
        "`npx chainkeep doctor` looks for what usually stops a start: a full disk, a port that another program has, a missing program.",
      ],
      mitigation: [
        "A database that another version wrote: put the version back that wrote it, or restore from a recovery point; do not delete data of a validator.",
        "A port that is taken: end the other program, or choose other `hostPorts`.",
        "A process that somebody removed: `npx pulumi up --refresh` puts it back.",
      ],
    },
    inhibits: [QUIETS_ITS_NODE, { alerts: ["RpcProbeFailing"], equal: ["network", "stack", "node"] }],
    duringMaintenance: false,
  },
  {
    name: "NodeTargetMissing",
    preset: "core",
    group: "Availability",
    scope: "node",
    expr: () => `chain:expected_node unless ${BY_NODE} chain:up`,
    current: () => "chain:expected_node and on (network, stack, node) chain:up",
    forSeconds: (p) => patience(p, 60, 120),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "nothing is known of {{ $labels.node }} of {{ $labels.network }}",
    description: () =>
      "{{ $labels.node }} is in the inventory, but no probe result arrives: the agent is down, or it lost the node.",
    dashboard: "meta",
    runbook: {
      meaning:
        "The node is in the inventory of this stack, but Prometheus has no result of any probe of it. `up == 0` cannot see this: what is not a target any more has no `up`.",
      impact: "The node may be well or dead: nobody looks. Every other alert of this node is silent.",
      diagnosis: [
        "`npx chainkeep status` exits with 3 when the agent does not answer; `npx chainkeep logs agent` tells why.",
        "The series `chain_agent_inventory_valid` of 0 means that the agent refused a new inventory and still watches the old one; its log lists every problem.",
      ],
      mitigation: [
        "The supervisor starts a dead agent again by itself. One that ends at every start names the reason in its log, most often a port that is taken.",
        "`npx pulumi up --refresh` writes the inventory anew and puts back what is missing.",
      ],
    },
    inhibits: [QUIETS_ITS_NODE],
  },
  {
    name: "RedundancyLost",
    preset: "core",
    group: "Availability",
    scope: "network",
    applies: (p) => p.hasReplicas,
    // Where nothing is known of any node of a role there is nothing to sum up, and that is the worst case: hence the zero. Nodes
    // that are days behind and say so are on their first sync, or were restored: nobody counts on them yet.
    expr: () => {
      const firstSync = `chain:syncing == 1 and ${BY_NODE} (time() - chain:head_timestamp > ${FIRST_SYNC_SECONDS})`;
      const expected = `(chain:healthy == 1) or ${BY_NODE} max by (network, stack, node, role) (${firstSync})`;
      return (
        `((sum by (network, stack, role) (chain:healthy) or 0 * chain:min_healthy) < ${BY_ROLE} chain:min_healthy)` +
        ` unless ${BY_ROLE} (sum by (network, stack, role) (${expected}) >= ${BY_ROLE} chain:min_healthy)`
      );
    },
    current: () => "sum by (network, stack, role) (chain:healthy)",
    forSeconds: (p) => patience(p, 60, 300),
    severity: "critical",
    owner: "ops",
    summary: "too few {{ $labels.role }} nodes of {{ $labels.network }} are ready",
    description: (p) =>
      `${VALUE} {{ $labels.role }} nodes of {{ $labels.network }} are known to be ready; at least there must be: ${leastText(p.minHealthy)}.`,
    dashboard: "fleet",
    runbook: {
      meaning:
        "Of a role with several nodes fewer than half, or none, are ready. This is the page for the fleet: single nodes of such a role are only a warning each. Nodes that say that they are catching up and are more than a day behind do not count as lost: a first sync is no outage.",
      impact:
        "Requests go to the nodes that are left, which may be none: then the proxy answers with 503. The next failure is an outage.",
      diagnosis: [
        "`npx chainkeep status` lists the nodes with the reason why each is not ready: down, behind, without peers, on another chain.",
        "One reason for all of them points to something that they share: the machine, the network, the version, the agent that asks them.",
        "No node is listed: the agent is down (`NodeTargetMissing`), and the nodes may be well.",
      ],
      mitigation: [
        "Mend the node first that lacks least: one that is a few blocks behind is back in minutes, an empty one in days.",
        "If a new version or setting is the reason, put back the old one on one node, see it become ready, then go on with the next.",
        "For a planned outage: `npx chainkeep silence RedundancyLost --for 2h`.",
      ],
    },
  },
  {
    name: "MetricsContractBroken",
    preset: "core",
    group: "Availability",
    scope: "node",
    applies: (p) => p.nativeHeightClients.length > 0,
    // Two faults of one kind: a series that is gone after an upgrade, and one that says something else than the node itself.
    expr: (p, threshold) => {
      const clients = `client${p.nativeHeightClients.length > 1 ? "=~" : "="}"${p.nativeHeightClients.join("|")}"`;
      const window = `[${p.probeWindowSeconds}s]`;
      const off = `abs(avg_over_time(chain:native_height${window}) - avg_over_time(chain:height${window}))`;
      return (
        `(chain:scrape_up{${clients}} == 1 unless on (network, stack, node, client) chain:native_height)` +
        // A gauge at 0 has not been set since the start: CometBFT without peers tells none of the blocks that it has.
        ` or ((${off} > ${threshold}) and (min_over_time(chain:native_height${window}) > 0) unless ${BY_NODE} (chain:syncing == 1)` +
        ` and (count_over_time(chain:native_height${window}) >= ${samples(p.probeWindowSeconds, p.scrapeIntervalSeconds)}))`
      );
    },
    threshold: {
      // Both are averages over the same window, so that what is left is no matter of timing.
      value: (p) =>
        Math.max(
          10,
          2 * p.maxLagBlocks + Math.ceil((4 * (p.probeIntervalSeconds + p.scrapeIntervalSeconds)) / p.blockTimeSeconds),
        ),
      unit: "blocks",
      says: "blocks between the height that the node answers and the one in its own metrics",
      min: 1,
      max: 1_000_000,
      whole: true,
    },
    current: () => "abs(chain:native_height - chain:height)",
    forSeconds: (p) => patience(p, 120, 900),
    severity: "warning",
    owner: "dev",
    summary: "metrics of {{ $labels.node }} cannot be trusted",
    description: (_, threshold) =>
      `{{ $labels.client }} of {{ $labels.node }} serves metrics, but its height is missing in them or more than ${threshold} blocks away from what the node answers: a new version has renamed or broken it.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The client's own metrics can be scraped, but the series that tells its height is gone, or says something else than the node does when it is asked. Clients rename series between versions, and gauges have been seen to freeze.",
      impact:
        "Alerts are written on what the agent asks, so they go on. Panels and alerts that only the client's own metrics can feed (signatures, reorganisations, sync stages) may show nothing or something false.",
      diagnosis: [
        "Which version runs: `npx chainkeep status --json` has it for every node; which one the catalogue expects: docs/components/clients.md.",
        "Read the client's own metrics page and look for its height under another name; docs/components/series.md tells what is read of it.",
      ],
      mitigation: [
        "Run the version that the catalogue pins, or correct the names in `metrics.series` of your own protocol.",
        "If the version is the pinned one, it is a defect of this library: report it with the scrape.",
      ],
    },
  },
];

/** So far behind is only a node that has just begun. */
const FIRST_SYNC_SECONDS = DAY;

function leastText(least: Readonly<Record<string, number>>): string {
  return Object.entries(least)
    .map(([role, count]) => `${count} ${role}`)
    .join(", ");
}
