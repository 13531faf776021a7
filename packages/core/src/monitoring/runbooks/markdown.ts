import type { AlertDefinition } from "../types";
import { ALERT_GROUPS } from "../types";
import { inlineOf, withoutTemplate } from "./inline";
import type { RunbookPage, RunbookSection } from "./page";

/** Where references in a page lead. */
export interface RunbookLinks {
  /** Address of another alert's page; undefined where there is none. */
  readonly alert: (name: string) => string | undefined;
  /** Address for a link of the text, which is written for a page in docs/runbooks; undefined: only its words are shown. */
  readonly other: (href: string) => string | undefined;
}

/** Links between files of one folder, as in docs/runbooks. */
export function fileLinks(alerts: readonly AlertDefinition[]): RunbookLinks {
  const names = new Set(alerts.map((a) => a.name));
  return { alert: (name) => (names.has(name) ? `${name}.md` : undefined), other: (href) => href };
}

/** A runbook as a Markdown page. */
export function runbookMarkdown(page: RunbookPage, links: RunbookLinks): string {
  const line = (text: string) => inlineMarkdown(text, links, page.name);
  const list = (lines: readonly string[]) => lines.map((text) => `- ${line(text)}`).join("\n");
  const section = ({ title, kind, lines }: RunbookSection) => {
    const body = lines.map((text, index) => (kind === "steps" ? `${index + 1}. ${line(text)}` : line(text)));
    return `## ${title}\n\n${body.join(kind === "steps" ? "\n" : "\n\n")}`;
  };
  return `${[
    `# ${page.name}`,
    `${line(page.says)}.`,
    line(page.about),
    ...(page.figures.head.length > 1 ? [table(page.figures.head, page.figures.rows)] : []),
    ...page.sections.map(section),
    "## Silenced by / silences",
    page.silencedBy.length > 0
      ? `Not told while one of these fires:\n\n${list(page.silencedBy)}`
      : "Nothing silences it.",
    page.silences.length > 0 ? `While it fires, these are not told:\n\n${list(page.silences)}` : "It silences nothing.",
    "## Expression",
    ...page.expressions.map(({ title, expr }) => `For ${title}:\n\n\`\`\`promql\n${expr}\n\`\`\``),
    ...(page.expressions.length === 0 ? ["No cluster is known that has this alert."] : []),
    "## Change it",
    line(page.change.text),
    `\`\`\`ts\n${page.change.example}\n\`\`\``,
  ].join("\n\n")}\n`;
}

/** What the index needs to know of an alert. */
export interface RunbookEntry {
  readonly alert: AlertDefinition;
  /** As this cluster has it, or as the catalogue does. */
  readonly severity: string;
}

/** Entries under their headings, in the catalogue's order; headings without an alert are left out. */
export function runbookGroups<T extends RunbookEntry>(entries: readonly T[]): { group: string; entries: T[] }[] {
  return ALERT_GROUPS.map((group) => ({ group, entries: entries.filter((e) => e.alert.group === group) })).filter(
    (g) => g.entries.length > 0,
  );
}

/** Severity of an alert of the catalogue, with the lower one of nodes that others can stand in for. */
export function catalogueSeverity({ severity, replicatedSeverity }: AlertDefinition): string {
  return replicatedSeverity === undefined ? severity : `${severity} / ${replicatedSeverity}`;
}

/** Tables of all runbooks, one per group. */
export function runbookIndexMarkdown(entries: readonly RunbookEntry[], links: RunbookLinks, level = 2): string {
  const tables = runbookGroups(entries).map(({ group, entries: rows }) => {
    const cells = rows.map(({ alert, severity }) => [
      inlineMarkdown(`\`${alert.name}\``, links, ""),
      severity,
      `\`${alert.preset}\``,
      `\`${alert.owner}\``,
      inlineMarkdown(withoutTemplate(alert.summary), links, ""),
    ]);
    return `${"#".repeat(level)} ${group}\n\n${table(["Alert", "Severity", "Set", "Told to", "Says"], cells)}`;
  });
  return tables.join("\n\n");
}

function inlineMarkdown(text: string, links: RunbookLinks, own: string): string {
  const pieces = inlineOf(text, (name) => name !== own && links.alert(name) !== undefined);
  return pieces
    .map((piece) => {
      if (piece.kind === "text") return piece.text.replace(/</g, "\\<");
      if (piece.kind === "code") return `\`${piece.text}\``;
      if (piece.kind === "alert") return `[\`${piece.text}\`](${links.alert(piece.text)})`;
      const href = links.other(piece.href);
      return href === undefined ? piece.text : `[${piece.text}](${href})`;
    })
    .join("");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((c) => c.replace(/\|/g, "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
