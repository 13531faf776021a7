import * as path from "node:path";
import { type Declaration, type Doc, type Member, type Module, moduleOf } from "./declarations";
import { code, table } from "./sections";
import { sourceTexts } from "./source-files";

const modules: ReadonlyMap<string, Module> = new Map(
  sourceTexts("packages/core/src", "packages/local/src").map((source) => [source.file, moduleOf(source)]),
);

/** Tables of a component's args: its own, then those of every object inside. */
export function argsSection(file: string, name: string): string {
  const queue = [{ found: find(file, name), at: "" }];
  const parts: string[] = [];
  for (const { found, at } of queue) {
    const members = membersOf(found);
    const place = at === "" ? "" : `At ${code(at)}. ${found.doc?.text ?? ""}\n\n`;
    parts.push(`### ${found.name}\n\n${place}${argsTable(members)}`);
    for (const { declared, member } of members) {
      const inner = /\b(\w+Args)\b/.exec(member.type)?.[1];
      if (inner === undefined) continue;
      const where = [at, member.name, member.type.startsWith("Record<") ? "<name>" : ""].filter((p) => p !== "");
      const next = find(declared.file, inner);
      if (!queue.some((q) => q.found === next)) queue.push({ found: next, at: where.join(".") });
    }
  }
  return parts.join("\n\n");
}

/** Table of what a component tells after its deployment. */
export function outputsSection(file: string, name: string): string {
  const rows = outputRows(find(file, name), "");
  return table(["Output", "Type", "What it is"], rows);
}

function outputRows(component: Declaration, prefix: string): string[][] {
  return component.members.filter(isTold).flatMap((m) => {
    const row = [code(prefix + m.name), code(unwrapped(m.type)), sentence(m.doc)];
    const child = m.type.replace(/ \| undefined$/, "");
    if (!/^[A-Z]\w+$/.test(child)) return [row];
    return [row, ...outputRows(find(component.file, child), `${prefix}${m.name}.`)];
  });
}

/** What one component needs of another one is no output. */
function isTold({ doc }: Member): boolean {
  return doc?.tags.some((t) => t.name === "internal") !== true;
}

interface Listed {
  readonly member: Member;
  readonly declared: Declaration;
}

function membersOf(declaration: Declaration): Listed[] {
  const inherited = declaration.bases.flatMap(({ name, without }) =>
    membersOf(find(declaration.file, name)).filter(({ member }) => !without.includes(member.name)),
  );
  return [...inherited, ...declaration.members.map((member) => ({ member, declared: declaration }))];
}

function argsTable(members: readonly Listed[]): string {
  const required = members.filter(({ member }) => !member.optional);
  const rows = [...required, ...members.filter(({ member }) => member.optional)].map(({ member }) => [
    code(member.name),
    typeText(member.type),
    defaultText(member),
    sentence(member.doc),
  ]);
  return table(["Arg", "Type", "Default", "What it is"], rows);
}

function typeText(type: string): string {
  const inner = /\b(\w+Args)\b/.exec(type)?.[1];
  return inner === undefined ? code(unwrapped(type)) : `[${code(type)}](#${inner.toLowerCase()})`;
}

function unwrapped(type: string): string {
  return type.replace(/^pulumi\.Output<(.*)>$/, "$1").replace(/\bpulumi\./g, "");
}

function defaultText(member: Member): string {
  if (!member.optional) return "**required**";
  const text = member.doc?.tags.find((t) => t.name === "default")?.text ?? "";
  if (text.startsWith("- ")) return text.slice(2);
  return /^("[^"]*"|-?\d[\d_.]*|true|false)$/.test(text) ? code(text) : text;
}

function sentence(doc: Doc | undefined): string {
  const text = (doc?.text ?? "").replace(/\n\n/g, " ").replace(/\n/g, " ");
  const example = doc?.tags.find((t) => t.name === "example")?.text;
  return example === undefined || example.includes("\n") ? text : `${text} Example: ${code(example)}.`;
}

/** A declaration as a file sees it: its own, imported from a neighbour, or from the core. */
function find(file: string, name: string): Declaration {
  const module = modules.get(file);
  if (!module) throw new Error(`${file}: no such file`);
  const own = module.declarations.find((d) => d.name === name);
  if (own) return own;
  const specifier = module.imports.get(name);
  const from = specifier?.startsWith(".") ? path.posix.join(path.posix.dirname(file), specifier) : "packages/core/src";
  const found = [...modules.values()]
    .filter((m) => m.file.startsWith(from))
    .flatMap((m) => m.declarations)
    .filter((d) => d.name === name && d.exported);
  if (found.length !== 1) throw new Error(`${file}: ${found.length} declarations of ${name}`);
  return found[0] as Declaration;
}
