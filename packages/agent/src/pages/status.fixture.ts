import type {
  HistoryDocument,
  StatusAlert,
  StatusDocument,
  StatusNode,
  StatusPoint,
  StatusVault,
  VaultJob,
} from "@chainkeep/core";

export const NOW = 1_800_000_000;

export function nodeOf(name: string, rest: Partial<StatusNode> = {}): StatusNode {
  return {
    name,
    group: name.replace(/-\d+$/, ""),
    kind: "full",
    client: "geth",
    alive: true,
    ready: true,
    inRotation: true,
    reasons: [],
    height: 1_234_567,
    hash: "0xab",
    headAgeSeconds: 2.5,
    lagBlocks: 0,
    peers: 12,
    syncing: false,
    version: "1.2.3",
    rpcUrl: "http://127.0.0.1:8545",
    ...rest,
  };
}

export function alertOf(name: string, rest: Partial<StatusAlert> = {}): StatusAlert {
  return {
    name,
    state: "firing",
    severity: "critical",
    node: null,
    summary: `${name} happened`,
    startsAt: NOW - 90,
    endsAt: null,
    ...rest,
  };
}

export function pointOf(id: string, rest: Partial<StatusPoint> = {}): StatusPoint {
  return {
    id,
    node: "rpc-0",
    lineage: "geth-full",
    client: "geth",
    version: "1.17.5",
    height: 77,
    blockHash: "ab",
    createdAt: NOW,
    sizeBytes: 1,
    verified: null,
    verifiedAt: null,
    bad: null,
    consistency: "clean-stop",
    lockedUntil: null,
    copies: [],
    ...rest,
  };
}

export function vaultOf(rest: Partial<StatusVault> = {}): StatusVault {
  return {
    name: "vault",
    rpoSeconds: 86_400,
    rtoSeconds: 14_400,
    pointsAt: 1,
    lastAttempt: null,
    lastVerification: null,
    lastDrill: null,
    lastCheck: null,
    nextBackupAt: null,
    mirrors: [],
    job: null,
    controlTokenFile: "/srv/vault/control.token",
    ...rest,
  };
}

export function jobOf(rest: Partial<VaultJob> = {}): VaultJob {
  return {
    id: "backup-1",
    kind: "backup",
    subject: "cluster",
    state: "running",
    createdAt: NOW,
    startedAt: NOW,
    endedAt: null,
    steps: [],
    progress: null,
    result: null,
    error: null,
    ...rest,
  };
}

export function statusOf(nodes: readonly StatusNode[], rest: Partial<StatusDocument> = {}): StatusDocument {
  return {
    schemaVersion: 1,
    stack: "test",
    cluster: "toy",
    protocol: "ethereum",
    network: "main",
    time: NOW,
    networkState: { halted: false, height: 1_234_567, secondsSinceProgress: 3 },
    nodes,
    alerts: [],
    points: [],
    ...rest,
  };
}

/** Heights by node, each five seconds until now. */
export function historyOf(heights: HistoryDocument["heights"]): HistoryDocument {
  const samples = Math.max(0, ...Object.values(heights).map((ring) => ring.length));
  const times = Array.from({ length: samples }, (_, i) => NOW - 5 * (samples - 1 - i));
  return { schemaVersion: 1, times, heights };
}
