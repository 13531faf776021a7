import type { HealthProbe } from "../health/types";

/**
 * The same questions to every consensus client, by the Beacon API. Heights are slots. Two answers mean not ready although
 * the head is fresh: the execution client is gone, or nobody has checked the head's transactions yet.
 */
export const beaconHealth: HealthProbe = {
  port: "beacon",
  requests: {
    head: { get: "/eth/v1/beacon/headers/head" },
    syncing: { get: "/eth/v1/node/syncing" },
    peers: { get: "/eth/v1/node/peer_count" },
    genesis: { get: "/eth/v1/beacon/genesis" },
    // Tells the chain id of the execution layer, the one that people know.
    contract: { get: "/eth/v1/config/deposit_contract" },
    finalized: { get: "/eth/v1/beacon/headers/finalized", optional: true },
    version: { get: "/eth/v1/node/version", optional: true },
  },
  head: {
    height: { from: "head", path: "data.header.message.slot", as: "decimal" },
    hash: { from: "head", path: "data.root", as: "string" },
    timestamp: {
      slot: { from: "head", path: "data.header.message.slot", as: "decimal" },
      genesisTime: { from: "genesis", path: "data.genesis_time", as: "unix" },
      secondsPerSlot: 12,
    },
    syncing: { from: "syncing", path: "data.is_syncing", as: "boolean" },
    peers: { from: "peers", path: "data.connected", as: "decimal" },
    chainId: { from: "contract", path: "data.chain_id", as: "decimal" },
    finalizedHeight: { from: "finalized", path: "data.header.message.slot", as: "decimal" },
    genesis: { from: "genesis", path: "data.genesis_validators_root", as: "string" },
    version: { from: "version", path: "data.version", as: "string" },
  },
  // A slot without a block has no root: then nothing is compared until the next one.
  checkpoint: { request: { get: "/eth/v1/beacon/blocks/$checkpoint/root" }, path: "data.root" },
  proof: {
    block: {
      request: { get: "/eth/v1/beacon/headers/$checkpoint" },
      hash: "data.root",
      state: "data.header.message.state_root",
    },
    // The validators that the chain began with; no other chain has the same.
    genesis: { request: { get: "/eth/v1/beacon/genesis" }, hash: "data.genesis_validators_root" },
  },
  faults: [
    {
      value: { from: "syncing", path: "data.el_offline", as: "boolean" },
      code: "EXECUTION_OFFLINE",
      text: "cannot reach its execution client: check that it runs and that both use the same JWT",
    },
    {
      value: { from: "syncing", path: "data.is_optimistic", as: "boolean" },
      code: "OPTIMISTIC",
      text: "follows a head that its execution client has not checked yet",
    },
  ],
};
