import { NODE_KEY_FILE, polkadot } from "./polkadot";
import { substrateNodeKey, substratePeerId } from "./substrate-identity";
import type { DeriveContext, DerivedFiles, DerivedMaterial, NetworkDefinition, ProtocolDefinition } from "./types";

const relayChain = {
  blockTimeSeconds: 6,
  minPeers: 3,
  maxLagBlocks: 5,
  maxHeadAgeSeconds: 60,
  reorgBlocks: 3,
  finalityLagBlocks: 10,
} as const;

const networks: Readonly<Record<string, NetworkDefinition>> = {
  polkadot: { ...relayChain, title: "Polkadot", chainId: "Polkadot" },
  kusama: { ...relayChain, title: "Kusama", chainId: "Kusama" },
  westend: { ...relayChain, title: "Westend", chainId: "Westend" },
  paseo: { ...relayChain, title: "Paseo", chainId: "Paseo Testnet" },
};

function derive({ seed, cluster, processes }: DeriveContext): DerivedMaterial {
  const files: Record<string, Record<string, DerivedFiles>> = {};
  for (const { node, layer } of processes) {
    const key = substrateNodeKey(seed, cluster, node);
    const open = [{ path: "peer-id", content: `${substratePeerId(key)}\n` }];
    const secret = [{ path: NODE_KEY_FILE, content: key.toString("hex"), mode: "0600" }];
    files[node] = { ...files[node], [layer]: { open, secret } };
  }
  return { files };
}

/**
 * Relay chains of the Polkadot SDK. The seed gives each node's network identity, so that boot nodes keep their address and
 * validators start at once. A `seed` node is a boot node: its file `peer-id` holds the last part of its address.
 *
 * Not here: parachain collators, networks of your own (they need a chain specification: see `defineProtocol`), light and
 * sentry nodes, which the client no longer has.
 */
export const substrate: ProtocolDefinition = {
  name: "substrate",
  title: "Polkadot SDK relay chain",
  kinds: ["full", "archive", "validator", "seed", "mirror"],
  networks,
  clients: [polkadot],
  defaults: { node: "polkadot" },
  needsSeed: () => true,
  derive,
};
