import {
  type AgentInventory,
  ALERTS,
  type AlertDefinition,
  catalogueSeverity,
  type InventoryAlert,
  inlineOf,
  inventoryFigures,
  type RunbookEntry,
  type RunbookPage,
  type RunbookSection,
  runbookGroups,
  runbookPage,
  type StatusAlert,
  withoutTemplate,
} from "@chainkeep/core";
import { alertsList, asking } from "./alerts-list";
import { documentOf } from "./document";
import { type Content, type Html, html } from "./html";

export interface RunbookInput {
  readonly inventory: AgentInventory;
  readonly alerts: readonly StatusAlert[];
  /** Unix seconds. */
  readonly now: number;
}

const REFRESH_SECONDS = 10;
const NAMES: ReadonlySet<string> = new Set(ALERTS.map((a) => a.name));

/** The runbook of an alert with the figures of this cluster. */
export function clusterRunbook({ inventory }: RunbookInput, alert: AlertDefinition): RunbookPage {
  const own = ownAlert(inventory, alert);
  const column = { title: inventory.cluster, ...(own ? { alert: inventoryFigures(own) } : {}) };
  return runbookPage(alert, inventory.monitoring ? [column] : [], ALERTS);
}

function ownAlert({ monitoring }: AgentInventory, { name }: AlertDefinition): InventoryAlert | undefined {
  return monitoring?.alerts.find((a) => a.name === name);
}

/** The runbook as a page: what to do first, then what fires, then figures. */
export function runbookHtml(input: RunbookInput, alert: AlertDefinition): string {
  const { inventory, alerts } = input;
  const page = clusterRunbook(input, alert);
  const mine = alerts.filter((a) => a.name === alert.name);
  const firing = mine.filter((a) => a.state === "firing");
  const told = firing.length === 0 ? "It does not fire now" : `It fires now${whereOf(firing)}`;
  const line = (text: string) => inline(text, page.name);
  return documentOf({
    title: `${page.name} - runbook of ${inventory.cluster}`,
    level: asking(mine).some((a) => a.state === "firing") ? "bad" : "good",
    word: told,
    refreshSeconds: REFRESH_SECONDS,
    narrow: true,
    header: html`<div><h1>${page.name}</h1><p>Runbook of ${inventory.cluster}</p></div>${crumbs()}`,
    main: html`
<section class="card text"><p class="lead">${line(page.says)}.</p><p class="note">${line(page.about)}</p>
<p data-part="told"><b>${told}.</b> <a href="#_now">${firing.length === 0 ? "What fired of it" : "Since when"}</a></p>
${page.sections.map((section) => sectionHtml(section, line))}</section>
<section class="card" id="_now" aria-labelledby="_now-title"><h2 id="_now-title">Now</h2><div data-part="now">${nowHtml(input, mine)}</div></section>
<section class="card text"><h2>Figures of ${inventory.cluster}</h2>${figuresHtml(inventory, page)}
<h2>Silenced by / silences</h2>
${listOr(page.silencedBy.map(line), "Not told while one of these fires:", "Nothing silences it.")}
${listOr(page.silences.map(line), "While it fires, these are not told:", "It silences nothing.")}
<h2>Expression</h2>${expressionHtml(inventory, page, ownAlert(inventory, alert))}
<h2>Change it</h2><p>${line(page.change.text)}</p><pre><code>${page.change.example}</code></pre></section>`,
    footer: html`<nav aria-label="More"><a href="/">Status</a> <a href="/runbooks">All runbooks</a> <a href="/runbooks/${page.name}?format=md">As Markdown</a></nav>`,
  });
}

const MAX_NAMES = 3;

function whereOf(firing: readonly StatusAlert[]): string {
  const names = firing.flatMap((a) => (a.node === null ? [] : [a.node]));
  if (names.length === 0) return "";
  const more = names.length - MAX_NAMES;
  return ` for ${names.slice(0, MAX_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function crumbs(): Html {
  return html`<nav class="crumbs" aria-label="Up"><a href="/">Status</a><a href="/runbooks">All runbooks</a></nav>`;
}

function sectionHtml({ title, kind, lines }: RunbookSection, line: (text: string) => Content): Html {
  const body =
    kind === "steps"
      ? html`<ol>${lines.map((l) => html`<li>${line(l)}</li>`)}</ol>`
      : lines.map((l) => html`<p>${line(l)}</p>`);
  return html`<h2>${title}</h2>${body}
`;
}

function nowHtml({ inventory, now }: RunbookInput, mine: readonly StatusAlert[]): Html {
  return mine.length === 0
    ? html`<p>It does not fire, and has not within the last hour, as far as this agent was told.</p>`
    : alertsList({ inventory, alerts: mine, now });
}

function figuresHtml({ monitoring, cluster }: AgentInventory, { figures }: RunbookPage): Html {
  if (monitoring === undefined) {
    return html`<p>The agent was not told which alerts ${cluster} has: it has no monitoring of its own.</p>`;
  }
  return html`<table><thead><tr>${figures.head.map((h) => html`<th scope="col">${h}</th>`)}</tr></thead><tbody>${figures.rows.map(
    ([name, ...values]) => html`<tr><th scope="row">${name}</th>${values.map((v) => html`<td>${v}</td>`)}</tr>`,
  )}</tbody></table>`;
}

function expressionHtml({ monitoring }: AgentInventory, page: RunbookPage, own: InventoryAlert | undefined): Html {
  if (monitoring === undefined || own === undefined) return html`<p>This cluster does not have the alert.</p>`;
  const { prometheusUrl } = monitoring;
  const graph = (expr: string, words: string) =>
    html`<a href="${prometheusUrl}/graph?g0.expr=${encodeURIComponent(expr)}&g0.tab=1" rel="noreferrer">${words}</a>`;
  return html`${page.expressions.map(
    ({ expr }) =>
      html`<pre><code>${expr}</code></pre><p>${graph(expr, "Ask Prometheus")}${
        own.current !== undefined && html`, or only for ${graph(own.current, "the figure that it looks at")}`
      }</p>`,
  )}`;
}

function listOr(items: readonly Content[], lead: string, none: string): Html {
  return items.length === 0
    ? html`<p>${none}</p>`
    : html`<p>${lead}</p><ul>${items.map((i) => html`<li>${i}</li>`)}</ul>`;
}

/** The little Markdown of runbook texts. Links between files of the docs lead nowhere here: their words remain. */
function inline(text: string, own: string): Html {
  return html`${inlineOf(text, (name) => name !== own && NAMES.has(name)).map((piece) => {
    if (piece.kind === "code") return html`<code>${piece.text}</code>`;
    if (piece.kind === "alert") return html`<a href="/runbooks/${piece.text}"><code>${piece.text}</code></a>`;
    if (piece.kind === "link" && /^https:\/\//.test(piece.href)) {
      return html`<a href="${piece.href}" rel="noreferrer">${piece.text}</a>`;
    }
    return piece.text;
  })}`;
}

/** All alerts with the severity that they have here. */
export function runbookEntries({ monitoring }: AgentInventory): RunbookEntry[] {
  return ALERTS.map((alert) => {
    const own = monitoring?.alerts.find((a) => a.name === alert.name);
    if (own)
      return { alert, severity: [own.severity, own.replicatedSeverity].filter((s) => s !== undefined).join(" / ") };
    return { alert, severity: monitoring === undefined ? catalogueSeverity(alert) : "not made here" };
  });
}

export function runbookIndexHtml({ inventory, alerts }: RunbookInput): string {
  const firing = new Set(alerts.filter((a) => a.state === "firing").map((a) => a.name));
  const groups = runbookGroups(runbookEntries(inventory));
  return documentOf({
    title: `Runbooks of ${inventory.cluster}`,
    level: "good",
    word: "",
    refreshSeconds: 30,
    narrow: true,
    header: html`<div><h1>Runbooks</h1><p>What to do when an alert of ${inventory.cluster} fires</p></div>${crumbs()}`,
    main: html`<div class="cards" data-part="index">${groups.map(
      ({ group, entries }) =>
        html`<section class="card"><h2>${group}</h2><table class="list"><thead><tr><th scope="col">Alert</th><th scope="col">Severity</th><th scope="col">Says</th></tr></thead><tbody>${entries.map(
          ({ alert, severity }) =>
            html`<tr><td><a href="/runbooks/${alert.name}">${alert.name}</a>${firing.has(alert.name) && html` <b>fires now</b>`}</td><td>${severity}</td><td>${inline(withoutTemplate(alert.summary), "")}</td></tr>
`,
        )}</tbody></table></section>`,
    )}</div>`,
    footer: html`<nav aria-label="More"><a href="/">Status</a> <a href="/runbooks?format=md">As Markdown</a></nav>`,
  });
}

/**
 * For an address that names no alert.
 *
 * @param meant The alert that was most likely meant.
 */
export function noRunbookHtml({ inventory }: RunbookInput, message: string, meant: string | undefined): string {
  return documentOf({
    title: "No such runbook",
    level: "warn",
    word: "",
    refreshSeconds: 3600,
    narrow: true,
    header: html`<div><h1>No such runbook</h1><p>${inventory.cluster}</p></div>${crumbs()}`,
    main: html`<section class="card text"><p>${message}</p>${
      meant !== undefined && html`<p class="lead"><a href="/runbooks/${meant}">${meant}</a></p>`
    }<p><a href="/runbooks">All runbooks</a></p></section>`,
    footer: html`<nav aria-label="More"><a href="/">Status</a></nav>`,
  });
}
