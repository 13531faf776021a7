import type { AgentInventory, StatusAlert } from "@chainkeep/core";
import { findAlert } from "@chainkeep/core";
import { type Content, type Html, html } from "./html";
import { count, type Level, said, sign, since } from "./words";

const MAX_FIRING = 40;
const MAX_RESOLVED = 10;
const RANKS = ["critical", "warning", "info"];

/** Where the page of an alert is: people's own pages, or ours. Undefined for alerts that we know nothing of. */
export function runbookHref({ monitoring }: AgentInventory, name: string): string | undefined {
  const known = findAlert(name) !== undefined || monitoring?.alerts.some((a) => a.name === name) === true;
  if (!known) return undefined;
  const base = monitoring?.runbookUrl?.replace(/\/+$/, "") ?? "/runbooks";
  return `${base}/${encodeURIComponent(name)}`;
}

/** Alerts that ask for somebody: what always fires to prove the path is none of them. */
export function asking(alerts: readonly StatusAlert[]): StatusAlert[] {
  const rank = ({ severity }: StatusAlert) => (RANKS.includes(severity) ? RANKS.indexOf(severity) : RANKS.length);
  return alerts.filter((a) => a.severity !== "none").sort((a, b) => rank(a) - rank(b) || b.startsAt - a.startsAt);
}

export interface AlertsInput {
  readonly inventory: AgentInventory;
  readonly alerts: readonly StatusAlert[];
  /** Unix seconds. */
  readonly now: number;
}

/** What fires, the worst first, then what was resolved within the last hour. */
export function alertsList({ inventory, alerts, now }: AlertsInput): Html {
  const firing = asking(alerts.filter((a) => a.state === "firing"));
  const resolved = alerts.filter((a) => a.state === "resolved" && a.severity !== "none");
  const watchdog = alerts.find((a) => a.state === "firing" && a.severity === "none");
  return html`${
    firing.length === 0
      ? html`<p>${sign("good")} No alert fires.</p>`
      : html`<ul class="alerts">${firing.slice(0, MAX_FIRING).map((alert) => item(inventory, alert, now))}</ul>`
  }${firing.length > MAX_FIRING && html`<p class="note">and ${count(firing.length - MAX_FIRING)} more; <a href="/status">/status</a> has all of them.</p>`}
${
  resolved.length > 0 &&
  html`<details id="_resolved"${trustedOpen(resolved.length)}><summary>${count(resolved.length)} resolved within the last hour</summary>
<ul class="alerts">${resolved.slice(0, MAX_RESOLVED).map((alert) => item(inventory, alert, now))}</ul>${
    resolved.length > MAX_RESOLVED && html`<p class="note">and ${count(resolved.length - MAX_RESOLVED)} more.</p>`
  }</details>`
}
${watchdog && html`<p class="note">${watchdog.name} fires as it should: alerts find their way to this page.</p>`}`;
}

/** A few are shown at once; many would push the nodes out of sight. */
function trustedOpen(amount: number): Html | undefined {
  return amount <= 3 ? html` open` : undefined;
}

function item(inventory: AgentInventory, alert: StatusAlert, now: number): Html {
  const { level, word } = wordOf(alert);
  const href = runbookHref(inventory, alert.name);
  const name: Content = href === undefined ? said(alert.name) : html`<a href="${href}">${said(alert.name)}</a>`;
  const when =
    alert.state === "firing"
      ? html`for ${since(now, alert.startsAt)}`
      : html`ended ${since(now, alert.endsAt ?? now)} ago, after ${since(alert.endsAt ?? now, alert.startsAt)}`;
  const node = alert.node !== null && inventory.nodes.some((n) => n.name === alert.node) ? alert.node : undefined;
  return html`<li><span class="badge ${level}">${sign(level)} ${word}</span>
<div class="body"><p class="what">${name}</p><p>${said(alert.summary, 500)}${node !== undefined && html` <a href="/#${node}">Show ${node}</a>`}</p></div>
<span class="when">${when}</span></li>
`;
}

function wordOf({ state, severity }: StatusAlert): { level: Level; word: string } {
  if (state === "resolved") return { level: "good", word: "resolved" };
  if (severity === "critical") return { level: "bad", word: "critical" };
  return severity === "warning" ? { level: "warn", word: "warning" } : { level: "info", word: severity };
}
