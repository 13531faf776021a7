import type { Meaning, Row } from "../model";
import type { Chosen } from "../select";
import type { BoardContext } from "./context";
import { BY_NODE, bars, DOWN_UP, graph, NETWORK_COLUMN, NODE_COLUMN, stat, table, target, untilFull } from "./parts";

const CATCHING_UP: readonly Meaning[] = [
  { value: 0, text: "in sync", mood: "good" },
  { value: 1, text: "catching up", mood: "warning" },
];

/** One line per process, and one per role. */
export function fleetNodes(chosen: Chosen): Row {
  const process = chosen("chain:expected_process");
  const byProcess = (series: string) => `max by (stack, network, node, client) (${chosen(series)})`;
  /** What is told of the node as a whole stands in the lines of all its processes. */
  const ofNode = (expr: string) =>
    `(max by (${BY_NODE}) (${expr})) * on (${BY_NODE}) group_right () max by (stack, network, node, client) (${process})`;
  const byRole = (expr: string, what: string) => target(expr, "{{role}}", { title: what, unit: "number" });
  return {
    key: "nodes",
    title: "Nodes",
    panels: [
      table(
        "processes",
        "Processes, furthest behind first",
        "Every process that should be there, with what it says of itself. When the disk will be full follows from the last six hours, and is left open while it does not fill.",
        "text",
        [
          target(`max by (stack, network, node, client, role) (${process})`, "{{node}}"),
          target(byProcess("chain:up"), "up", { title: "State", unit: "number", meanings: DOWN_UP }),
          target(`max by (stack, network, node, client, version) (${chosen("chain:info")})`, "version"),
          target(ofNode(chosen("chain:height")), "height", { title: "Height", unit: "blocks", decimals: 0 }),
          target(ofNode(chosen("chain:lag_blocks")), "lag", {
            title: "Blocks behind",
            unit: "blocks",
            decimals: 0,
            limits: [{ alert: "NodeSyncLag", when: "above" }],
          }),
          target(byProcess("chain:peers"), "peers", {
            title: "Peers",
            unit: "number",
            decimals: 0,
            limits: [{ alert: "PeersLow", when: "below" }],
          }),
          target(byProcess("chain:syncing"), "syncing", { title: "Sync", unit: "number", meanings: CATCHING_UP }),
          {
            ...target(ofNode(untilFull(chosen)), "full", {
              title: "Disk full in",
              unit: "seconds",
              decimals: 0,
              limits: [{ alert: "DiskWillFill", when: "below" }],
            }),
            empty: "while the disk does not fill",
          },
        ],
        {
          height: 9,
          labels: [
            NETWORK_COLUMN,
            NODE_COLUMN,
            { label: "client", title: "Client" },
            { label: "version", title: "Version" },
            { label: "role", title: "Role" },
            { label: "stack", title: "Stack" },
          ],
          sortBy: { title: "Blocks behind", descending: true },
        },
      ),
      table(
        "redundancy",
        "Redundancy by role",
        "Nodes of each role that are ready, beside how many there should be and how many must be left at least. Roles with one node, and validators, have no least number.",
        "number",
        [
          byRole(`sum by (stack, network, role) (${chosen("chain:healthy")})`, "Ready"),
          byRole(`count by (stack, network, role) (${chosen("chain:expected_node")})`, "Expected"),
          byRole(`max by (stack, network, role) (${chosen("chain:min_healthy")})`, "At least"),
        ],
        {
          width: 9,
          height: 6,
          labels: [NETWORK_COLUMN, { label: "role", title: "Role" }, { label: "stack", title: "Stack" }],
        },
      ),
      table(
        "versions",
        "Versions",
        "Processes of each client by the version that they tell. Two versions of one client are an upgrade that is not finished.",
        "number",
        [
          target(
            `count by (network, client, version) (max by (stack, network, node, client, version) (${chosen("chain:info")}))`,
            "{{client}} {{version}}",
            { title: "Processes", unit: "number" },
          ),
        ],
        {
          width: 9,
          height: 6,
          labels: [NETWORK_COLUMN, { label: "client", title: "Client" }, { label: "version", title: "Version" }],
          sortBy: { title: "Client" },
        },
      ),
      bars(
        "version-skew",
        "Versions of one client",
        "How many versions of each client run beside each other.",
        "number",
        [
          target(
            `count by (network, client) (count by (stack, network, client, version) (${chosen("chain:info")}))`,
            "{{client}}",
          ),
        ],
        { width: 6, decimals: 0, min: 0, limits: [{ alert: "ClientVersionSkew", when: "above" }] },
      ),
    ],
  };
}

/** Where the networks stand, and whether all nodes are on one chain. */
export function fleetChain(chosen: Chosen, { parameters }: BoardContext): Row {
  const height = `max by (${BY_NODE}) (${chosen("chain:height")})`;
  const finalised = `max by (${BY_NODE}) (${chosen("chain:finalized_height")})`;
  const compared = chosen("chain:checkpoint_compared");
  return {
    key: "chain",
    title: "Chain",
    panels: [
      graph(
        "height-spread",
        "Highest and lowest head",
        "Highest and lowest head of each network's nodes. A gap that grows is a node that does not keep up.",
        "blocks",
        [
          target(`max by (network) (${height})`, "{{network}} highest"),
          target(`min by (network) (${height})`, "{{network}} lowest"),
        ],
        { decimals: 0 },
      ),
      graph(
        "lag",
        "Blocks behind the highest sibling",
        "How far each node is behind the highest node of its network.",
        "blocks",
        [target(`max by (network, node) (${chosen("chain:lag_blocks")})`, "{{node}}")],
        { decimals: 0, min: 0, limits: [{ alert: "NodeSyncLag", when: "above" }] },
      ),
      graph(
        "head-age",
        "Age of the head",
        "Time since the newest block that each node has. It grows on all nodes at once when the network makes no blocks.",
        "seconds",
        [target(`time() - max by (network, node) (${chosen("chain:head_timestamp")})`, "{{node}}")],
        { min: 0, limits: [{ alert: "HeadTimestampOld", when: "above" }] },
      ),
      ...(parameters.finalityLagBlocks === undefined
        ? []
        : [
            graph(
              "finality-lag",
              "Blocks that are not final",
              "Distance between the head and the highest final block of each node.",
              "blocks",
              [target(`${height} - ${finalised}`, "{{node}}")],
              { decimals: 0, min: 0, limits: [{ alert: "FinalityLag", when: "above" }] },
            ),
          ]),
      ...(parameters.hasReference
        ? [
            graph(
              "behind-reference",
              "Fleet behind the node outside",
              "Blocks between the node outside and the highest node of the fleet. All nodes may stand still together, or follow a fork, and only this tells.",
              "blocks",
              [
                target(
                  `${chosen("chain:reference_height")} - on (stack, network) ${chosen("chain:network_height")}`,
                  "{{network}}",
                ),
              ],
              { decimals: 0, limits: [{ alert: "FleetBehindReference", when: "above" }] },
            ),
          ]
        : []),
      stat(
        "branches",
        "Chains at the last checkpoint",
        "Different blocks that nodes have at the newest height which is compared. More than one is a fork. Heads and consensus clients are compared apart, because the latter count slots.",
        "number",
        [
          target(
            `count by (network, layer) (count_values by (stack, network, layer) ("hash", ${compared}))`,
            "{{network}} {{layer}}",
          ),
        ],
        {
          width: 6,
          height: 6,
          empty: "until the first checkpoint has been passed",
          meanings: [
            { value: 1, text: "one", mood: "good" },
            { from: 2, mood: "bad" },
          ],
        },
      ),
      table(
        "checkpoints",
        "Checkpoints",
        "Height of the old block that is compared, and the first 48 bits of its hash. Processes with equal heights must have equal hashes.",
        "text",
        [
          target(`max by (stack, network, node, client) (${chosen("chain:checkpoint_height")})`, "height", {
            title: "Height",
            unit: "blocks",
            decimals: 0,
          }),
          target(`max by (stack, network, node, client) (${chosen("chain:checkpoint_hash48")})`, "hash", {
            title: "Hash",
            unit: "hash",
          }),
        ],
        {
          width: 18,
          height: 6,
          empty: "until the first checkpoint has been passed",
          labels: [
            NETWORK_COLUMN,
            NODE_COLUMN,
            { label: "client", title: "Client" },
            { label: "stack", title: "Stack" },
          ],
          sortBy: { title: "Height", descending: true },
        },
      ),
    ],
  };
}
