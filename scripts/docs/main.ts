import { docsProblems, PAGES, writeDocs } from "./pages";
import { filesThere } from "./runbook-pages";

const unknown = process.argv.slice(2).filter((arg) => arg !== "--check");
if (unknown.length > 0) {
  console.error(`docs: got ${unknown.join(", ")}; use --check or nothing`);
  process.exit(2);
}
if (!process.argv.includes("--check")) {
  const changed = writeDocs();
  console.log(changed.length === 0 ? "docs: nothing changed" : `docs: wrote ${changed.join(", ")}`);
}
const problems = docsProblems();
if (problems.length > 0) {
  console.error(`docs: ${problems.length === 1 ? "1 problem" : `${problems.length} problems`}\n${problems.join("\n")}`);
  process.exit(1);
}
console.log(`docs: ${PAGES.length + filesThere().length} generated pages are as their sources say`);
