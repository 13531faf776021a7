import type { ClusterArgs } from "@chainkeep/core";
import type * as pulumi from "@pulumi/pulumi";
import type { HostPortsArgs } from "../layout/host-ports";

/** What only this machine has. */
export interface LocalArgs {
  /**
   * Secret text of at least 32 characters from which node keys, test validators' keys and JWTs derive. Keep it: another seed is
   * another network. Keys that guard value never derive from it.
   *
   * Changing it is another chain: existing data is refused.
   * @default - required for private networks and for clients that need a generated secret
   * @example new pulumi.Config().requireSecret("seed")
   */
  seed?: pulumi.Input<string>;
  /**
   * Directory for data, configuration and logs; relative to the project's root.
   *
   * Changing it starts the nodes afresh in the new place and leaves the old data where it is.
   * @default ".chainkeep/run/<stack>"
   */
  stateDir?: string;
  /**
   * Ports on this machine.
   *
   * @default - see the fields
   */
  hostPorts?: HostPortsArgs;
  /**
   * True deletes a node's chain data when the node is removed from the stack or the stack is destroyed. It must be deployed
   * before the removal.
   *
   * @default false
   */
  purgeData?: boolean;
}

/** A cluster of nodes as processes of this machine. */
export interface NodeClusterArgs extends ClusterArgs, LocalArgs {}
