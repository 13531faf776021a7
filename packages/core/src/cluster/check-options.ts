import type { ClientDefinition, OptionDefinition } from "../chains/types";
import { type Problem, show } from "../errors/errors";
import { isOneLine } from "../errors/fields";
import { pathText } from "../errors/from-zod";
import { didYouMean } from "../errors/suggest";

type Options = Readonly<Record<string, string | number | boolean>>;

/** Options go to the client of the group that knows them; one that none knows is refused. */
export function checkOptions(path: string, options: Options, clients: readonly ClientDefinition[]): Problem[] {
  const known = Object.assign({}, ...clients.map((c) => c.options ?? {})) as Record<string, OptionDefinition>;
  const names = Object.keys(known).sort();
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(options)) {
    const at = `${path}.${pathText(["options", name])}`;
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!option) {
      const takes = names.length === 0 ? "it takes none" : `known ones are ${names.join(", ")}`;
      const programs = clients.map((c) => c.title).join(" and ");
      const message = `unknown setting of ${programs}${didYouMean(name, names)}; ${takes}; remove it or use a known one`;
      problems.push({ path: at, message, code: "OPTION_UNKNOWN" });
      continue;
    }
    const allowed = refusal(option, value);
    if (allowed) problems.push({ path: at, message: `got ${show(value)}; use ${allowed}`, code: "OPTION_VALUE" });
  }
  return problems;
}

function refusal(option: OptionDefinition, value: string | number | boolean): string | undefined {
  const { type, min, max, allowed } = option;
  if (allowed && !allowed.includes(String(value))) return `one of ${allowed.map((a) => JSON.stringify(a)).join(", ")}`;
  const inRange =
    typeof value !== "number" || (Number.isFinite(value) && value >= (min ?? value) && value <= (max ?? value));
  // Arguments end up on a command line and in line-based files.
  const oneLine = typeof value !== "string" || (value.length <= 1000 && isOneLine(value));
  if (typeof value === type && inRange && oneLine) return undefined;
  const range = min === undefined && max === undefined ? "" : ` from ${min ?? "-∞"} to ${max ?? "∞"}`;
  return type === "string" ? "a text of one line, at most 1000 characters" : `a ${type}${range}`;
}
