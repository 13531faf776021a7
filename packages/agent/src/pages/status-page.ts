import { type AgentInventory, durationText, type HistoryDocument, type StatusDocument } from "@chainkeep/core";
import { alertsList, asking } from "./alerts-list";
import { heightChart, scaleOf } from "./chart";
import { documentOf } from "./document";
import { type Content, type Html, html } from "./html";
import { nodesTable } from "./nodes-table";
import { vaultCard } from "./vault-card";
import { clockTime, clusterVerdict, count, orUnknown, sign, since } from "./words";

export interface StatusPageInput {
  readonly inventory: AgentInventory;
  readonly status: StatusDocument;
  readonly history: HistoryDocument;
}

/** Pages of large fleets are long: they are asked for less often. */
const MANY_NODES = 100;

/** The cluster at a glance, for a person with a phone at night. */
export function statusPage(input: StatusPageInput): string {
  const { status, history } = input;
  const { cluster, protocol, network, stack, nodes, alerts, time } = status;
  const verdict = clusterVerdict(status);
  const firing = asking(alerts.filter((a) => a.state === "firing"));
  const refreshSeconds = nodes.length > MANY_NODES ? 10 : 3;
  const scale = scaleOf(history);
  const news = firing.slice(0, 5).map((a) => `${a.name}${a.node === null ? "" : ` of ${a.node}`}`);
  const nodesCard = card("nodes", "Nodes", nodesTable(status, history, scale));
  const alertsCard = card("alerts", "Alerts", alertsList({ inventory: input.inventory, alerts, now: time }));
  return documentOf({
    title: `${verdict.level === "good" ? "" : `${verdict.title} - `}${cluster}`,
    level: verdict.level,
    word: [verdict.title, ...news].join(", "),
    refreshSeconds,
    header: html`<div><h1>${cluster}</h1><p>${protocol} · ${network} · stack ${stack}</p></div>
<p>As of <span data-part="time">${clockTime(time)}</span></p>`,
    main: html`
<div data-part="state"><section class="card state ${verdict.level}" aria-labelledby="_verdict">${sign(verdict.level)}<h2 id="_verdict">${verdict.title}</h2><p>${verdict.text}</p></section></div>
<dl class="card facts" data-part="facts">${facts(status)}</dl>
${alertsCard}
${nodesCard}
${card("heights", "Heights", heightChart(history, nodes, scale))}
${card("points", "Recovery points", vaultCard(status))}`,
    footer: html`<nav aria-label="More of this cluster" data-part="links">${links(status)}</nav><p class="note">The page asks again each ${refreshSeconds} s.</p>`,
  });
}

function card(part: string, title: string, content: Content): Html {
  return html`<section class="card" aria-labelledby="_${part}"><h2 id="_${part}">${title}</h2><div data-part="${part}">${content}</div></section>`;
}

function facts({ networkState, nodes, alerts, points: recovery, vault, time }: StatusDocument): Html {
  const { halted, height, secondsSinceProgress } = networkState;
  const ready = nodes.filter((n) => n.ready).length;
  const serving = nodes.filter((n) => n.inRotation).length;
  const servers = nodes.filter((n) => n.rpcUrl !== null).length;
  const lags = nodes.flatMap((n) => (n.lagBlocks === null ? [] : [n.lagBlocks]));
  const lag = lags.length === 0 ? null : Math.max(...lags);
  const slowest = lag === null || lag === 0 ? undefined : nodes.find((n) => n.lagBlocks === lag);
  const firing = asking(alerts.filter((a) => a.state === "firing"));
  const critical = firing.filter((a) => a.severity === "critical").length;
  const newest = recovery.reduce((best, p) => Math.max(best, p.createdAt), 0);
  const progress =
    secondsSinceProgress === null
      ? "no block seen yet"
      : `${halted ? "stands still since" : "newest block"} ${durationText(secondsSinceProgress)}${halted ? "" : " ago"}`;
  return html`
${fact("Height", orUnknown(height), halted ? html`<b class="bad">${sign("bad")} ${progress}</b>` : progress)}
${fact("Nodes ready", `${count(ready)} of ${count(nodes.length)}`, servers === 0 ? "none serves users" : `${count(serving)} of ${count(servers)} serve users`)}
${fact("Largest lag", orUnknown(lag), slowest ? html`blocks, <a href="#${slowest.name}">${slowest.name}</a>` : "blocks")}
${fact("Alerts firing", count(firing.length), critical > 0 ? `${count(critical)} critical` : "none critical")}
${recovery.length === 0 ? fact("Recovery points", vault ? "None yet" : "No vault yet", "nothing to restore from") : fact("Recovery points", count(recovery.length), html`newest ${since(time, newest)} old`)}`;
}

function fact(name: string, value: Content, note: Content): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd><dd>${note}</dd></div>`;
}

function links({ prometheusUrl, alertmanagerUrl, grafanaUrl }: StatusDocument): Html {
  const outside = [
    ["Grafana", grafanaUrl],
    ["Prometheus", prometheusUrl],
    ["Alertmanager", alertmanagerUrl],
  ] as const;
  return html`${outside.map(
    ([name, url]) =>
      url !== undefined &&
      html`<a href="${url}" rel="noreferrer">${name}</a>
`,
  )}<a href="/runbooks">Runbooks</a>
<a href="/status">Status as JSON</a>
<a href="/history">Heights as JSON</a>
<a href="/metrics">Metrics</a>`;
}
