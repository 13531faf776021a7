import type { CanonicalSeries } from "../../chains/types";
import type { Preset, Scope } from "../types";

/** Labels of a series by what it is about. `role` is the kind of the node. */
export const LABELS: Readonly<Record<Scope, readonly string[]>> = {
  node: ["network", "node", "client", "role", "stack"],
  network: ["network", "stack"],
  group: ["network", "stack", "group"],
  validator: ["network", "node", "client", "role", "stack", "validator"],
  vault: ["network", "stack", "vault"],
  host: ["network", "stack", "host"],
  stack: ["stack"],
};

/** One canonical series: everything that is alerted on, drawn and written about has such a name. */
export interface Canonical {
  readonly name: string;
  readonly scope: Scope;
  readonly unit: string;
  readonly says: string;
  /** PromQL over series of the agent: asked first. */
  readonly agent?: string;
  /** Key of the clients' own series: second. */
  readonly native?: CanonicalSeries;
  /** PromQL over series of programs beside the nodes (node_exporter, exporters for validators), or of Prometheus itself: last. */
  readonly other?: readonly string[];
  /** Further labels that the series keeps. */
  readonly more?: readonly string[];
  /** Recorded only while one of these sets of alerts is on. */
  readonly presets?: readonly Preset[];
  /** Looks at hours and days: recorded in the slow group. */
  readonly slow?: true;
  /** Written as it is: the expression has its own labels already. */
  readonly derived?: string;
}
