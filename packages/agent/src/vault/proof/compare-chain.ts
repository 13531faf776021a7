import type { InventoryGuestProcess, RecoveryPoint, Testimony } from "@chainkeep/core";
import type { VaultWorld } from "../contracts";
import type { Guest } from "./guest";
import { type Judgement, judgeChain } from "./judge-chain";
import { type Heads, targetOf } from "./open-guest";
import { type ProofTimes, pause } from "./proof-times";
import { testify, type Witness, witnessesOf } from "./witnesses";

/** Fewer are no proof: one node may be wrong in the same way as the copy. */
const LEAST_WITNESSES = 2;
/** Some slots are empty: so many heights are tried where a block lies deeper. */
const DEEPER_TRIES = 4;

export interface ChainComparison {
  readonly judgement: Judgement;
  readonly guest: Testimony | null;
  readonly witnesses: readonly Testimony[];
}

export interface CompareChain {
  readonly world: Pick<VaultWorld, "inventory" | "fleet" | "asker">;
  readonly guest: Guest;
  readonly point: RecoveryPoint;
  /** What the guest's processes told when it was open. */
  readonly heads: Heads;
  readonly times: ProofTimes;
  readonly signal: AbortSignal;
}

/**
 * Holds every layer of the guest against the same layer of other nodes: the block that the record names, and where blocks are final at once the
 * guest's own head as well, for a node may have left the chain after it. The first finding ends it.
 */
export async function compareChain(at: CompareChain): Promise<ChainComparison> {
  const all: ChainComparison[] = [];
  for (const [index, process] of at.guest.of.processes.entries()) {
    const head = at.heads[index]?.height ?? 0;
    for (const height of heightsOf(at, process, index, head)) {
      const compared = await compareAt(at, process, index, height);
      if (compared.judgement.kind !== "proven") return compared;
      all.push(compared);
    }
  }
  const atRecord = all.find(({ guest }) => guest?.height === at.point.height) ?? all[0];
  return {
    judgement: { kind: "proven" },
    guest: atRecord?.guest ?? null,
    witnesses: all.flatMap(({ witnesses }) => witnesses),
  };
}

/** Only the first layer's height is on record. A copy that is higher than the network is of another one: a lower block tells. */
function heightsOf(
  { world, point }: CompareChain,
  { layer }: InventoryGuestProcess,
  index: number,
  head: number,
): number[] {
  if (index > 0) return [head];
  const network = world.fleet().heights.get(layer);
  const below = network !== undefined && network > 0 && network < point.height ? [network] : [];
  const isFinal = !world.inventory().reorgBlocks;
  return [...below, point.height, ...(isFinal && head > point.height ? [head] : [])];
}

/** A head that was taken right before a reorganisation is on no chain any more; the blocks below it are. */
async function compareAt(
  at: CompareChain,
  process: InventoryGuestProcess,
  index: number,
  height: number,
): Promise<ChainComparison> {
  const reorgBlocks = at.world.inventory().reorgBlocks ?? 0;
  const compared = await compareOnce(at, process, index === 0 ? recordFor(at.point, height, reorgBlocks) : {}, height);
  const { judgement } = compared;
  if (reorgBlocks === 0 || judgement.kind !== "bad" || !/^CHAIN_(FORK|STATE|BLOCK_MISSING)$/.test(judgement.code)) {
    return compared;
  }
  for (let deeper = height - reorgBlocks; deeper > Math.max(0, height - reorgBlocks - DEEPER_TRIES); deeper--) {
    const below = await compareOnce(at, process, index === 0 ? { chainId: at.point.chainId } : {}, deeper);
    if (below.judgement.kind !== "bad") return below;
    if (below.guest?.hash !== null) return below;
  }
  return compared;
}

type Recorded = Parameters<typeof judgeChain>[0]["record"];

function recordFor(point: RecoveryPoint, height: number, reorgBlocks: number): Recorded {
  const { chainId, genesis, blockHash, stateHash } = point;
  if (reorgBlocks > 0 || height !== point.height) return { chainId, genesis };
  return { chainId, genesis, blockHash, stateHash };
}

/** Asks again for a while: a client that has just begun does not tell everything at once, and a witness may be busy. */
async function compareOnce(
  { world, guest, point, times, signal }: CompareChain,
  process: InventoryGuestProcess,
  record: Recorded,
  height: number,
): Promise<ChainComparison> {
  const { asker } = world;
  const own: Witness = { who: guest.of.name, target: targetOf(process, world.inventory().questions) };
  const end = performance.now() + times.testify * 1000;
  for (;;) {
    const others = witnessesOf(world, point, process.layer);
    const [mine, ...answers] = await Promise.all([own, ...others].map((w) => testify(asker, w, height)));
    const witnesses = answers.flatMap((answer) => (answer ? [answer] : []));
    const told = witnesses.filter(({ hash }) => hash !== null).length;
    const isWhole = mine !== undefined && mine.hash !== null && told >= LEAST_WITNESSES;
    if (!isWhole && performance.now() < end) {
      await pause(times.poll, signal);
      continue;
    }
    if (!mine) {
      const text = `${process.name} does not tell block ${height}`;
      return { judgement: { kind: "undecided", code: "PROOF_NO_ANSWER", text }, guest: null, witnesses };
    }
    const judgement = judgeChain({ guest: mine, witnesses, least: LEAST_WITNESSES, record });
    return { judgement, guest: mine, witnesses };
  }
}
