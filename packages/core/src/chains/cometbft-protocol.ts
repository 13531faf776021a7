import { cometLight } from "./comet-light";
import { deriveCometNetwork } from "./comet-network";
import { COMET_KINDS, cometbft as cometbftClient } from "./cometbft";
import { gaiad } from "./gaiad";
import type { Kind, NetworkDefinition, ProtocolDefinition, ProtocolProblem } from "./types";

const networks: Readonly<Record<string, NetworkDefinition>> = {
  private: { title: "private CometBFT network", blockTimeSeconds: 1, minPeers: 1, maxLagBlocks: 5, private: true },
  cosmoshub: {
    title: "Cosmos Hub",
    chainId: "cosmoshub-4",
    blockTimeSeconds: 6,
    minPeers: 3,
    // An upgrade of the chain or a slow round is no reason to take every node out.
    maxHeadAgeSeconds: 90,
    maxLagBlocks: 5,
  },
};

function check(
  groups: readonly { readonly group: string; readonly kind: Kind; readonly count: number }[],
  network: string,
): readonly ProtocolProblem[] {
  if (network !== "private" || groups.some((g) => g.kind === "validator" && g.count > 0)) return [];
  return [
    {
      path: "nodes",
      got: groups.map((g) => g.kind),
      allowed: "at least one validator: nobody else makes blocks on a private network",
      fix: 'add a group, e.g. validators: { kind: "validator", count: 4 }',
      code: "COMET_NO_VALIDATOR",
    },
  ];
}

/**
 * CometBFT: private networks with the built-in key-value store, and the Cosmos Hub. On private networks genesis, keys and the
 * lists of peers derive from the seed; on the Hub nothing does.
 */
export const cometbft: ProtocolDefinition = {
  name: "cometbft",
  title: "CometBFT",
  kinds: [...COMET_KINDS, "light"],
  networks,
  clients: [cometbftClient, gaiad, cometLight],
  defaults: { node: "cometbft", light: "cometbft-light" },
  needsSeed: (network) => networks[network]?.private === true,
  derive: (ctx) => (networks[ctx.network]?.private ? deriveCometNetwork(ctx) : { chainId: ctx.chainId, files: {} }),
  check,
};
