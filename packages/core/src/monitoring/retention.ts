import type { MonitoringArgs } from "./args";

/** How long Prometheus keeps samples, as it takes it: by flags, not in its configuration. */
export function retentionFlags({ retentionDays = 15, retentionGiB }: MonitoringArgs = {}): string[] {
  return [
    `--storage.tsdb.retention.time=${retentionDays}d`,
    // Prometheus counts in powers of two, whatever its units are called, and takes whole numbers.
    ...(retentionGiB === undefined ? [] : [`--storage.tsdb.retention.size=${Math.floor(retentionGiB * 1024)}MB`]),
  ];
}
