/** Generated sections of a page, by id: the text between `<!-- generated:<id> -->` and `<!-- /generated -->`. */
export type Sections = Readonly<Record<string, string>>;

const MARKED = /<!-- generated:([a-z-]+) -->\n([\s\S]*?)<!-- \/generated -->/g;

/**
 * The page with its generated sections written anew; what a person wrote stays.
 *
 * @throws Error when a section has no place in the page, or a place has no section
 */
export function withSections(page: string, sections: Sections): string {
  const places = [...page.matchAll(MARKED)].map((m) => m[1] ?? "");
  const opened = page.split("<!-- generated:").length - 1;
  const closed = page.split("<!-- /generated -->").length - 1;
  if (opened !== places.length || closed !== places.length) throw new Error("a generated section is not closed");
  const missing = Object.keys(sections).filter((id) => !places.includes(id));
  if (missing.length > 0) throw new Error(`no place for ${missing.join(", ")}; add <!-- generated:${missing[0]} -->`);
  const unknown = places.filter((id) => !Object.hasOwn(sections, id));
  if (unknown.length > 0) throw new Error(`nothing generates ${unknown.join(", ")}`);
  return page.replace(MARKED, (_, id: string) => {
    return `<!-- generated:${id} -->\n\n${sections[id]?.trim()}\n\n<!-- /generated -->`;
  });
}

/** First lines that differ, as a diff would show them; undefined when the texts are the same. */
export function difference(is: string, shouldBe: string, limit = 8): string | undefined {
  if (is === shouldBe) return undefined;
  const [old, fresh] = [is.split("\n"), shouldBe.split("\n")];
  const start = old.findIndex((line, i) => line !== fresh[i]);
  const from = start === -1 ? old.length : start;
  let tail = 0;
  while (tail < Math.min(old.length, fresh.length) - from && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const part = (lines: string[], sign: string) => {
    const changed = lines.slice(from, lines.length - tail);
    const shown = changed.slice(0, limit).map((line) => `${sign} ${line}`);
    return changed.length > limit ? [...shown, `${sign} ... ${changed.length - limit} more lines`] : shown;
  };
  return [`@@ line ${from + 1} @@`, ...part(old, "-"), ...part(fresh, "+")].join("\n");
}

/** A Markdown table; cells are made safe for it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replace(/(?<!\\)\|/g, "\\|");
}

export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

export function codes(texts: readonly string[]): string {
  return texts.map(code).join(", ");
}
