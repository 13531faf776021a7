import type { AlertDefinition } from "../types";
import { BY_NETWORK, patience, VALUE } from "./expressions";

export const PEERS: readonly AlertDefinition[] = [
  {
    name: "NoPeers",
    preset: "core",
    group: "P2P and mempool",
    scope: "node",
    // A network of one has nobody to talk to: its limit is 0, and so is that of users who turned the question off.
    applies: (p) => p.minPeers > 0,
    expr: () => `(chain:peers == 0) and ${BY_NETWORK} (chain:min_peers > 0)`,
    forSeconds: (p) => patience(p, 120, 300),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} has no peers",
    description: () => `{{ $labels.node }} ({{ $labels.client }}) has ${VALUE} peers: it hears nothing of the network.`,
    dashboard: "node",
    runbook: {
      meaning: "The process answers, and says that it is connected to nobody. It is not told where `minPeers` is 0.",
      impact: "The node sees no new blocks and passes on no transactions. It falls behind from now on.",
      diagnosis: [
        "Does the machine reach the network: firewall, name service, clock?",
        "On a private network: do the nodes that it dials run? `config/config.toml` lists them as `persistent_peers`.",
        "`npx chainkeep logs <process>` tells why dials fail: wrong chain, full peers, wrong key.",
      ],
      mitigation: [
        "Open the p2p port, or give peers that are known to live in `nodes.<group>.peers`.",
        "A node that was banned by its peers gets connections again when its clock and version are right.",
      ],
    },
  },
];
