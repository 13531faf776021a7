import type { FoundTool, Located } from "@chainkeep/local";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { type Cell, table } from "../render/table";

export interface ToolsOptions {
  readonly resolve?: boolean;
  readonly json?: boolean;
}

/** Programs of this machine; with --resolve, those that are missing are got. */
export async function tools(names: readonly string[], options: ToolsOptions, context: Context): Promise<number> {
  const local = await import("@chainkeep/local");
  const known = local.toolNames();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new CliError(`got ${unknown.join(", ")}; use any of ${known.join(", ")}`, "UNKNOWN_TOOL", EXIT.usage);
  if (options.resolve) {
    const found =
      names.length > 0
        ? await local.resolveTools(names)
        : [...(await local.resolveTools(local.toolNames("stack", "checks"))), ...(await local.resolveOptional())];
    context.out(options.json ? JSON.stringify(found, undefined, 2) : foundTable(found, context));
    return EXIT.ok;
  }
  const located = local.locateTools(names.length > 0 ? names : known);
  context.out(options.json ? JSON.stringify(located.map(plainLocated), undefined, 2) : locatedTable(located, context));
  return EXIT.ok;
}

function foundTable(found: readonly FoundTool[], { style }: Context): string {
  return table(
    found.map(({ name, version, source, path }): Cell[] => [
      { text: name },
      { text: version ?? "" },
      { text: source, dress: style.good },
      { text: path },
    ]),
  );
}

function plainLocated({ name, tool, found, skipped }: Located) {
  return { name, pinned: tool?.version ?? null, use: tool?.use ?? null, found: found ?? null, skipped };
}

function locatedTable(located: readonly Located[], { style }: Context): string {
  const head = ["NAME", "PINNED", "FOR", "FOUND", "VERSION", "WHERE"].map((text): Cell => ({ text, dress: style.dim }));
  const rows = located.map(({ name, tool, found, skipped }): Cell[] => [
    { text: name },
    { text: tool?.version ?? "" },
    { text: tool?.use ?? "" },
    found ? { text: found.source, dress: style.good } : { text: "no", dress: style.warn },
    { text: found?.version ?? "" },
    { text: found?.path ?? skipped.map(({ path, reason }) => `${path} ${reason}`).join("; ") },
  ]);
  return table([head, ...rows]);
}
