/** Text that is markup already. Only `html` makes it, and it escapes whatever is put in. */
export class Html {
  constructor(readonly text: string) {}
}

export type Content = string | number | Html | undefined | false | readonly Content[];

/**
 * Markup with values in it. What nodes, alerts and settings say goes through here: it can be text, never markup. Values in
 * attributes must stand in double quotes.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.reduce((all, part, index) => all + textOf(values[index - 1]) + part));
}

/** Markup of our own that stands in no template. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function textOf(value: Content): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  return value.map(textOf).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
