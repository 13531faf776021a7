import { type ClusterArgs, dashboardFiles, planCluster, type RulesInput } from "@chainkeep/core";
import { podLayout, toy } from "../../packages/core/src/testing/toy-protocol.fixture";

/** Grafana's JSON, as far as tests look at it. */
export interface Field {
  readonly unit?: string;
  readonly mappings?: readonly unknown[];
  readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
  readonly custom?: { readonly thresholdsStyle?: { readonly mode: string } };
}

export interface JsonTarget {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant: boolean;
  readonly datasource?: { readonly uid?: string };
}

export interface Override {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface JsonPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly collapsed?: boolean;
  readonly datasource?: { readonly type?: string; readonly uid?: string };
  readonly targets?: readonly JsonTarget[];
  readonly panels?: readonly JsonPanel[];
  readonly options?: { readonly content?: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: Field; readonly overrides: readonly Override[] };
}

export interface JsonVariable {
  readonly name: string;
  readonly label?: string;
  readonly type: string;
  readonly query: string;
  readonly refresh?: number;
  readonly datasource?: { readonly uid?: string };
}

export interface JsonBoard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly editable: boolean;
  readonly tags: readonly string[];
  readonly panels: readonly JsonPanel[];
  readonly templating: { readonly list: readonly JsonVariable[] };
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly expr?: string; readonly datasource?: { uid?: string } }[];
  };
  readonly links: readonly { readonly type: string; readonly url?: string; readonly tags: readonly string[] }[];
}

const links = { agentUrl: "http://127.0.0.1:26680", grafanaUrl: "http://127.0.0.1:26696" };
const receivers = "none" as const;

function input(args: Omit<ClusterArgs, "monitoring">, more: Partial<RulesInput> = {}): RulesInput {
  const plan = planCluster("c", { monitoring: { receivers }, ...args }, podLayout);
  return { plan, stack: "dev", links, monitoring: { receivers }, ...more };
}

const ALL = ["core", "validator", "bft", "backup", "cost", "security"];

/** Plans that differ in what there is to be shown. */
export const INPUTS: Readonly<Record<string, () => RulesInput>> = {
  "cometbft, private": () =>
    input({
      chain: { protocol: "cometbft", network: "private" },
      nodes: { val: { kind: "validator", count: 4 }, rpc: { kind: "full", count: 2 } },
    }),
  "ethereum, mainnet, two layers": () =>
    input({
      chain: { protocol: "ethereum", network: "mainnet", execution: "reth", consensus: "lighthouse" },
      nodes: { rpc: { kind: "full", count: 2 }, archive: { kind: "archive" } },
    }),
  "bitcoin, mainnet": () =>
    input({ chain: { protocol: "bitcoin", network: "mainnet" }, nodes: { rpc: { kind: "full", count: 2 } } }),
  "own chain, everything on": () =>
    input(
      {
        chain: { definition: toy, network: "main" },
        nodes: {
          rpc: { kind: "full", count: 2 },
          val: { kind: "validator", count: 2 },
          mirror: { kind: "mirror" },
        },
      },
      {
        monitoring: { receivers, presets: ALL, reference: { url: "https://rpc.example.org" } },
        monthlyBudgetUsd: 1500,
      },
    ),
  "own chain, one node, nothing on but the core": () =>
    input(
      { chain: { definition: toy, network: "main" }, nodes: { rpc: { kind: "full" } } },
      {
        monitoring: { receivers, presets: ["core"], slo: false },
      },
    ),
};

export function boardsOf(of: RulesInput): JsonBoard[] {
  return Object.values(dashboardFiles(of)).map((text) => JSON.parse(text) as JsonBoard);
}

/** Panels of closed rows as well. */
export function panelsOf({ panels }: { readonly panels: readonly JsonPanel[] }): JsonPanel[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}

/** Panels that show something: no rows. */
export function shownOf(board: JsonBoard): JsonPanel[] {
  return panelsOf(board).filter((panel) => panel.type !== "row");
}
