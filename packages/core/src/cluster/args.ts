import type { Kind, ProtocolDefinition } from "../chains/types";
import type { MonitoringArgs } from "../monitoring/args";
import type { BackupArgs } from "../vault/args";

/** Which chain the nodes follow, and with which clients. */
export interface ChainArgs {
  /**
   * Protocol of the built-in catalogue: `ethereum`, `bitcoin`, `cometbft` or `substrate`.
   *
   * Changing it replaces every node.
   * @default - required, unless `definition` is given
   * @example "ethereum"
   */
  protocol?: string;
  /**
   * Your own protocol, made with `defineProtocol`. Takes the place of `protocol`.
   *
   * @default - the catalogue entry that `protocol` names
   */
  definition?: ProtocolDefinition;
  /**
   * Network of the protocol, e.g. `mainnet`, `sepolia`, `cosmoshub`, or `private` for one that this cluster creates.
   *
   * Changing it means another chain: existing data is refused, not converted.
   * @default - required
   */
  network: string;
  /**
   * Client of protocols with one process per node, e.g. `bitcoind` or `btcd`.
   *
   * Another client cannot read the data: changing it means a new sync.
   * @default - the protocol's usual client for the network and kind
   */
  client?: string;
  /**
   * Ethereum execution client: `geth`, `reth`, `nethermind`, `besu` or `erigon`.
   *
   * Another client cannot read the data: changing it means a new sync.
   * @default "geth"
   */
  execution?: string;
  /**
   * Ethereum consensus client: `lighthouse`, `prysm`, `teku` or `nimbus`.
   *
   * Another client cannot read the data: changing it means a new sync from a checkpoint.
   * @default "lighthouse"
   */
  consensus?: string;
}

/** A set of equal nodes. Its key in `nodes` is its identity: renaming it makes new nodes. */
export interface NodeGroupArgs {
  /**
   * What the nodes are for: `full`, `archive`, `light`, `validator`, `sentry`, `seed` or `mirror` (follows the chain, serves
   * nobody, source of backups). A protocol lists those that it supports.
   *
   * Changing it replaces the nodes of the group.
   * @default - required
   */
  kind: Kind;
  /**
   * Number of nodes, 1 to 200. More adds nodes and touches no other; fewer removes those with the highest index.
   *
   * @default 1
   */
  count?: number;
  /**
   * Whether requests of users are sent to the nodes, when they are ready. Only full, archive and light nodes may serve.
   *
   * Changing it needs no restart.
   * @default - true for full, archive and light nodes, false for all others
   */
  servesRpc?: boolean;
  /**
   * Peers outside this cluster that are always dialled, in the client's own notation (enode, multiaddr, id@host:port).
   *
   * Changing it restarts the nodes of the group.
   * @default - none; the network's own discovery
   */
  peers?: string[];
  /**
   * Settings of the client by name, e.g. `{ cacheMiB: 8192 }` for geth. Each client lists those that it takes in its docs page.
   *
   * Changing one restarts the nodes of the group, one after another.
   * @default - the catalogue's figures for kind and network
   */
  options?: Record<string, string | number | boolean>;
  /**
   * Where a node without data takes it from: `sync` from its peers, `newest-verified` from the newest verified recovery point of the cluster's
   * vault. Without such a point the node waits and says so; it never falls back to a sync.
   *
   * Changing it touches no node that has data.
   * @default "sync"
   */
  bootstrap?: "sync" | "newest-verified";
}

/** A network that this cluster creates, with genesis and keys derived from the seed. */
export interface PrivateNetworkArgs {
  /**
   * Chain id in the genesis, 1 to 50 letters, digits and dashes.
   *
   * Changing it is another chain: existing data is refused.
   * @default - the cluster's name
   */
  chainId?: string;
  /**
   * Genesis time, RFC 3339 in UTC. Fixed, so that a later preview gives the same genesis.
   *
   * Changing it is another chain: existing data is refused.
   * @default "2025-01-01T00:00:00Z"
   */
  genesisTime?: string;
  /**
   * Seconds between blocks, 0.2 to 60.
   *
   * Changing it restarts the nodes.
   * @default 1
   */
  blockTimeSeconds?: number;
  /**
   * How many validator nodes are in the genesis block: the first N by group and index. Set it to the old number before adding
   * validators to a running network, and let them join by a transaction of your chain: a genesis cannot be changed later.
   *
   * @default - all validator nodes
   */
  genesisValidators?: number;
}

/** When a node counts as alive and as ready. Defaults come from the network's block time. */
export interface HealthArgs {
  /**
   * Seconds between two askings of the same node, 1 to 300.
   *
   * @default 15; 2 on private networks
   */
  probeIntervalSeconds?: number;
  /**
   * Milliseconds that one answer may take, 100 to 60000. Must be shorter than the interval.
   *
   * @default 5000; 1500 on private networks
   */
  probeTimeoutMs?: number;
  /**
   * A head older than so many seconds is not served.
   *
   * @default - ten block times, at least 15 seconds
   */
  maxHeadAgeSeconds?: number;
  /**
   * A node that is more blocks behind its siblings is not served.
   *
   * @default - the network's figure in the catalogue
   */
  maxLagBlocks?: number;
  /**
   * A node with fewer peers is not ready. 0 turns the question off.
   *
   * @default 1; 0 for a private network of one node
   */
  minPeers?: number;
  /**
   * A node that answers but stands still for so many seconds while others move is not alive.
   *
   * @default - twenty block times, at least 120 seconds
   */
  progressSeconds?: number;
  /**
   * The same allowance while the node is catching up.
   *
   * @default 21600
   */
  catchUpSeconds?: number;
  /**
   * A node that has not answered for so many seconds is not alive.
   *
   * @default 120
   */
  silenceSeconds?: number;
}

/** What the cluster may cost. */
export interface BudgetArgs {
  /**
   * US dollars per month, 1 to 1000000000. Alerts of the preset `cost` are held against it.
   *
   * @default - required
   */
  monthlyUsd: number;
}

/** What every target's `NodeCluster` takes. */
export interface ClusterArgs {
  /**
   * Which chain the nodes follow.
   *
   * @default - required
   */
  chain: ChainArgs;
  /**
   * Groups of nodes by name. The name is identity: it is part of node names, keys and data directories.
   *
   * @default - required, at least one group
   * @example { rpc: { kind: "full", count: 3 }, mirror: { kind: "mirror" } }
   */
  nodes: Record<string, NodeGroupArgs>;
  /**
   * Settings of the network when `chain.network` is a private one.
   *
   * @default - see the fields
   */
  privateNetwork?: PrivateNetworkArgs;
  /**
   * Limits of `alive` and `ready`.
   *
   * @default - derived from the network's block time
   */
  health?: HealthArgs;
  /**
   * Prometheus, Alertmanager, alerts and dashboards. Say who is told, or that nobody is: `{ receivers: "none" }`.
   *
   * @default - nothing, which is refused: a network that nobody hears of is no network that is kept
   */
  monitoring?: MonitoringArgs;
  /**
   * Recovery points of this cluster: where they are kept, and of which groups they are taken.
   *
   * Adding or changing it restarts no node.
   * @default - none: a lost node starts from nothing
   * @example { vault }
   */
  backup?: BackupArgs;
  /**
   * What the cluster may cost.
   *
   * @default - no budget, and no alerts on cost
   */
  budget?: BudgetArgs;
}
