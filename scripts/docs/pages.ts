import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { argsSection, outputsSection } from "./args-tables";
import { clientsSection } from "./client-tables";
import { codesIn, errorSources, errorsSection, explanationProblems } from "./error-codes";
import { faultsSection, limitsSection, reasonProblems } from "./health-tables";
import { alertExpressionsSection, alertParametersSection, alertsSection, alertTextProblems } from "./monitoring-tables";
import { difference, type Sections, withSections } from "./sections";
import { ROOT } from "./source-files";

interface Page {
  readonly file: string;
  readonly sections: () => Sections;
  /** What a person has to write and did not. */
  readonly missing?: (page: string) => readonly string[];
}

const component = (folder: string, args: string, name: string) => () => ({
  args: argsSection(`packages/local/src/${folder}/args.ts`, args),
  outputs: outputsSection(`packages/local/src/${folder}/${folder}.ts`, name),
});

export const PAGES: readonly Page[] = [
  { file: "docs/components/node-cluster.md", sections: component("node-cluster", "NodeClusterArgs", "NodeCluster") },
  {
    file: "docs/components/blockchain-node.md",
    sections: component("blockchain-node", "BlockchainNodeArgs", "BlockchainNode"),
  },
  { file: "docs/components/clients.md", sections: () => ({ clients: clientsSection() }) },
  {
    file: "docs/components/alerts.md",
    sections: () => ({
      alerts: alertsSection(),
      parameters: alertParametersSection(),
      expressions: alertExpressionsSection(),
    }),
    missing: alertTextProblems,
  },
  {
    file: "docs/guides/health.md",
    sections: () => ({ limits: limitsSection(), faults: faultsSection() }),
    missing: reasonProblems,
  },
  {
    file: "docs/guides/errors.md",
    sections: () => ({ codes: errorsSection(codesIn(errorSources())) }),
    missing: (page) => explanationProblems(page, codesIn(errorSources())),
  },
];

/** Lines for every page that is not as its sources say; empty when all is well. */
export function docsProblems(): string[] {
  return PAGES.flatMap((page) => {
    const full = path.join(ROOT, page.file);
    if (!existsSync(full)) return [`${page.file}: missing; write the page with its generated sections`];
    const is = readFileSync(full, "utf8");
    return [...driftOf(page, is), ...(page.missing?.(is) ?? []).map((p) => `${page.file}: ${p}`)];
  });
}

function driftOf(page: Page, is: string): string[] {
  try {
    const drift = difference(is, withSections(is, page.sections()));
    return drift === undefined ? [] : [`${page.file}: is not as its sources say; run npm run docs\n${drift}`];
  } catch (error) {
    return [`${page.file}: ${error instanceof Error ? error.message : error}`];
  }
}

/** Writes the generated sections of every page; tells the files that changed. */
export function writeDocs(): string[] {
  return PAGES.filter((page) => {
    const full = path.join(ROOT, page.file);
    const is = readFileSync(full, "utf8");
    const fresh = withSections(is, page.sections());
    if (fresh !== is) writeFileSync(full, fresh);
    return fresh !== is;
  }).map((page) => page.file);
}
