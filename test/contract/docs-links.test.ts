import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { ROOT } from "../../scripts/docs/source-files";

function pagesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : pagesBelow(name);
    return name.endsWith(".md") ? [name] : [];
  });
}

/** Anchors as GitHub makes them from headings. */
function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map((m) =>
    (m[1] ?? "")
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replace(/ /g, "-"),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "");
}

/** Links of a page to files that are not there, and to headings that are not there. */
function brokenLinks(page: string, text: string, read: (file: string) => string | undefined): string[] {
  const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map((m) => m[1] ?? "");
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .flatMap((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page : path.posix.join(path.posix.dirname(page), file);
      const found = read(target);
      if (found === undefined) return [`${page}: ${link} leads nowhere`];
      return anchor === undefined || anchorsOf(found).includes(anchor) ? [] : [`${page}: ${link} has no such heading`];
    });
}

function fromDisk(file: string): string | undefined {
  const full = path.join(ROOT, file);
  if (!existsSync(full)) return undefined;
  return file.endsWith(".md") ? readFileSync(full, "utf8") : "";
}

describe("links of the docs", () => {
  const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...["docs", "examples", "stacks"].flatMap(pagesBelow)];

  it.each(pages)("of %s lead somewhere", (page) => {
    expect(brokenLinks(page, fromDisk(page) ?? "", fromDisk)).toEqual([]);
  });

  it("are found when they are broken", () => {
    const files: Record<string, string> = { "docs/b.md": "# Two words: `x`!\n\n```\n# no heading\n```\n" };
    const links = ["(b.md)", "(b.md#two-words-x)", "(https://example.org/x)", "(c.md)", "(b.md#no-heading)", "(#gone)"];
    const text = links.map((link) => `[x]${link}`).join(" ");
    expect(brokenLinks("docs/a.md", text, (file) => (file === "docs/a.md" ? text : files[file]))).toEqual([
      "docs/a.md: c.md leads nowhere",
      "docs/a.md: b.md#no-heading has no such heading",
      "docs/a.md: #gone has no such heading",
    ]);
  });
});
