import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { argsSection, outputsSection } from "./args-tables";
import { clientsSection } from "./client-tables";
import { codesIn, errorSources, errorsSection, explanationProblems } from "./error-codes";
import { faultsSection, limitsSection, reasonProblems } from "./health-tables";
import { alertParametersSection, alertsSection, thresholdsSection } from "./monitoring-tables";
import { runbookProblems, writeRunbooks } from "./runbook-pages";
import { difference, type Sections, withSections } from "./sections";
import { canonicalSection, inventorySection, nativeSection } from "./series-tables";
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
  { file: "docs/components/backup-vault.md", sections: component("backup-vault", "BackupVaultArgs", "BackupVault") },
  { file: "docs/components/clients.md", sections: () => ({ clients: clientsSection() }) },
  {
    file: "docs/components/alerts.md",
    sections: () => ({
      alerts: alertsSection(),
      thresholds: thresholdsSection(),
      parameters: alertParametersSection(),
    }),
  },
  {
    file: "docs/components/series.md",
    sections: () => ({ canonical: canonicalSection(), inventory: inventorySection(), native: nativeSection() }),
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
  const problems = PAGES.flatMap((page) => {
    const full = path.join(ROOT, page.file);
    if (!existsSync(full)) return [`${page.file}: missing; write the page with its generated sections`];
    const is = readFileSync(full, "utf8");
    return [...driftOf(page, is), ...(page.missing?.(is) ?? []).map((p) => `${page.file}: ${p}`)];
  });
  return [...problems, ...runbookProblems()];
}

function driftOf(page: Page, is: string): string[] {
  try {
    const drift = difference(is, withSections(is, page.sections()));
    return drift === undefined ? [] : [`${page.file}: is not as its sources say; run npm run docs\n${drift}`];
  } catch (error) {
    return [`${page.file}: ${error instanceof Error ? error.message : error}`];
  }
}

/** Writes the generated sections of every page, and the runbooks; tells the files that changed. */
export function writeDocs(): string[] {
  const changed = PAGES.filter((page) => {
    const full = path.join(ROOT, page.file);
    const is = readFileSync(full, "utf8");
    const fresh = withSections(is, page.sections());
    if (fresh !== is) writeFileSync(full, fresh);
    return fresh !== is;
  });
  return [...changed.map((page) => page.file), ...writeRunbooks()];
}
