import { readdir, stat } from "node:fs/promises";
import * as path from "node:path";
import type { Restic } from "./restic";
import { isS3 } from "./restic-env";
import { compareTimes, hasTag, type Listing, type Snapshot } from "./snapshots";

type Found = { readonly snapshot: Snapshot } | { readonly damage: Listing["damaged"][number] } | undefined;

/**
 * Snapshots of a repository. restic works on the password for half a second before it lists anything: in a directory, whose files are named by
 * their contents, it is only asked when there is a file that was not there before.
 */
export class SnapshotList {
  /** By file, with its size and time: what is flipped or cut off is looked at again. Undefined before restic has opened the repository once. */
  #known: Map<string, Found> | undefined;

  constructor(readonly restic: Restic) {}

  /** All of ours that carry all of some tags. */
  async list(...tags: readonly string[]): Promise<Listing> {
    const { snapshots, damaged } = await this.#all();
    return { snapshots: snapshots.filter((one) => tags.every((tag) => hasTag(one, tag))), damaged };
  }

  async with(...tags: readonly string[]): Promise<readonly Snapshot[]> {
    return (await this.list(...tags)).snapshots;
  }

  /** The next list comes from restic, which reads every file of it. */
  distrust(): void {
    this.#known = undefined;
  }

  /** Deletes snapshots by their full names. */
  async forget(ids: readonly string[]): Promise<void> {
    const MOST = 400;
    for (let i = 0; i < ids.length; i += MOST) {
      await this.restic.run({ args: ["forget", ...ids.slice(i, i + MOST)], output: "text" });
    }
  }

  async #all(): Promise<Listing> {
    const files = await filesOf(this.restic);
    const known = this.#known;
    if (known && files?.every(({ key }) => known.has(key))) return listing(files.map(({ key }) => known.get(key)));
    const asked = await this.#ask();
    // Without an answer for it a file is not ours, or was deleted meanwhile; a file that came meanwhile is asked for again.
    const answers = new Map<string, Found>(asked.damaged.map((damage) => [damage.id, { damage }]));
    for (const snapshot of asked.snapshots) answers.set(snapshot.id, { snapshot });
    this.#known = new Map((files ?? []).map(({ key, id }) => [key, answers.get(id)]));
    return asked;
  }

  async #ask(): Promise<Listing> {
    const { text, end } = await this.restic.run({
      args: ["snapshots", "--json", "--tag", "chainkeep"],
      output: "text",
    });
    // Those that cannot be read are left out, and restic calls that a success.
    const damaged = end.said.flatMap((line) => {
      const found = /^Ignoring "([0-9a-f]+)": (.+)$/.exec(line);
      return found ? [{ id: found[1] ?? "", text: found[2] ?? "" }] : [];
    });
    return sorted({ snapshots: (JSON.parse(text) as Snapshot[] | null) ?? [], damaged });
  }
}

interface SnapshotFile {
  readonly id: string;
  readonly key: string;
}

/** Undefined where only restic can tell. */
async function filesOf({ options: { destination } }: Restic): Promise<SnapshotFile[] | undefined> {
  if (isS3(destination)) return undefined;
  const directory = path.join(destination.repository, "snapshots");
  try {
    const names = await readdir(directory);
    return await Promise.all(
      names.map(async (id) => {
        const { size, mtimeMs, ino } = await stat(path.join(directory, id));
        return { id, key: `${id} ${ino} ${size} ${mtimeMs}` };
      }),
    );
  } catch {
    return undefined;
  }
}

function listing(found: readonly Found[]): Listing {
  const there = found.filter((one) => one !== undefined);
  return sorted({
    snapshots: there.flatMap((one) => ("snapshot" in one ? [one.snapshot] : [])),
    damaged: there.flatMap((one) => ("damage" in one ? [one.damage] : [])),
  });
}

function sorted({ snapshots, damaged }: Listing): Listing {
  return { snapshots: [...snapshots].sort((a, b) => compareTimes(a.time, b.time)), damaged };
}
