import type { StatusAlert, StatusDocument, StatusNode } from "@chainkeep/core";
import { pointsText } from "./points";
import { plain, type Style } from "./style";
import { type Cell, table } from "./table";
import { duration, oneLine } from "./text";

const NONE = "-";

/** What a person reads of a status document: the network, its nodes with reasons, alerts and recovery points. */
export function statusText(status: StatusDocument, style: Style = plain): string {
  const parts = [headline(status, style), nodesTable(status.nodes, style)];
  if (status.alerts.length > 0) parts.push(alertsText(status.alerts, status.time, style));
  if (status.points.length > 0)
    parts.push(`${style.bold("Recovery points")}\n${pointsText(status.points, status.time, style)}`);
  return parts.join("\n\n");
}

export function headline(
  { stack, cluster, protocol, network, networkState, nodes }: StatusDocument,
  style: Style,
): string {
  const { halted, height, secondsSinceProgress } = networkState;
  const ready = nodes.filter((n) => n.ready).length;
  const flow = halted
    ? style.bad(`HALTED${secondsSinceProgress === null ? "" : `, no block for ${duration(secondsSinceProgress)}`}`)
    : height === null
      ? style.warn("height unknown")
      : `height ${height}${secondsSinceProgress === null ? "" : `, last block ${duration(secondsSinceProgress)} ago`}`;
  const readiness = `${ready} of ${nodes.length} nodes ready`;
  return [
    `${style.bold(oneLine(cluster))} ${oneLine(`(${protocol}, ${network}), stack ${stack}`)}`,
    `${flow}; ${ready === nodes.length ? style.good(readiness) : style.bad(readiness)}`,
  ].join("\n");
}

export function nodesTable(nodes: readonly StatusNode[], style: Style): string {
  const head = ["NAME", "KIND", "CLIENT", "HEIGHT", "LAG", "PEERS", "READY", "REASONS"].map(
    (text): Cell => ({ text, dress: style.dim, right: ["HEIGHT", "LAG", "PEERS"].includes(text) }),
  );
  const rows = [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1)).map((node) => nodeRow(node, style));
  return table([head, ...rows]);
}

function nodeRow(node: StatusNode, style: Style): Cell[] {
  const state = node.ready ? "yes" : node.alive ? "no" : "no, dead";
  return [
    { text: node.name },
    { text: node.kind },
    { text: node.client },
    number(node.height),
    number(node.lagBlocks),
    number(node.peers),
    { text: state, dress: node.ready ? style.good : style.bad },
    { text: node.reasons.map(({ code, text }) => `${code}: ${text}`).join("; ") },
  ];
}

function alertsText(alerts: readonly StatusAlert[], now: number, style: Style): string {
  const order = [...alerts].sort(
    (a, b) => Number(a.state !== "firing") - Number(b.state !== "firing") || b.startsAt - a.startsAt,
  );
  const rows = order.map((alert): Cell[] => {
    const firing = alert.state === "firing";
    const ended = alert.endsAt ?? alert.startsAt;
    const when = firing ? `for ${duration(now - alert.startsAt)}` : `${duration(now - ended)} ago`;
    return [
      { text: firing ? "FIRING" : "resolved", dress: firing ? style.bad : style.dim },
      { text: when },
      { text: alert.severity },
      { text: alert.name },
      { text: alert.summary },
    ];
  });
  return `${style.bold("Alerts")}\n${table(rows)}`;
}

function number(value: number | null): Cell {
  return { text: value === null ? NONE : String(value), right: true };
}
