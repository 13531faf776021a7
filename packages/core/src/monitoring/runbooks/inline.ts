/** A piece of a line of a runbook: the little Markdown that their texts use. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  /** The name of another alert: it leads to that alert's page. */
  | { readonly kind: "alert"; readonly text: string };

const MARKED = /`([^`]+)`|\[([^\]]+)\]\(([^()\s]+)\)/g;

/**
 * Pieces of a line: code in backticks, links, and plain text. Alerts that are named in backticks become references.
 *
 * @param isAlert Whether a word is the name of an alert that has a page.
 */
export function inlineOf(line: string, isAlert: (name: string) => boolean = () => false): Inline[] {
  const pieces: Inline[] = [];
  let from = 0;
  for (const match of line.matchAll(MARKED)) {
    if (match.index > from) pieces.push({ kind: "text", text: line.slice(from, match.index) });
    const [all, code, text = "", href = ""] = match;
    if (code === undefined) pieces.push({ kind: "link", text, href });
    else pieces.push({ kind: isAlert(code) ? "alert" : "code", text: code });
    from = match.index + all.length;
  }
  if (from < line.length) pieces.push({ kind: "text", text: line.slice(from) });
  return pieces;
}

/** A template of Prometheus as people read it: labels and values by name. */
export function withoutTemplate(template: string): string {
  return template
    .replace(/\{\{\s*\$labels\.(\w+)[^}]*\}\}/g, "`<$1>`")
    .replace(/\{\{\s*\$value[^}]*\}\}/g, "`<value>`");
}
