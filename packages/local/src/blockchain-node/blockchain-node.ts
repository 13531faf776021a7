import * as pulumi from "@pulumi/pulumi";
import { reported } from "../layout/run-error";
import type { Monitoring } from "../monitoring/monitoring";
import { NodeCluster } from "../node-cluster/node-cluster";
import type { BlockchainNodeArgs } from "./args";
import { asCluster } from "./render";

/**
 * One blockchain node as supervised processes of this machine, with the agent that tells whether it is ready. A cluster of
 * one without the fleet's parts: five resources, and two more per further process.
 *
 * @example
 * new BlockchainNode("btc", {
 *   chain: { protocol: "bitcoin", network: "signet" },
 *   kind: "full",
 *   seed: new pulumi.Config().requireSecret("seed"),
 * });
 */
export class BlockchainNode extends pulumi.ComponentResource {
  /** Where users send requests: the agent's proxy. Empty when the kind serves nobody. */
  readonly rpcUrl: pulumi.Output<string>;
  /** The agent: `/status`, `/metrics`, `/ready/<node>`. */
  readonly agentUrl: pulumi.Output<string>;
  /** Prometheus, Alertmanager and dashboards, where `monitoring` asks for them. */
  readonly monitoring: Monitoring | undefined;

  constructor(name: string, args: BlockchainNodeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const clusterArgs = reported(() => asCluster(name, args));
    super("chainkeep-local:index:BlockchainNode", name, {}, opts);
    const cluster = new NodeCluster(name, clusterArgs, { parent: this });
    this.rpcUrl = cluster.rpcUrl;
    this.agentUrl = cluster.agentUrl;
    this.monitoring = cluster.monitoring;
    this.registerOutputs({ rpcUrl: this.rpcUrl, agentUrl: this.agentUrl });
  }
}
