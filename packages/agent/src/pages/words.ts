import { durationText, type StatusDocument, type StatusNode } from "@chainkeep/core";
import { type Content, type Html, html } from "./html";

/** How bad something is. Each has a sign and a word of its own: colour only repeats them. */
export type Level = "good" | "info" | "warn" | "bad";

export function sign(level: Level): Html {
  return html`<svg class="sign ${level}" aria-hidden="true"><use href="#_${level}"></use></svg>`;
}

/** What a node says of itself. Its letters may run in any direction and be any number: they stay where they are. */
export function said(text: string, limit = 200): Html {
  return html`<bdi class="said">${text.length > limit ? `${text.slice(0, limit)}...` : text}</bdi>`;
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** Unknown is told as such, never as zero. */
export function orUnknown(value: number | null, text: (value: number) => Content = count): Content {
  return value === null ? html`<span class="unknown" title="unknown">-</span>` : text(value);
}

/** "1 node is", "2 nodes are". */
export function many(amount: number, one: string, more: string): string {
  return amount === 1 ? `1 ${one}` : `${count(amount)} ${more}`;
}

/** How long ago, in its largest unit: who needs more looks at the time itself. */
export function since(now: number, then: number): Html {
  return span(now - then, then);
}

/** How long it is until then, in its largest unit. */
export function until(now: number, then: number): Html {
  return span(then - now, then);
}

function span(seconds: number, then: number): Html {
  const iso = new Date(then * 1000).toISOString();
  const [amount, unit] = durationText(Math.max(0, Math.round(seconds))).split(" ");
  return html`<time datetime="${iso}" title="${iso}">${amount} ${unit}</time>`;
}

/** In the unit that leaves the fewest digits. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${Math.round((value / 1024 ** power) * 10) / 10} ${units[power]}`;
}

export function clockTime(seconds: number): Html {
  const iso = new Date(seconds * 1000).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
}

export interface NodeWord {
  readonly level: Level;
  readonly word: string;
}

export function nodeWord({ alive, ready, syncing, reasons }: StatusNode): NodeWord {
  if (!alive) return { level: "bad", word: "Not alive" };
  if (ready) return { level: "good", word: "Ready" };
  if (reasons.every((r) => r.code === "NOT_ASKED_YET")) return { level: "info", word: "Not asked yet" };
  return syncing === true ? { level: "info", word: "Catching up" } : { level: "warn", word: "Not ready" };
}

export interface Verdict {
  readonly level: Level;
  readonly title: string;
  readonly text: string;
}

/** The cluster in one line. All is well when `chainkeep status` would exit with 0 and no warning fires. */
export function clusterVerdict({ networkState, nodes, alerts }: StatusDocument): Verdict {
  const firing = alerts.filter((a) => a.state === "firing");
  const critical = firing.filter((a) => a.severity === "critical").length;
  const warnings = firing.filter((a) => a.severity === "warning").length;
  const off = nodes.filter((n) => !n.ready).length;
  const dead = nodes.filter((n) => !n.alive).length;
  const { halted, secondsSinceProgress } = networkState;
  const rose = secondsSinceProgress === null ? "" : ` ${durationText(secondsSinceProgress)} ago`;
  const parts = [
    `${count(nodes.length - off)} of ${many(nodes.length, "node", "nodes")} ready`,
    halted
      ? `no new block since${rose.replace(" ago", "")}`
      : rose === ""
        ? "no block seen yet"
        : `newest block${rose}`,
    critical + warnings === 0
      ? "no alert asks for you"
      : `${many(critical + warnings, "alert asks", "alerts ask")} for you`,
  ];
  const say = (level: Level, title: string): Verdict => ({ level, title, text: `${parts.join(", ")}.` });
  if (halted) return say("bad", "The network stands still");
  if (critical > 0) return say("bad", many(critical, "critical alert fires", "critical alerts fire"));
  if (dead > 0) return say("bad", many(dead, "node is not alive", "nodes are not alive"));
  if (off > 0) return say("warn", many(off, "node is not ready", "nodes are not ready"));
  if (warnings > 0) return say("warn", many(warnings, "warning fires", "warnings fire"));
  return say("good", "All is well");
}
