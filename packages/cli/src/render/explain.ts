import { figureText, type RunbookPage } from "@chainkeep/core";
import type { CurrentValue, ExplainedCluster } from "../monitoring/explained";
import { plain, type Style } from "./style";
import { type Cell, table } from "./table";

/** Labels that say whose a value is, in the order in which people look for them. */
const WHOSE = ["node", "validator", "vault", "host", "group", "role", "instance", "integration", "job"];
const WIDTH = 100;

/** A runbook for the terminal. */
export function explainText(
  page: RunbookPage,
  clusters: readonly ExplainedCluster[],
  unit: string | undefined,
  style: Style = plain,
): string {
  const parts = [`${style.bold(page.name)}: ${shown(page.says, style)}\n${wrap(page.about, style)}`];
  if (page.figures.head.length > 1)
    parts.push(table(page.figures.rows.map((row) => row.map((text): Cell => ({ text })))));
  for (const cluster of clusters) parts.push(nowText(cluster, unit, style));
  for (const { title, kind, lines } of page.sections) {
    const body = lines.map((text, index) => wrap(text, style, kind === "steps" ? `${index + 1}. ` : ""));
    parts.push(`${style.bold(title)}\n${body.join("\n")}`);
  }
  if (page.silencedBy.length > 0) {
    parts.push(
      `${style.bold("Not told while one of these fires")}\n${page.silencedBy.map((text) => wrap(text, style, "- ")).join("\n")}`,
    );
  }
  return parts.join("\n\n");
}

function nowText({ cluster, figures, current, active }: ExplainedCluster, unit = "", style: Style): string {
  const head = style.bold(`Now, in ${cluster}`);
  const firing = active.map((row) => {
    const state = row.state === "firing" ? style.bad("FIRING") : row.state;
    return `${state}: ${row.summary}. ${row.description}`;
  });
  const quiet = active.length === 0 ? [style.good("It does not fire.")] : [];
  if (figures === undefined) return [head, ...quiet, ...firing].join("\n");
  const limit = figures.threshold === undefined ? [] : [`limit ${figureText(figures.threshold, unit)}`];
  const rows = current
    .slice(0, 50)
    .map((value): Cell[] => [
      { text: whose(value) },
      { text: figureText(Number(value.value.toPrecision(6)), unit), right: true },
      ...limit.map((text): Cell => ({ text, dress: style.dim })),
    ]);
  const more = current.length > rows.length ? [`and ${current.length - rows.length} more`] : [];
  const nothing = figures.current !== undefined && current.length === 0 ? [`No value now of ${figures.current}`] : [];
  return [head, ...quiet, ...firing, ...(rows.length > 0 ? [table(rows)] : nothing), ...more].join("\n");
}

function whose({ labels }: CurrentValue): string {
  const found = WHOSE.flatMap((name) => labels[name] ?? []);
  return found.length > 0 ? found.join(" ") : (labels.network ?? "");
}

/** Code stands out; the marks themselves are left away where there are colours. */
function shown(text: string, style: Style): string {
  return style === plain ? text : text.replace(/`([^`]+)`/g, (_, code: string) => style.bold(code));
}

function wrap(text: string, style: Style, mark = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && mark.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  const indent = " ".repeat(mark.length);
  return lines.map((one, index) => `${index === 0 ? mark : indent}${shown(one, style)}`).join("\n");
}
