import { isProvenTo, type RecoveryPoint } from "@chainkeep/core";
import { gapOf } from "../vault/service/schedule";
import type { VaultService } from "../vault/service/vault-service";
import { NODE_LABELS, nodeLabels } from "./labels";
import type { SeriesRegistry } from "./registry";
import type { MetricsSource } from "./source";

const VAULT_LABELS = ["network", "stack", "vault"] as const;
/** The least that counts as proven: a client has opened it. */
const PROVEN = "opens";

type VaultGauge = readonly [
  name: string,
  help: string,
  value: (service: VaultService, newest: Newest) => number | null | undefined,
];

const GAUGES: readonly VaultGauge[] = [
  [
    "chain_backup_last_success_timestamp_seconds",
    "When the newest recovery point was taken that has not failed its proof; of several lineages the one that is furthest behind",
    (_, { whole, points }) => (whole ? least(points.map((p) => p.createdAt)) : undefined),
  ],
  [
    "chain_backup_last_verified_timestamp_seconds",
    "When a recovery point was last proven by opening it; of several lineages the one that is furthest behind",
    (_, { proofs }) => (proofs.includes(undefined) ? undefined : least(proofs)),
  ],
  [
    "chain_backup_last_attempt_status",
    "1 if the last backup that was tried made a recovery point, 0 if not",
    (service) => bit(service.state()?.lastAttempt?.ok),
  ],
  [
    "chain_backup_last_verification_status",
    "0 if the last verification found a recovery point bad, 1 if not",
    (service) => bit(service.state()?.lastVerification?.ok),
  ],
  [
    "chain_backup_last_drill_status",
    "1 if the last drill brought a restored node to the head of the network, 0 if not",
    (service) => bit(service.state()?.lastDrill?.ok),
  ],
  [
    "chain_backup_last_check_status",
    "0 while damage is known in the vault's store, 1 if not",
    (service) => {
      const check = service.state()?.lastCheck;
      return bit(check ? check.damaged.length === 0 : undefined);
    },
  ],
  [
    "chain_backup_size_bytes",
    "Size of the newest recovery point as a restore writes it, over all lineages",
    (_, { points }) => (points.length === 0 ? undefined : points.reduce((sum, p) => sum + p.sizeBytes, 0)),
  ],
  ["chain_backup_height", "Height of the newest recovery point", (_, { points }) => least(points.map((p) => p.height))],
  ["chain_backup_points", "Recovery points that are kept", (service) => service.known().length],
  [
    "chain_backup_bad_points",
    "Recovery points that failed their proof",
    (service) => service.known().filter((p) => p.verification.bad !== null).length,
  ],
  [
    "chain_backup_locked_until_timestamp_seconds",
    "Until when the newest recovery point cannot be deleted",
    (_, { points }) => least(points.map((p) => p.lockedUntil ?? undefined)),
  ],
  [
    "chain_backup_last_restore_seconds",
    "What the last restore or drill took",
    (service) => service.state()?.lastRestoreSeconds,
  ],
  [
    "chain_backup_downtime_seconds",
    "How long the node stood still for the newest recovery point",
    (service) => service.state()?.lastDowntimeSeconds,
  ],
  ["chain_backup_store_bytes", "Bytes that the vault takes", (service) => service.storeBytes()],
  [
    "chain_backup_job_running",
    "1 while the agent works with the vault",
    (service) => bit(service.queue.current() !== null),
  ],
];

/** The newest good point of each lineage. */
interface Newest {
  readonly points: readonly RecoveryPoint[];
  /** Whether every lineage has one. */
  readonly whole: boolean;
  /** When the newest proof of each lineage was. */
  readonly proofs: readonly (number | undefined)[];
}

function newestOf(points: readonly RecoveryPoint[], lineages: readonly { readonly id: string }[]): Newest {
  const good = points.filter((p) => p.verification.bad === null);
  const newest = lineages.flatMap(({ id }) => good.find((p) => p.lineage === id) ?? []);
  const proofs = lineages.map(({ id }) => newestProof(good.filter((p) => p.lineage === id)));
  return { points: newest, whole: newest.length === lineages.length, proofs };
}

/** What the vault tells; nothing at all where the cluster has none. */
export function vaultSeries(registry: SeriesRegistry, source: MetricsSource): void {
  const service = () => source.vault?.();
  const labels = () => {
    const { network, stack, vault } = source.inventory();
    return { network, stack, vault: vault?.name ?? "" };
  };
  for (const [name, help, value] of GAUGES) {
    registry.gauge(name, help, VAULT_LABELS, (gauge) => {
      const running = service();
      const lineages = source.inventory().vault?.lineages ?? [];
      const found = running && value(running, newestOf(running.known(), lineages));
      if (typeof found === "number") gauge.set(labels(), found);
    });
  }
  registry.gauge(
    "chain_backup_interval_seconds",
    "Time between two scheduled recovery points",
    VAULT_LABELS,
    (gauge) => {
      const { vault } = source.inventory();
      const seconds = vault?.policy.schedule ? gapOf(vault.policy.schedule) : undefined;
      if (service() && seconds !== undefined) gauge.set(labels(), seconds);
    },
  );
  registry.counter(
    "chain_backup_transfer_errors_total",
    "Copies to further places that failed",
    VAULT_LABELS,
    (counter) => {
      const errors = service()?.state()?.transferErrors;
      if (errors !== undefined) counter.inc(labels(), errors);
    },
  );
  mirrorSeries(registry, source);
}

function mirrorSeries(registry: SeriesRegistry, source: MetricsSource): void {
  const figures = [
    ["chain_mirror_lag_blocks", "Blocks that a live copy is behind the network", "lagBlocks"],
    ["chain_mirror_lag_seconds", "Time since the network passed the height of a live copy", "lagSeconds"],
    ["chain_mirror_promoted", "1 for a live copy that serves users for now", "promoted"],
  ] as const;
  for (const [name, help, field] of figures) {
    registry.gauge(name, help, NODE_LABELS, (gauge) => {
      const inventory = source.inventory();
      for (const mirror of source.vault?.()?.status().mirrors ?? []) {
        const node = inventory.nodes.find((n) => n.name === mirror.node);
        const value = mirror[field];
        if (node && value !== null) gauge.set(nodeLabels(inventory, node), Number(value));
      }
    });
  }
}

function bit(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function newestProof(points: readonly RecoveryPoint[]): number | undefined {
  const times = points.flatMap(({ verification: { level, at } }) =>
    at !== null && isProvenTo(level, PROVEN) ? [at] : [],
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
