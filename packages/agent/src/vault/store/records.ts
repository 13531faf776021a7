import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import type { RecoveryPoint } from "@chainkeep/core";
import type { TornRecord } from "../contracts";
import { asVaultError } from "../vault-error";
import { recordIn } from "./record-text";
import type { SnapshotList } from "./snapshot-list";
import { type Snapshot, tagList, tagOf } from "./snapshots";

const FILE = "point.json";
const AT_ONCE = 3;

/** Records of points: snapshots of one small file each, which are read once and then kept beside the agent. */
export class Records {
  constructor(
    private readonly snapshots: SnapshotList,
    /** Directory of the texts that were read, by snapshot. */
    private readonly cache: string,
  ) {}

  /** Writes the new version first: after a crash in between there are two, of which the newer one counts. */
  async put(point: RecoveryPoint): Promise<void> {
    const { id, cluster, node } = point;
    const earlier = await this.snapshots.with("record", `point=${id}`);
    const tags = tagList("record", { cluster, node, point: id, data: point.storage.snapshot });
    const text = `${JSON.stringify(point, null, 2)}\n`;
    let written: string | undefined;
    await this.snapshots.restic.run({
      args: ["backup", "--json", "--stdin", "--stdin-filename", FILE, "--host", `${cluster}/${node}`, "--tag", tags],
      input: text,
      onMessage: ({ snapshot_id: name }) => {
        written = name ?? written;
      },
    });
    if (written !== undefined) await keep(this.#fileOf(written), text).catch(() => undefined);
    await this.snapshots.forget(earlier.map((snapshot) => snapshot.id));
  }

  async list(cluster?: string): Promise<{ points: RecoveryPoint[]; torn: TornRecord[] }> {
    const of = cluster === undefined ? [] : [`cluster=${cluster}`];
    const { snapshots, damaged } = await this.snapshots.list("record", ...of);
    const texts = await this.#texts(snapshots);
    if (cluster === undefined) await this.#tidy(snapshots);
    const points = new Map<string, RecoveryPoint>();
    const torn: TornRecord[] = damaged.map(({ id, text }) => ({ snapshot: id, text }));
    snapshots.forEach((snapshot, i) => {
      const read = texts[i] as Read;
      const found = "text" in read ? recordIn(read.text) : read;
      if ("point" in found) points.set(tagOf(snapshot, "point") ?? found.point.id, found.point);
      else torn.push({ snapshot: snapshot.id, text: found.torn });
    });
    return { points: [...points.values()].sort((a, b) => b.createdAt - a.createdAt), torn };
  }

  async #texts(snapshots: readonly Snapshot[]): Promise<Read[]> {
    const texts: Read[] = new Array(snapshots.length);
    let next = 0;
    const work = async () => {
      for (let i = next++; i < snapshots.length; i = next++) texts[i] = await this.#text((snapshots[i] as Snapshot).id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return texts;
  }

  async #text(snapshot: string): Promise<Read> {
    const file = this.#fileOf(snapshot);
    const known = await readFile(file, "utf8").catch(() => undefined);
    if (known !== undefined && "point" in recordIn(known)) return { text: known };
    try {
      const { text } = await this.snapshots.restic.run({ args: ["dump", snapshot, `/${FILE}`], output: "text" });
      if ("point" in recordIn(text)) await keep(file, text).catch(() => undefined);
      return { text };
    } catch (error) {
      const { code, message } = asVaultError(error);
      // Of a damaged store, what can be read is listed all the same.
      if (code !== "STORE_CORRUPT" && code !== "STORE_FAILED") throw error;
      return { torn: message };
    }
  }

  #fileOf(snapshot: string): string {
    return path.join(this.cache, `${snapshot}.json`);
  }

  /** Texts of records that are gone. */
  async #tidy(snapshots: readonly Snapshot[]): Promise<void> {
    const there = new Set(snapshots.map((snapshot) => `${snapshot.id}.json`));
    const files = await readdir(this.cache).catch(() => []);
    for (const name of files.filter((file) => !there.has(file))) await rm(path.join(this.cache, name), { force: true });
  }
}

type Read = { readonly text: string } | { readonly torn: string };

async function keep(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
