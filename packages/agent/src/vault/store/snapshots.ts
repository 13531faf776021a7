import { VaultError } from "../vault-error";

/** A snapshot of the repository; the fields that we look at. */
export interface Snapshot {
  readonly id: string;
  readonly time: string;
  readonly tree: string;
  readonly hostname: string;
  readonly tags?: readonly string[];
  /** Of a copy: the snapshot that it is a copy of. */
  readonly original?: string;
}

export type SnapshotKind = "data" | "record" | "warm";

/** Tags in restic's notation. None of the values may hold a comma; names of clusters, nodes and points do not. */
export function tagList(kind: SnapshotKind, values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const bad = pairs.find((pair) => pair.includes(","));
  if (bad !== undefined) throw new VaultError("STORE_FAILED", `${bad}: a tag cannot hold a comma`);
  return ["chainkeep", kind, ...pairs].join(",");
}

export interface Listing {
  /** Oldest first. */
  readonly snapshots: readonly Snapshot[];
  /** Those that are there and cannot be read: restic leaves them out, and calls that a success. */
  readonly damaged: readonly { readonly id: string; readonly text: string }[];
}

export interface Listing {
  /** Oldest first. */
  readonly snapshots: readonly Snapshot[];
  /** Those that are there and cannot be read. */
  readonly damaged: readonly { readonly id: string; readonly text: string }[];
}

export const hasTag = ({ tags = [] }: Snapshot, tag: string): boolean => tags.includes(tag);

/** Value of a tag `name=value`. */
export function tagOf({ tags = [] }: Snapshot, name: string): string | undefined {
  return tags.find((tag) => tag.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** restic's times have up to nine digits of a second, and a zone. */
export function compareTimes(a: string, b: string): number {
  const [x, y] = [nanoseconds(a), nanoseconds(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function nanoseconds(time: string): bigint {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "";
  const whole = Date.parse(time.replace(/\.\d+/, ""));
  return BigInt(Number.isNaN(whole) ? 0 : whole) * 1_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}

/** Data that a record belongs to: it stays. */
export function referenced(snapshots: readonly Snapshot[]): Set<string> {
  const records = snapshots.filter((snapshot) => hasTag(snapshot, "record"));
  return new Set(records.map((record) => tagOf(record, "data")).filter((id) => id !== undefined));
}
