import type { Row } from "../model";
import type { Chosen } from "../select";
import type { BoardContext } from "./context";
import { graph, NO_YES, target, timeline } from "./parts";

export function reorganisations(chosen: Chosen): Row {
  return {
    key: "reorgs",
    title: "Reorganisations",
    panels: [
      graph(
        "reorgs",
        "Reorganisations per hour",
        "Times within an hour that the head went to another block at a height which had been reported before.",
        "number",
        [
          target(`increase(${chosen("chain:reorgs_total")}[1h])`, "{{node}} {{client}}"),
          target(`increase(${chosen("chain:native_reorgs_total")}[1h])`, "{{node}} {{client}} by its own count"),
        ],
        { height: 6, decimals: 0, min: 0 },
      ),
      graph(
        "reorg-depth",
        "Depth of the last reorganisation",
        "Blocks that the last reorganisation replaced. The figure stays until the next one.",
        "blocks",
        [target(`max by (node, client) (${chosen("chain:reorg_depth")})`, "{{node}} {{client}}")],
        {
          height: 6,
          decimals: 0,
          min: 0,
          empty: "until the first reorganisation",
          limits: [{ alert: "ReorgDeep", when: "above" }],
        },
      ),
    ],
  };
}

export function nodeTraffic(chosen: Chosen, { parameters }: BoardContext): Row {
  const failed = `1 - avg_over_time(${chosen("chain:up")}[${parameters.probeWindowSeconds}s])`;
  const byProcess = (series: string) => `max by (node, client) (${chosen(series)})`;
  return {
    key: "traffic",
    title: "Peers, transactions, requests",
    panels: [
      graph(
        "peers",
        "Peers",
        "Peers that each process is connected to.",
        "number",
        [target(byProcess("chain:peers"), "{{node}} {{client}}")],
        {
          width: 8,
          decimals: 0,
          min: 0,
          limits: [{ alert: "PeersLow", when: "below" }],
        },
      ),
      graph(
        "mempool",
        "Transactions that wait",
        "Transactions in the mempool. They rise when blocks take fewer than come in.",
        "count",
        [target(byProcess("chain:mempool_pending"), "{{node}} {{client}}")],
        {
          width: 8,
          min: 0,
          limits: [{ alert: "MempoolGrowing", when: "above" }],
        },
      ),
      graph(
        "transactions",
        "Transactions in blocks",
        "Transactions per second in the blocks that the process took.",
        "perSecond",
        [target(`rate(${chosen("chain:tx_total")}[$__rate_interval])`, "{{node}} {{client}}")],
        { width: 8, min: 0 },
      ),
      graph(
        "latency",
        "Answers within (95 of 100)",
        "Time within which 95 of 100 health questions are answered.",
        "seconds",
        [target(byProcess("chain:rpc_latency_seconds:p95"), "{{node}} {{client}}")],
        {
          width: 8,
          min: 0,
          limits: [{ alert: "RpcLatencyHigh", when: "above" }],
        },
      ),
      graph(
        "failed-askings",
        "Askings that failed",
        `Share of the agent's questions within ${parameters.probeWindowSeconds} s that gave no usable head.`,
        "ratio",
        [target(`max by (node, client) (${failed})`, "{{node}} {{client}}")],
        {
          width: 8,
          min: 0,
          max: 1,
          limits: [{ alert: "RpcProbeFailing", when: "above" }],
        },
      ),
      graph(
        "faults",
        "Askings that failed, by kind",
        "Failed askings per second: no connection, no answer in time, an error, or garbage.",
        "perSecond",
        [
          target(
            `sum by (node, client, kind) (${chosen("chain:probe_errors:rate5m")})`,
            "{{node}} {{client}} {{kind}}",
          ),
        ],
        {
          width: 8,
          min: 0,
          empty: "as long as no asking has failed",
        },
      ),
      timeline(
        "rotation",
        "Gets requests of users",
        "When the node was among those that requests are sent to.",
        "number",
        [target(`max by (node) (${chosen("chain:in_rotation")})`, "{{node}}")],
        { height: 5, meanings: NO_YES },
      ),
    ],
  };
}
