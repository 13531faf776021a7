import type { Board, Row, Variable } from "../model";
import { type Chosen, chosenBy } from "../select";
import type { BoardContext } from "./context";
import { nodeDisk, nodeMachine, nodeProcess } from "./node-host";
import { nodeTraffic, reorganisations } from "./node-traffic";
import { alertTable, DOWN_UP, graph, NO_YES, stat, target, timeline } from "./parts";

const VARIABLES: readonly Variable[] = ["stack", "network", "node"];

/** What is the matter with this node? */
export function nodeBoard(context: BoardContext): Board {
  const chosen = chosenBy(VARIABLES);
  return {
    id: "node",
    title: "Chainkeep / Node",
    description: "One node, or several side by side: state, chain, peers, requests, disk, machine.",
    variables: VARIABLES,
    range: "6h",
    rows: [
      status(chosen),
      { key: "alerts", title: "Alerts of the nodes chosen", panels: [alertTable(chosen, context)] },
      chain(chosen, context),
      reorganisations(chosen),
      nodeTraffic(chosen, context),
      nodeDisk(chosen),
      nodeProcess(chosen, context),
      nodeMachine(),
    ],
  };
}

function status(chosen: Chosen): Row {
  const ofNode = (series: string) => `max by (node) (${chosen(series)})`;
  const byProcess = (series: string) => `max by (node, client) (${chosen(series)})`;
  return {
    key: "status",
    title: "Now",
    panels: [
      stat(
        "up",
        "State",
        "Whether the head of each process could be read.",
        "number",
        [target(byProcess("chain:up"), "{{node}} {{client}}")],
        { meanings: DOWN_UP },
      ),
      stat(
        "ready",
        "Ready for requests",
        "Whether the node can be trusted with requests. A node that is not ready gets none.",
        "number",
        [target(ofNode("chain:healthy"), "{{node}}")],
        { meanings: NO_YES },
      ),
      stat(
        "height",
        "Height",
        "Height of the head that the node reports.",
        "blocks",
        [target(ofNode("chain:height"), "{{node}}")],
        { decimals: 0 },
      ),
      stat(
        "lag-now",
        "Blocks behind",
        "Blocks behind the highest sibling.",
        "blocks",
        [target(ofNode("chain:lag_blocks"), "{{node}}")],
        {
          decimals: 0,
          limits: [{ alert: "NodeSyncLag", when: "above" }],
        },
      ),
      stat(
        "head-age-now",
        "Age of the head",
        "Time since the newest block that the node has.",
        "seconds",
        [target(`time() - ${ofNode("chain:head_timestamp")}`, "{{node}}")],
        {
          decimals: 0,
          limits: [{ alert: "HeadTimestampOld", when: "above" }],
        },
      ),
      stat(
        "version",
        "Version",
        "What each process says of itself.",
        "text",
        [target(`max by (node, client, version) (${chosen("chain:info")})`, "{{client}} {{version}}")],
        { names: true },
      ),
    ],
  };
}

function chain(chosen: Chosen, { parameters }: BoardContext): Row {
  const height = `max by (node) (${chosen("chain:height")})`;
  return {
    key: "chain",
    title: "Chain",
    panels: [
      graph(
        "height-graph",
        "Height beside the fleet",
        parameters.hasReference
          ? "Height of the node, of the highest node of the fleet, and of the node outside that is asked as well."
          : "Height of the node and of the highest node of the fleet. No node outside is asked: `monitoring.reference` names one.",
        "blocks",
        [
          target(height, "{{node}}"),
          target(`max by (network) (${chosen("chain:network_height")})`, "{{network}} highest"),
          ...(parameters.hasReference
            ? [target(`max by (network) (${chosen("chain:reference_height")})`, "{{network}} outside")]
            : []),
        ],
        { decimals: 0 },
      ),
      graph(
        "lag",
        "Blocks behind",
        "Blocks behind the highest sibling.",
        "blocks",
        [target(`max by (node) (${chosen("chain:lag_blocks")})`, "{{node}}")],
        { decimals: 0, min: 0, limits: [{ alert: "NodeSyncLag", when: "above" }] },
      ),
      graph(
        "head-age",
        "Age of the head",
        "Time since the newest block that the node has.",
        "seconds",
        [target(`time() - max by (node) (${chosen("chain:head_timestamp")})`, "{{node}}")],
        { min: 0, limits: [{ alert: "HeadTimestampOld", when: "above" }] },
      ),
      graph(
        "pace",
        "Blocks per minute",
        "How fast the node's height rises: the pace of the network when it is in sync, more while it catches up.",
        "perMinute",
        [target(`60 * deriv(${chosen("chain:height")}[$__rate_interval])`, "{{node}}")],
        { decimals: 1 },
      ),
      ...(parameters.finalityLagBlocks === undefined
        ? []
        : [
            graph(
              "finality-lag",
              "Blocks that are not final",
              "Distance between the head and the highest final block.",
              "blocks",
              [target(`${height} - max by (node) (${chosen("chain:finalized_height")})`, "{{node}}")],
              { decimals: 0, min: 0, limits: [{ alert: "FinalityLag", when: "above" }] },
            ),
          ]),
      timeline(
        "syncing",
        "Catching up",
        "When each process said that it was catching up.",
        "number",
        [target(`max by (node, client) (${chosen("chain:syncing")})`, "{{node}} {{client}}")],
        {
          width: 12,
          meanings: [
            { value: 0, text: "in sync", mood: "good" },
            { value: 1, text: "catching up", mood: "warning" },
          ],
        },
      ),
      graph(
        "sync-progress",
        "Progress of catching up",
        "How far the catching up is, as the process tells it.",
        "ratio",
        [target(`max by (node, client) (${chosen("chain:sync_progress")})`, "{{node}} {{client}}")],
        { height: 6, decimals: 2, max: 1, empty: "while nothing catches up, and for clients that tell no progress" },
      ),
      graph(
        "slots-behind",
        "Slots behind the clock",
        "Slots between the clock and the head of a consensus client.",
        "number",
        [target(`max by (node, client) (${chosen("chain:slots_behind")})`, "{{node}} {{client}}")],
        { height: 6, decimals: 0, min: 0 },
      ),
      ...(parameters.layered
        ? [
            timeline(
              "engine-link",
              "Consensus client reaches execution client",
              "Without this link a node makes no progress although both of its processes run.",
              "number",
              [target(`min by (node, client) (${chosen("chain:el_cl_connected")})`, "{{node}}")],
              {
                width: 12,
                meanings: [
                  { value: 0, text: "broken", mood: "bad" },
                  { value: 1, text: "connected", mood: "good" },
                ],
              },
            ),
          ]
        : []),
    ],
  };
}
