import { besu } from "./besu";
import { deriveBytes } from "./derive";
import { erigon } from "./erigon";
import { ETHEREUM_KINDS, JWT_KEY_PATH } from "./evm-shared";
import { geth } from "./geth";
import { lighthouse } from "./lighthouse";
import { nethermind } from "./nethermind";
import { nimbus } from "./nimbus";
import { prysm } from "./prysm";
import { reth } from "./reth";
import { teku } from "./teku";
import type {
  ClientDefinition,
  DeriveContext,
  DerivedFiles,
  DerivedMaterial,
  NetworkDefinition,
  ProtocolDefinition,
} from "./types";

/** Every client of Ethereum that the catalogue knows; the first of a layer is its default. */
export const ethereumClients: readonly ClientDefinition[] = [
  geth,
  reth,
  nethermind,
  besu,
  erigon,
  lighthouse,
  prysm,
  teku,
  nimbus,
];

/** A minute of slots: missed ones are usual, five in a row are not. */
const usual = { blockTimeSeconds: 12, maxLagBlocks: 5, reorgBlocks: 3, finalityLagBlocks: 128 } as const;

const networks: Readonly<Record<string, NetworkDefinition>> = {
  mainnet: { ...usual, title: "Ethereum", chainId: "1", minPeers: 10 },
  sepolia: { ...usual, title: "Ethereum Sepolia", chainId: "11155111", minPeers: 5 },
  hoodi: { ...usual, title: "Ethereum Hoodi", chainId: "560048", minPeers: 5 },
};

/** Hash of the execution layer's block 0: data of another chain is refused by it. */
const GENESIS: Readonly<Record<string, string>> = {
  mainnet: "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
  sepolia: "0x25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9",
  hoodi: "0xbbe312868b376a3001692a646dd2d7d1e4406380dfd86b98aa8a34d1557c971b",
};

/** One secret per node; both halves read the same file, so it is listed once. */
function derive({ cluster, network, seed, processes }: DeriveContext): DerivedMaterial {
  const files: Record<string, Record<string, DerivedFiles>> = {};
  for (const { node, layer } of processes) {
    const jwt = deriveBytes(seed, `${cluster}/${node}/jwt`, 32).toString("hex");
    const secret = layer === "execution" ? [{ path: JWT_KEY_PATH, content: jwt, mode: "0600" }] : [];
    files[node] = { ...files[node], [layer]: { open: [], secret } };
  }
  const chainId = networks[network]?.chainId;
  const genesisDigest = GENESIS[network];
  return { ...(chainId ? { chainId } : {}), ...(genesisDigest ? { genesisDigest } : {}), files };
}

/**
 * Ethereum: a node is an execution client and a consensus client that share a secret, which derives from the seed.
 *
 * Not here: validators, whose keys and slashing protection need a client of their own; light nodes, which no execution
 * client offers any more; networks of one's own, which need a genesis on both layers.
 */
export const ethereum: ProtocolDefinition = {
  name: "ethereum",
  title: "Ethereum",
  kinds: ETHEREUM_KINDS,
  networks,
  clients: ethereumClients,
  defaults: { execution: "geth", consensus: "lighthouse" },
  needsSeed: () => true,
  derive,
};
