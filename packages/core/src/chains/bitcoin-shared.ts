import { hostPort } from "./addresses";
import type { Kind, ProcessContext, ProtocolProblem, Sizing } from "./types";

/** Networks that a cluster makes for itself: no DNS seeds, peers are the siblings. */
export const PRIVATE_BITCOIN_NETWORKS: readonly string[] = ["regtest", "simnet"];

/** Users who send requests, the same on every node of a cluster, so that any node behind the proxy takes them. */
export const RPC_USER = "chainkeep";
/** File below the home with `user:password` of {@link RPC_USER}. */
export const RPC_AUTH_FILE = "rpc.auth";

/** bitcoind takes eight manual peers and ignores the rest; both clients get the same list. */
const MOST_SIBLINGS = 8;

/**
 * Peers that are always dialled: the user's own, and on a private network the first siblings. All nodes dial the same
 * few, so that the network hangs together at any size.
 */
export function fixedPeers(ctx: ProcessContext): readonly string[] {
  if (!PRIVATE_BITCOIN_NETWORKS.includes(ctx.network)) return ctx.peers;
  const reachable = ctx.siblings.filter((sibling) => sibling.ports.p2p !== undefined);
  const siblings = reachable.slice(0, MOST_SIBLINGS).map((sibling) => hostPort(sibling.host, sibling.ports.p2p));
  return [...ctx.peers, ...siblings];
}

/** Archives index every transaction; others do when asked. */
export function wantsTxindex(ctx: ProcessContext): boolean {
  return ctx.kind === "archive" || ctx.options.txindex === true;
}

export function wholeOption(ctx: ProcessContext, name: string): number | undefined {
  const value = ctx.options[name];
  return typeof value === "number" ? Math.trunc(value) : undefined;
}

/** A pruned node has no old transactions that an index could point to. */
export function pruneProblems(ctx: ProcessContext, indexes: readonly string[]): readonly ProtocolProblem[] {
  const got = ctx.options.pruneMiB;
  if (got === undefined) return [];
  if (ctx.kind !== "full") {
    const allowed = 'it with kind "full" only';
    const fix = `remove it: a node of kind "${ctx.kind}" keeps every block`;
    return [{ path: "options.pruneMiB", got, allowed, fix, code: "PRUNE_KIND" }];
  }
  return indexes
    .filter((name) => ctx.options[name] === true)
    .map((name) => ({
      path: `options.${name}`,
      got: true,
      allowed: "false while pruneMiB is set",
      fix: "remove one of the two: the index needs every block",
      code: "PRUNE_INDEX",
    }));
}

/** Mainnet took 650 GB with all indexes when last measured and grows by 80 GB a year; the rest is room to grow. */
export function bitcoinSizing(network: string, kind: Kind): Sizing {
  const archive = kind === "archive";
  switch (network) {
    case "mainnet":
      return {
        cpu: 4,
        memoryGiB: archive ? 12 : 8,
        diskGiB: archive ? 1200 : 1000,
        growthGiBPerMonth: archive ? 8 : 7,
      };
    case "testnet4":
      return { cpu: 2, memoryGiB: 4, diskGiB: archive ? 60 : 50, growthGiBPerMonth: 2 };
    case "signet":
      return { cpu: 2, memoryGiB: 4, diskGiB: archive ? 60 : 50, growthGiBPerMonth: 1 };
    default:
      return { cpu: 1, memoryGiB: 1, diskGiB: 5, growthGiBPerMonth: 0.1 };
  }
}
