import {
  durationText,
  type HistoryDocument,
  type StatusAlert,
  type StatusDocument,
  type StatusNode,
} from "@chainkeep/core";
import { type Scale, sparkline } from "./chart";
import { type Html, html } from "./html";
import { count, many, nodeWord, orUnknown, said, sign } from "./words";

/** So many nodes have a row; of the others a short line each, and beyond that only their number: a page is read by people. */
const MAX_ROWS = 50;
const MAX_LINES = 1500;
const MAX_REASONS = 4;

/** The worst first; otherwise as in the inventory. */
export function worstFirst(nodes: readonly StatusNode[], alerts: readonly StatusAlert[]): StatusNode[] {
  const weights = new Map<string, number>();
  for (const { node, state, severity } of alerts) {
    if (node === null || state !== "firing") continue;
    const weight = severity === "critical" ? 8 : severity === "warning" ? 4 : 1;
    weights.set(node, Math.max(weights.get(node) ?? 0, weight));
  }
  const weight = (node: StatusNode) =>
    (node.alive ? 0 : 32) +
    (node.ready ? 0 : 16) +
    (weights.get(node.name) ?? 0) +
    (node.rpcUrl !== null && !node.inRotation ? 2 : 0);
  // Lags of healthy nodes come and go with every block: rows must not jump about with them.
  const lag = ({ ready, lagBlocks }: StatusNode) => (ready ? 0 : (lagBlocks ?? 0));
  return [...nodes].sort((a, b) => weight(b) - weight(a) || lag(b) - lag(a));
}

/** All nodes: rows for the first ones, the others folded. */
export function nodesTable(status: StatusDocument, history: HistoryDocument, scale: Scale): Html {
  const nodes = worstFirst(status.nodes, status.alerts);
  if (nodes.length === 0) return html`<p>No nodes: the inventory of this agent is empty.</p>`;
  const rest = nodes.slice(MAX_ROWS);
  return html`<table class="nodes" role="table">
<thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">Node</th><th role="columnheader" scope="col">State</th>
<th role="columnheader" scope="col" class="n">Height</th><th role="columnheader" scope="col" class="n">Behind</th>
<th role="columnheader" scope="col" class="n">Head age</th><th role="columnheader" scope="col" class="n">Peers</th>
<th role="columnheader" scope="col">Serves users</th><th role="columnheader" scope="col">Last minutes</th>
</tr></thead>
<tbody role="rowgroup">${nodes.slice(0, MAX_ROWS).map((node) => row(node, history, scale))}</tbody>
</table>${rest.length > 0 && folded(rest)}`;
}

function row(node: StatusNode, history: HistoryDocument, scale: Scale): Html {
  const { level, word } = nodeWord(node);
  const heights = history.heights[node.name] ?? [];
  return html`<tr role="row" id="${node.name}">
<td role="cell"><b>${node.name}</b><small>${node.kind} · ${node.client}${node.version !== null && html` ${said(node.version, 80)}`}</small></td>
<td role="cell"><span class="word ${level}">${sign(level)} ${word}</span>${reasonsOf(node)}</td>
<td role="cell" class="n" data-label="Height">${orUnknown(node.height)}</td>
<td role="cell" class="n" data-label="Behind">${orUnknown(node.lagBlocks)}</td>
<td role="cell" class="n" data-label="Head age">${orUnknown(node.headAgeSeconds, durationText)}</td>
<td role="cell" class="n" data-label="Peers">${orUnknown(node.peers)}</td>
<td role="cell" data-label="Serves users">${rotationOf(node)}</td>
<td role="cell" data-label="Last minutes">${sparkline(scale, heights, !node.ready)}</td>
</tr>
`;
}

function reasonsOf({ reasons, ready, syncing }: StatusNode): Html | false {
  const more = reasons.length - MAX_REASONS;
  const lines = reasons
    .slice(0, MAX_REASONS)
    .map(({ code, text }) => html`<li>${said(text)} <code>${code}</code></li>`);
  if (lines.length === 0 && !(ready && syncing === true)) return false;
  return html`<ul class="reasons">${lines}${more > 0 && html`<li>and ${more} more</li>`}${
    ready && syncing === true && html`<li class="muted">says that it is catching up</li>`
  }</ul>`;
}

function rotationOf({ rpcUrl, inRotation }: StatusNode): Html {
  if (rpcUrl === null) return html`<span class="turn muted">not its task</span>`;
  return inRotation ? html`yes` : html`<span class="turn warn">${sign("warn")} taken out</span>`;
}

function folded(rest: readonly StatusNode[]): Html {
  const off = rest.filter((node) => !node.ready).length;
  const well = off === 0 ? "all of them ready" : `${count(off)} of them not ready`;
  const hidden = rest.length - MAX_LINES;
  return html`<details id="_rest"><summary>${many(rest.length, "more node", "more nodes")}, ${well}</summary>
<ul class="rest">${rest.slice(0, MAX_LINES).map((node) => {
    const { level, word } = nodeWord(node);
    return html`<li id="${node.name}"><b>${node.name}</b> <span class="${level}">${word.toLowerCase()}</span> ${orUnknown(node.height)}</li>
`;
  })}</ul>${hidden > 0 && html`<p class="note">${count(hidden)} more are not listed here; <a href="/status">/status</a> has all of them.</p>`}</details>`;
}
