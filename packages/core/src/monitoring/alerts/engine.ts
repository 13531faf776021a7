import type { AlertDefinition } from "../types";
import { BY_NODE, patience } from "./expressions";

export const ENGINE: readonly AlertDefinition[] = [
  {
    name: "EngineLinkBroken",
    preset: "core",
    group: "Chain progress",
    scope: "node",
    applies: (p) => p.layered,
    // A half that does not answer at all is told by itself.
    expr: () => `(chain:el_cl_connected == 0) unless ${BY_NODE} (chain:up == 0)`,
    current: () => "chain:el_cl_connected",
    forSeconds: (p) => patience(p, 30, 120),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "the two halves of {{ $labels.node }} of {{ $labels.network }} do not talk",
    description: () =>
      "{{ $labels.client }} of {{ $labels.node }} cannot reach its execution client, although both answer the agent: no new block can be checked.",
    dashboard: "node",
    runbook: {
      meaning:
        "The consensus client says that its execution client is offline, while both of them answer. They talk over a port of their own, with a shared secret.",
      impact:
        "The node follows no new blocks from now on. A validator behind it attests nothing that is worth something.",
      diagnosis: [
        "`npx chainkeep logs <process>` of the consensus client: refused connection, or refused token (401)?",
        "Both clients read the same file with the JWT; its path is in their arguments. Was it changed while one of them ran?",
        "The clocks, where both run on different machines: a token is good for about a minute.",
      ],
      mitigation: [
        "Stop and start the execution client, then the consensus client: `npx chainkeep attach`. Both read the JWT at their start.",
        "`npx pulumi up --refresh` writes files and arguments anew that somebody has changed.",
      ],
    },
    inhibits: [
      {
        alerts: ["NodeStalled", "NodeSyncLag", "HeadTimestampOld", "SyncNoProgress", "FinalityLag"],
        equal: ["network", "stack", "node"],
      },
    ],
  },
];
