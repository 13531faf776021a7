import { durationText, type HistoryDocument, type StatusNode } from "@chainkeep/core";
import { type Html, html } from "./html";
import { count } from "./words";

type Heights = readonly (number | null)[];

/** Part of the heights that charts show: all of them on one scale, so that rows can be compared. */
export interface Scale {
  readonly times: readonly number[];
  readonly best: Heights;
  readonly low: number;
  readonly high: number;
}

/** From the best height at the start of the window to the one now. Nodes far below are drawn at the lower edge. */
export function scaleOf({ times, heights }: HistoryDocument): Scale {
  const best = times.map((_, i) => extreme(heights, i, Math.max));
  const known = best.filter((h) => h !== null);
  const high = known.length === 0 ? 0 : Math.max(...known);
  const least = known.length === 0 ? 0 : Math.min(...known);
  return { times, best, low: Math.min(least, high - 4), high };
}

function extreme(heights: HistoryDocument["heights"], index: number, pick: (a: number, b: number) => number) {
  let found: number | null = null;
  for (const ring of Object.values(heights)) {
    const height = ring[index];
    if (height !== null && height !== undefined) found = found === null ? height : pick(found, height);
  }
  return found;
}

const WIDTH = 600;
const HEIGHT = 190;
const EDGE = 4;

function place({ times, low, high }: Scale, width: number, height: number, edge: number) {
  const [start = 0] = times;
  const span = Math.max(1, (times.at(-1) ?? 0) - start);
  const rise = Math.max(1, high - low);
  const shown = (value: number) => Math.min(high, Math.max(low, value));
  return (index: number, value: number): string => {
    const x = (((times[index] ?? start) - start) / span) * width;
    const y = height - edge - ((shown(value) - low) / rise) * (height - 2 * edge);
    return `${Number(x.toFixed(1))} ${Number(y.toFixed(1))}`;
  };
}

/** A line with gaps where nothing is known. */
function lineOf(values: Heights, at: (index: number, value: number) => string, step = 1): string {
  let pen = "M";
  let path = "";
  for (const [index, value] of values.entries()) {
    if (index % step !== 0 && index !== values.length - 1) continue;
    if (value === null) pen = "M";
    else {
      path += `${pen}${at(index, value)}`;
      pen = "L";
    }
  }
  return path;
}

function bandOf({ best }: Scale, lowest: Heights, at: (index: number, value: number) => string): string {
  const known = best.flatMap((value, i) => (value === null ? [] : [{ i, high: value, low: lowest[i] ?? value }]));
  if (known.length < 2) return "";
  const there = known.map((k) => at(k.i, k.high));
  const back = known.map((k) => at(k.i, k.low)).reverse();
  return `M${[...there, ...back].join("L")}Z`;
}

/** The node's heights in a small line, on the scale of the chart. */
export function sparkline(scale: Scale, values: Heights, off: boolean): Html | undefined {
  if (scale.times.length < 2) return undefined;
  // A third of the samples is as much as so small a line can show.
  const path = lineOf(values, place(scale, 120, 26, 3), 3);
  return html`<svg class="spark${off ? " off" : ""}" viewBox="0 0 120 26" preserveAspectRatio="none" aria-hidden="true"><path d="${path}"/></svg>`;
}

const MAX_ODD = 4;

/** Heights of the last minutes: the best node, how far the others are spread below it, and those that stand out. */
export function heightChart(history: HistoryDocument, nodes: readonly StatusNode[], scale: Scale): Html {
  if (scale.times.length < 2) {
    return html`<p class="note">The agent has just started; a first line can be drawn in some seconds.</p>`;
  }
  const at = place(scale, WIDTH, HEIGHT, EDGE);
  const lowest = scale.times.map((_, i) => extreme(history.heights, i, Math.min));
  const odd = nodes.filter((n) => !n.ready && history.heights[n.name]?.some((h) => h !== null)).slice(0, MAX_ODD);
  const { low, high, times } = scale;
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const grid = [0.25, 0.5, 0.75].map((part) => `M0 ${HEIGHT * part}H${WIDTH}`).join("");
  const text = progressText(scale, span);
  return html`<figure>
<div class="plot">
<div class="y" aria-hidden="true"><span>${count(high)}</span><span>${count(low)}</span></div>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${text}">
<path class="grid" d="${grid}"/>
<path class="band" d="${bandOf(scale, lowest, at)}"/>
<path class="best" d="${lineOf(scale.best, at)}"/>
${odd.map((node, i) => html`<path class="odd${i}" d="${lineOf(history.heights[node.name] ?? [], at)}"/>`)}
</svg>
<div class="x" aria-hidden="true"><span>${durationText(span)} ago</span><span>now</span></div>
</div>
<ul class="legend">
<li>${key("best")}best node</li>
<li>${key("band")}from the best to the lowest</li>
${odd.map((node, i) => html`<li>${key(`odd${i}`)}<a href="#${node.name}">${node.name}</a></li>`)}
</ul>
<figcaption class="note">${text}</figcaption>
</figure>`;
}

function key(name: string): Html {
  const path = name === "band" ? "M0 0H30V10H0Z" : "M0 5H30";
  return html`<svg viewBox="0 0 30 10" aria-hidden="true"><path class="${name}" d="${path}"/></svg>`;
}

function progressText({ best }: Scale, span: number): string {
  const known = best.filter((h) => h !== null);
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined) return "No node has told a height in this time.";
  const rate = (last - first) / Math.max(1, span);
  const pace =
    rate > 0 && rate < 0.5
      ? `a block each ${durationText(1 / rate)}`
      : `${Number(rate.toPrecision(2))} blocks a second`;
  return last === first
    ? `No new block in ${durationText(span)}: the best height stays ${count(last)}.`
    : `From ${count(first)} to ${count(last)} in ${durationText(span)}, ${pace}.`;
}
