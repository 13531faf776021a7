import { createHash } from "node:crypto";
import { hostPort } from "./addresses";
import { cometConfigToml } from "./comet-config";
import {
  type CometKey,
  cometNodeKey,
  cometValidatorKey,
  FRESH_SIGNING_STATE,
  nodeKeyFile,
  publicValue,
  validatorAddress,
  validatorKeyFile,
} from "./comet-keys";
import { type CometTopology, cometNodes, cometPeersOf, cometTopology } from "./comet-peers";
import type { DeriveContext, DerivedFiles, DerivedMaterial } from "./types";

const NOTHING: DerivedFiles = { open: [], secret: [] };

/**
 * Everything that the nodes of a private network share or hold: genesis, keys, whom they dial. Nodes that are added later
 * change no file of the others; neither do validators, while `genesisValidators` stays and they come after the old ones.
 */
export function deriveCometNetwork(ctx: DeriveContext): DerivedMaterial {
  const topology = cometTopology(ctx.processes, ctx.settings.genesisValidators);
  const genesis = genesisJson(ctx, topology);
  const ids = new Map(cometNodes(ctx.processes).map((p) => [p.node, cometNodeKey(ctx.seed, ctx.cluster, p.node)]));
  const files: Record<string, Record<string, DerivedFiles>> = {};
  for (const process of ctx.processes) {
    const key = ids.get(process.node);
    const derived = key ? filesOf(ctx, process, key, topology, ids, genesis) : NOTHING;
    files[process.node] = { ...files[process.node], [process.layer]: derived };
  }
  const genesisDigest = createHash("sha256").update(genesis).digest("hex");
  return { chainId: ctx.chainId, genesisDigest, files };
}

function filesOf(
  ctx: DeriveContext,
  process: DeriveContext["processes"][number],
  key: CometKey,
  topology: CometTopology,
  ids: ReadonlyMap<string, CometKey>,
  genesis: string,
): DerivedFiles {
  const { cluster, node, kind, listen, ports, announce, options } = process;
  const config = cometConfigToml({
    moniker: `${cluster}-${node}`,
    kind,
    listen,
    ports,
    private: true,
    timeoutCommitMs: Math.round(ctx.settings.blockTimeSeconds * 1000),
    peers: cometPeersOf(process, topology, (name) => ids.get(name)?.id ?? ""),
    proxyApp: String(options.proxyApp ?? "kvstore"),
    ...(announce === undefined ? {} : { externalAddress: hostPort(announce, ports.p2p) }),
    ...(typeof options.logLevel === "string" ? { logLevel: options.logLevel } : {}),
  });
  return {
    open: [
      { path: "config/config.toml", content: config },
      { path: "config/genesis.json", content: genesis },
      // The record of what was signed: written back to an older state, a validator signs twice.
      { path: "data/priv_validator_state.json", content: FRESH_SIGNING_STATE, mode: "0600", createOnly: true },
    ],
    secret: [
      { path: "config/node_key.json", content: nodeKeyFile(key), mode: "0600" },
      {
        path: "config/priv_validator_key.json",
        content: validatorKeyFile(cometValidatorKey(ctx.seed, cluster, node)),
        mode: "0600",
      },
    ],
  };
}

/** Genesis in the form of 0.38, with equal power for every validator. */
function genesisJson({ chainId, settings, seed, cluster }: DeriveContext, { validators }: CometTopology): string {
  const genesis = {
    genesis_time: settings.genesisTime,
    chain_id: chainId,
    initial_height: "1",
    consensus_params: {
      block: { max_bytes: "4194304", max_gas: "-1" },
      evidence: { max_age_num_blocks: "100000", max_age_duration: "172800000000000", max_bytes: "1048576" },
      validator: { pub_key_types: ["ed25519"] },
      version: { app: "0" },
      abci: { vote_extensions_enable_height: "0" },
    },
    validators: validators.map(({ node }) => {
      const key = cometValidatorKey(seed, cluster, node);
      return { address: validatorAddress(key), pub_key: publicValue(key), power: "10", name: node };
    }),
    app_hash: "",
  };
  return `${JSON.stringify(genesis, null, 2)}\n`;
}
