import { hostPort } from "./addresses";
import { textOption } from "./evm-shared";
import type { DatabaseTraits, OptionDefinition, PortDefinition, ProcessContext, ProtocolProblem } from "./types";

/** Consensus clients finish what they write within seconds; the rest is room for a slow disk. */
export const CONSENSUS_GRACE_SECONDS = 300;

/** Public servers of finalized states: somebody else's word for where the chain is. */
const CHECKPOINT_SERVERS: Readonly<Record<string, string>> = {
  mainnet: "https://mainnet-checkpoint-sync.attestant.io",
  sepolia: "https://checkpoint-sync.sepolia.ethpandaops.io",
  hoodi: "https://checkpoint-sync.hoodi.ethpandaops.io",
};

/** Word for "no checkpoint: start at the first block". */
const GENESIS = "genesis";

/** Databases that survive a power cut by themselves. */
export function crashSafe(engine: string, note: string): DatabaseTraits {
  return { engine, consistency: "atomic-volume", note };
}

/**
 * The same in every consensus client. The Beacon API is for the agent and for validators, not for RPC users: it takes
 * blocks and duties without asking who sends them.
 */
export function consensusPorts(metrics: number): readonly PortDefinition[] {
  return [
    { name: "p2p", port: 9000, transport: "both", exposure: "p2p" },
    { name: "quic", port: 9001, transport: "udp", exposure: "p2p" },
    { name: "beacon", port: 5052, transport: "tcp", exposure: "metrics" },
    { name: "metrics", port: metrics, transport: "tcp", exposure: "metrics" },
  ];
}

/** Where the execution client of the same node listens for its consensus client. */
export function engineUrl(ctx: ProcessContext): string {
  const engine = ctx.layers.execution?.engine;
  if (engine === undefined) throw new Error(`node ${ctx.node} has no execution client with a port named "engine"`);
  return `http://${hostPort(ctx.self, engine)}`;
}

/** Multiaddresses; see executionPeers for the other half of the list. */
export function consensusPeers(ctx: ProcessContext): readonly string[] {
  return ctx.peers.filter((peer) => peer.startsWith("/"));
}

/** Server to trust for the first state; undefined means sync from genesis, or that the database has to do. */
export function checkpointUrl(ctx: ProcessContext): string | undefined {
  if (ctx.offline) return undefined;
  const chosen = textOption(ctx, "checkpointSyncUrl") ?? checkpointServer(ctx);
  return chosen === GENESIS ? undefined : chosen;
}

/** The network's usual server, also where only a genesis state is wanted. */
export function checkpointServer(ctx: ProcessContext): string {
  return CHECKPOINT_SERVERS[ctx.network] ?? GENESIS;
}

/** Archives are the execution layer's affair unless the user asks for old beacon states too. */
export function keepsStates(ctx: ProcessContext): boolean {
  return ctx.options.beaconArchive === true;
}

/** Options that all consensus clients have; `archive` says what old states cost with this one. */
export function consensusOptions(archive: string): Readonly<Record<string, OptionDefinition>> {
  return {
    checkpointSyncUrl: {
      type: "string",
      description:
        'Beacon API that is trusted for the state to start from, or "genesis" to trust nobody and sync for weeks. Read with an empty database only. Default: a public server of the network',
    },
    targetPeers: {
      type: "number",
      min: 1,
      max: 1000,
      description: "Consensus-layer peers to aim for. Default: the client's",
    },
    beaconArchive: { type: "boolean", description: `Keep every historic beacon state. ${archive}. Default false` },
  };
}

/** What a user may get wrong in settings that all consensus clients share. */
export function consensusProblems(ctx: ProcessContext): readonly ProtocolProblem[] {
  const got = textOption(ctx, "checkpointSyncUrl");
  if (got === undefined || got === GENESIS || /^https?:\/\/[^\s/?#]+[^\s]*$/.test(got)) return [];
  return [
    {
      path: "options.checkpointSyncUrl",
      got,
      allowed: 'an http or https URL of a Beacon API, or "genesis"',
      fix: 'write it out, e.g. "https://mainnet-checkpoint-sync.attestant.io"',
      code: "CHECKPOINT_URL",
    },
  ];
}
