import { createHmac } from "node:crypto";
import { BTCD_AGENT_AUTH_FILE, BTCD_AGENT_USER } from "./bitcoin-health";
import { RPC_AUTH_FILE, RPC_USER } from "./bitcoin-shared";
import { bitcoind } from "./bitcoind";
import { btcd } from "./btcd";
import { deriveBytes } from "./derive";
import type {
  DeriveContext,
  DerivedFiles,
  DerivedMaterial,
  FilePlan,
  NetworkDefinition,
  ProtocolDefinition,
} from "./types";

const THREE_HOURS = 10_800;
/** Blocks come when somebody asks for one, and the genesis block is years old: its age says nothing. */
const ANY_AGE = 1_000_000_000;

/** Ten minutes are an average: one block in a hundred takes more than 46 minutes, so limits are far above block time. */
const publicNetwork = {
  blockTimeSeconds: 600,
  maxHeadAgeSeconds: THREE_HOURS,
  maxLagBlocks: 2,
  reorgBlocks: 2,
} as const;
const privateNetwork = {
  blockTimeSeconds: 10,
  minPeers: 1,
  maxHeadAgeSeconds: ANY_AGE,
  maxLagBlocks: 10,
  // Two miners find a block at the same time now and then.
  reorgBlocks: 1,
  private: true,
  idle: true,
} as const;

/** A network's chain id is the hash of its first block, which every client can tell. */
const networks: Readonly<Record<string, NetworkDefinition>> = {
  mainnet: {
    ...publicNetwork,
    title: "Bitcoin",
    chainId: "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
    minPeers: 8,
  },
  testnet4: {
    ...publicNetwork,
    title: "Bitcoin testnet4",
    chainId: "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
    minPeers: 4,
  },
  signet: {
    ...publicNetwork,
    title: "Bitcoin signet",
    chainId: "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
    minPeers: 4,
  },
  regtest: {
    ...privateNetwork,
    title: "Bitcoin regtest",
    chainId: "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
  },
  simnet: {
    ...privateNetwork,
    title: "Bitcoin simnet",
    chainId: "683e86bd5c6d110d91b94b97137ba6bfe02dbbdb8e3dff722a669b5d69d77af6",
  },
};

/**
 * User and password of everybody who sends requests to this cluster: one pair for all nodes, because the proxy sends a
 * request to whichever node is ready. Secret.
 */
export function bitcoinRpcCredentials(seed: string, cluster: string): { user: string; password: string } {
  return { user: RPC_USER, password: deriveBytes(seed, `${cluster}/bitcoin/rpc`, 32).toString("hex") };
}

function derive(ctx: DeriveContext): DerivedMaterial {
  const { user, password } = bitcoinRpcCredentials(ctx.seed, ctx.cluster);
  const auth = secretFile(RPC_AUTH_FILE, `${user}:${password}`);
  const files: Record<string, Record<string, DerivedFiles>> = {};
  for (const { node, layer, client } of ctx.processes) {
    const secret = client === "btcd" ? btcdSecrets(ctx, node, password) : bitcoindSecrets(ctx, node, password);
    files[node] = { ...files[node], [layer]: { open: [], secret: [...secret, auth] } };
  }
  const chainId = networks[ctx.network]?.chainId;
  return chainId === undefined ? { files } : { chainId, genesisDigest: chainId, files };
}

/** bitcoind gets a salted hash only; its cookie serves the agent. */
function bitcoindSecrets({ cluster, seed }: DeriveContext, node: string, password: string): readonly FilePlan[] {
  const salt = deriveBytes(seed, `${cluster}/${node}/bitcoin/rpc-salt`, 16).toString("hex");
  return [secretFile("bitcoin.conf", `rpcauth=${rpcauth(RPC_USER, password, salt)}\n`)];
}

/** Bitcoin Core's form of a user whose password cannot be read back. */
export function rpcauth(user: string, password: string, salt: string): string {
  return `${user}:${salt}$${createHmac("sha256", salt).update(password).digest("hex")}`;
}

/** The agent asks as a limited user with a password of its own on every node. */
function btcdSecrets({ cluster, seed }: DeriveContext, node: string, password: string): readonly FilePlan[] {
  const agentPassword = deriveBytes(seed, `${cluster}/${node}/bitcoin/rpc-agent`, 32).toString("hex");
  const lines = [
    "[Application Options]",
    `rpcuser=${RPC_USER}`,
    `rpcpass=${password}`,
    `rpclimituser=${BTCD_AGENT_USER}`,
    `rpclimitpass=${agentPassword}`,
  ];
  return [
    secretFile("btcd.conf", `${lines.join("\n")}\n`),
    secretFile(BTCD_AGENT_AUTH_FILE, `${BTCD_AGENT_USER}:${agentPassword}`),
  ];
}

function secretFile(path: string, text: string): FilePlan {
  return { path, content: text, mode: "0600" };
}

/**
 * Bitcoin with Bitcoin Core or btcd. The seed gives the passwords of RPC; nodes hold nothing else that derives from it.
 * Light nodes are not listed: neither program has a mode that follows headers only.
 */
export const bitcoin: ProtocolDefinition = {
  name: "bitcoin",
  title: "Bitcoin",
  kinds: ["full", "archive", "mirror"],
  networks,
  clients: [bitcoind, btcd],
  defaults: { node: "bitcoind" },
  needsSeed: () => true,
  derive,
};
