import {
  hashDigits,
  type InventoryLineage,
  type InventoryNode,
  type PointProcess,
  pointId,
  type RecoveryPoint,
  UNVERIFIED,
} from "@chainkeep/core";
import type { VaultWorld } from "../contracts";
import type { Copied, TakeRequest } from "./copied";
import type { KeyScan } from "./key-scan";

export interface RecordInput extends Copied {
  readonly world: VaultWorld;
  readonly node: InventoryNode;
  readonly lineage: InventoryLineage;
  readonly request: TakeRequest;
  readonly startedAt: number;
  readonly scan: KeyScan;
  readonly digest: string;
}

const DAY = 86_400;
const tenth = (seconds: number) => Math.round(seconds * 10) / 10;

/** The record of a copy. Everything in it was measured or told; nothing is made up. */
export function recordOf(input: RecordInput): RecoveryPoint {
  const { world, node, lineage, request, before, still, capture, scan } = input;
  const { stack, cluster, protocol, network } = world.inventory();
  const { name: vault, policy } = world.vault();
  const { head, block } = before;
  const createdAt = Math.floor(still.stoppedAt);
  return {
    schemaVersion: 1,
    id: pointId(cluster, head.height, createdAt),
    vault,
    stack,
    cluster,
    protocol,
    network,
    node: node.name,
    group: node.group,
    kind: node.kind,
    lineage: lineage.id,
    chainId: head.chainId ?? null,
    genesis: block?.genesis ?? hashDigits(head.genesis) ?? null,
    height: head.height,
    // Of one answer with the state: between two of them the chain may have been reorganised.
    blockHash: block?.hash ?? hashDigits(head.hash) ?? "",
    stateHash: block?.state ?? null,
    blockTime: head.timestamp ?? null,
    createdAt,
    startedAt: tenth(input.startedAt),
    finishedAt: tenth(world.now() / 1000),
    downtimeSeconds: tenth(input.startedAgainAt - still.stopAt),
    consistency: still.killed ? "crash-consistent" : "clean-stop",
    trigger: request.trigger,
    processes: node.processes.flatMap((process, i): PointProcess[] =>
      process.vault
        ? [
            {
              name: process.name,
              layer: process.layer,
              client: process.client,
              version: process.version,
              reportedVersion: i === 0 ? (head.version ?? null) : null,
              engine: process.vault.engine,
              home: process.vault.home,
              dataPaths: process.vault.dataPaths,
            },
          ]
        : [],
    ),
    storage: { kind: "restic", snapshot: capture.snapshot, files: capture.files, addedBytes: capture.addedBytes },
    sizeBytes: capture.bytes,
    manifest: { algorithm: "restic-tree-sha256", digest: input.digest },
    keys: scan.proof,
    signedHeight: scan.signedHeight,
    lockedUntil: policy.lock ? createdAt + policy.lock.days * DAY : null,
    lockMode: policy.lock?.mode ?? null,
    verification: UNVERIFIED,
    copies: [],
  };
}
