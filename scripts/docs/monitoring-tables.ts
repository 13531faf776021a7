import { planCluster } from "../../packages/core/src/cluster/plan";
import type { ClusterPlan, TargetLayout } from "../../packages/core/src/cluster/types";
import { ALERTS } from "../../packages/core/src/monitoring/alerts/catalogue";
import { alertParameters } from "../../packages/core/src/monitoring/parameters";
import type { AlertParameters } from "../../packages/core/src/monitoring/types";
import { code, table } from "./sections";

const layout: TargetLayout = {
  name: "local",
  listen: "127.0.0.1",
  self: "127.0.0.1",
  host: () => "127.0.0.1",
  home: (cluster, node, layer) => `/${cluster}/${node}/${layer ?? ""}`,
};

/** A private network of one-second blocks, and a public one of twelve seconds. */
function examples(): { title: string; parameters: AlertParameters }[] {
  const plans: [string, ClusterPlan][] = [
    [
      "private, 1 s blocks",
      planCluster(
        "devnet",
        { chain: { protocol: "cometbft", network: "private" }, nodes: { validators: { kind: "validator", count: 4 } } },
        layout,
      ),
    ],
    [
      "public, 12 s blocks",
      planCluster(
        "eth",
        { chain: { protocol: "ethereum", network: "mainnet" }, nodes: { rpc: { kind: "full" } } },
        layout,
      ),
    ],
  ];
  return plans.map(([title, plan]) => ({ title, parameters: alertParameters({ plan, stack: "dev" }) }));
}

/** What each alert says, and how long its condition must hold. */
export function alertsSection(): string {
  const both = examples();
  const head = ["Alert", "Severity", "Says", ...both.map((e) => `Holds for (${e.title})`), "Stays visible for"];
  const rows = ALERTS.map((alert) => [
    `[${alert.name}](#${alert.name.toLowerCase()})`,
    alert.severity,
    alert.summary.replace(/\{\{ \$labels\.(\w+) \}\}/g, "*$1*"),
    ...both.map(({ parameters }) => `${alert.forSeconds(parameters)} s`),
    both.map(({ parameters }) => keep(alert.keepFiringSeconds?.(parameters))).join(" / "),
  ]);
  return table(head, rows);
}

function keep(seconds: number | undefined): string {
  return seconds === undefined ? "-" : `${seconds} s`;
}

/** Figures that the expressions are written with. */
export function alertParametersSection(): string {
  const both = examples();
  const names: readonly (readonly [keyof AlertParameters, string])[] = [
    ["scrapeIntervalSeconds", "between two scrapes and two evaluations"],
    ["stallWindowSeconds", "a node that stands still for so long while others move is stalled"],
    ["haltWindowSeconds", "a best height that does not rise for so long means a halted network"],
  ];
  return table(
    ["Figure", ...both.map((e) => e.title), "Meaning"],
    names.map(([name, meaning]) => [code(name), ...both.map(({ parameters }) => `${parameters[name]} s`), meaning]),
  );
}

/** Expressions as Prometheus gets them for the public network. */
export function alertExpressionsSection(): string {
  const parameters = examples()[1]?.parameters;
  if (!parameters) return "";
  const lines = ALERTS.map(
    (alert) => `# ${alert.name}\n${alert.expr(parameters, alert.threshold?.value(parameters) ?? Number.NaN)}`,
  );
  return `\`\`\`promql\n${lines.join("\n\n")}\n\`\`\``;
}

/** Alerts without a text of their own, and texts without an alert. */
export function alertTextProblems(page: string): string[] {
  const headings = [...page.matchAll(/^### (\w+)$/gm)].map((m) => m[1] ?? "");
  const names = ALERTS.map((a) => a.name);
  return [
    ...names.filter((n) => !headings.includes(n)).map((n) => `${n} is not explained; add "### ${n}"`),
    ...headings.filter((h) => !names.includes(h)).map((h) => `${h} is explained, but there is no such alert`),
  ];
}
