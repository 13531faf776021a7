import type {
  BackupArgs,
  BudgetArgs,
  ChainArgs,
  HealthArgs,
  MonitoringArgs,
  NodeGroupArgs,
  PrivateNetworkArgs,
} from "@chainkeep/core";
import type { LocalArgs } from "../node-cluster/args";

/** One node as processes of this machine. */
export interface BlockchainNodeArgs extends Omit<NodeGroupArgs, "count">, LocalArgs {
  /**
   * Which chain the node follows.
   *
   * @default - required
   */
  chain: ChainArgs;
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
   * Prometheus, Alertmanager, alerts and dashboards beside the node.
   *
   * @default - off: a single node is usually watched by somebody else's
   */
  monitoring?: MonitoringArgs;
  /**
   * Recovery points of this node, and where they are kept. The node itself is copied only while another one of its kind is ready: a single
   * one is never stopped, so it can take points but not give any.
   *
   * Adding or changing it restarts no node.
   * @default - none
   */
  backup?: BackupArgs;
  /**
   * What the node may cost. Alerts of the preset `cost` are held against it.
   *
   * @default - none
   */
  budget?: BudgetArgs;
}
