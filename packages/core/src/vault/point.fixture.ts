import { type RecoveryPoint, UNVERIFIED, type Verification } from "./point";

export const NOW = Date.UTC(2026, 10, 25, 12) / 1000;
export const HASH = "ab".repeat(32);

/** A sound point; tests change what they are about. */
export function pointOf(change: Partial<RecoveryPoint> = {}): RecoveryPoint {
  const createdAt = change.createdAt ?? NOW - 3600;
  return {
    schemaVersion: 1,
    id: `dev-${change.height ?? 100}-${createdAt}`,
    vault: "vault",
    stack: "test",
    cluster: "dev",
    protocol: "cometbft",
    network: "private",
    node: "mirror-0",
    group: "mirror",
    kind: "mirror",
    lineage: "cometbft-full",
    chainId: "dev-1",
    genesis: "01".repeat(32),
    height: 100,
    blockHash: HASH,
    stateHash: "cd".repeat(32),
    blockTime: createdAt - 1,
    createdAt,
    startedAt: createdAt - 10,
    finishedAt: createdAt + 5,
    downtimeSeconds: 0.4,
    consistency: "clean-stop",
    trigger: "schedule",
    processes: [
      {
        name: "mirror-0",
        layer: "node",
        client: "cometbft",
        version: "0.38.19",
        reportedVersion: "0.38.19",
        engine: "goleveldb",
        home: "/srv/dev/mirror-0",
        dataPaths: ["data/*.db/**"],
      },
    ],
    storage: { kind: "restic", snapshot: "ef".repeat(32), files: 26, addedBytes: 1000 },
    sizeBytes: 1_000_000,
    manifest: { algorithm: "restic-tree-sha256", digest: "12".repeat(32) },
    keys: { excluded: [], filesSeen: 26, filesRead: 10, at: createdAt + 1 },
    signedHeight: null,
    lockedUntil: null,
    lockMode: null,
    verification: UNVERIFIED,
    copies: [],
    ...change,
  };
}

export function provenTo(level: Verification["level"], at = NOW): Verification {
  return { level, at, evidence: "e", bad: null };
}

export function badAt(level: NonNullable<Verification["level"]>, at = NOW): Verification {
  return { level: null, at, evidence: "e", bad: { level, code: "CHAIN_FORK", text: "is on a fork", at } };
}
