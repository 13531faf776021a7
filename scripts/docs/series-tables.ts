import { protocols } from "../../packages/core/src/chains/catalogue";
import { NATIVE_SERIES } from "../../packages/core/src/chains/types";
import { INVENTORY_SERIES } from "../../packages/core/src/monitoring/canonical/inventory";
import { CANONICAL } from "../../packages/core/src/monitoring/canonical/rules";
import { type Canonical, LABELS } from "../../packages/core/src/monitoring/canonical/series";
import { code, codes, table } from "./sections";

/** Every canonical series: what it says, and who tells it. */
export function canonicalSection(): string {
  const head = ["Series", "Unit", "Says", "Labels", "Told by"];
  const rows = CANONICAL.map((series) => [
    code(series.name),
    series.unit,
    series.says,
    codes([...LABELS[series.scope], ...(series.more ?? [])]),
    sources(series),
  ]);
  return table(head, rows);
}

function sources({ agent, native, other, derived, presets }: Canonical): string {
  const told = [
    ...(agent === undefined ? [] : ["agent"]),
    ...(native === undefined ? [] : ["client"]),
    ...(other === undefined ? [] : [programsOf(other)]),
    ...(derived === undefined ? [] : ["other series"]),
  ].join(", then ");
  return presets === undefined ? told : `${told}; set ${presets.map(code).join(" or ")}`;
}

/** Whose series an expression reads, by the prefix of their names. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bnode_\w+/, "node_exporter"],
  [/\btenderduty_/, "tenderduty"],
  [/\bcosmos_/, "cosmos-exporter"],
  [/\bsigner_/, "horcrux"],
  [/\bvalidator_monitor_|\bvc_/, "validator clients"],
  [/\bwazuh_/, "Wazuh exporter"],
  [/\bprobe_ssl_/, "blackbox_exporter"],
  [/\balertmanager_/, "Alertmanager"],
  [/\bchain_cost_/, "a file or exporter with costs"],
  [/\bup\b|\bscrape_|\bprometheus_/, "Prometheus"],
];

function programsOf(expressions: readonly string[]): string {
  const found = PROGRAMS.filter(([pattern]) => expressions.some((expr) => pattern.test(expr))).map(([, name]) => name);
  return found.length > 0 ? found.join(" or ") : "programs beside the nodes";
}

/** Facts of the inventory, recorded as series. */
export function inventorySection(): string {
  return table(
    ["Series", "Says"],
    Object.entries(INVENTORY_SERIES).map(([name, says]) => [code(name), says]),
  );
}

/** What each client's own metrics feed. */
export function nativeSection(): string {
  const clients = new Map(protocols.flatMap((p) => p.clients).map((client) => [client.name, client]));
  const rows = [...clients.values()].map(({ name, metrics }) => {
    const fed = NATIVE_SERIES.filter((series) => metrics?.series[series] !== undefined);
    return [name, metrics ? codes(fed) : "it has no metrics of its own: the agent's questions are all that there is"];
  });
  return table(["Client", "Feeds"], rows);
}
