import { VaultError } from "../vault-error";
import type { Restic } from "./restic";

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

/** All of ours that carry all of some tags. */
export async function listSnapshots(restic: Restic, ...tags: readonly string[]): Promise<Listing> {
  const args = ["snapshots", "--json", "--tag", ["chainkeep", ...tags].join(",")];
  const { text, end } = await restic.run({ args, output: "text" });
  const damaged = end.said.flatMap((line) => {
    const found = /^Ignoring "([0-9a-f]+)": (.+)$/.exec(line);
    return found ? [{ id: found[1] ?? "", text: found[2] ?? "" }] : [];
  });
  const snapshots = (JSON.parse(text) as Snapshot[] | null) ?? [];
  return { snapshots: snapshots.sort((a, b) => compareTimes(a.time, b.time)), damaged };
}

export async function snapshotsWith(restic: Restic, ...tags: readonly string[]): Promise<readonly Snapshot[]> {
  return (await listSnapshots(restic, ...tags)).snapshots;
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

/** Deletes snapshots by their full names. */
export async function forget(restic: Restic, ids: readonly string[]): Promise<void> {
  const MOST = 400;
  for (let i = 0; i < ids.length; i += MOST) {
    await restic.run({ args: ["forget", ...ids.slice(i, i + MOST)], output: "text" });
  }
}
