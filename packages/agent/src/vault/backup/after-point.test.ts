import type { RecoveryPoint } from "@chainkeep/core";
import type { PointStore, VaultWorld } from "../contracts";
import { servicePoint } from "../service/service-world.fixture";
import { BackupWorld } from "../testing/backup-world.fixture";
import { VaultError } from "../vault-error";
import { afterPoint } from "./after-point";

let at: BackupWorld;
beforeEach(() => {
  at = new BackupWorld();
});
afterEach(() => at.close());

const DAY = 86_400;
const point = (id: string, change: Partial<RecoveryPoint> = {}): RecoveryPoint =>
  servicePoint(id, {
    cluster: "dev",
    createdAt: Number(id.slice(1)) * DAY,
    lockedUntil: null,
    copies: [],
    ...change,
  });

interface Place {
  readonly store: PointStore;
  readonly points: Map<string, RecoveryPoint>;
}
/** A store with points; `refuse` is thrown for the copy of a point of that id. */
function place(points: readonly RecoveryPoint[], refuse: Record<string, Error> = {}): Place {
  const all = new Map(points.map((p) => [p.id, p]));
  const store: Partial<PointStore> = {
    ensure: async () => {
      if (refuse.ensure) throw refuse.ensure;
    },
    records: async () => ({ points: [...all.values()], torn: [] }),
    putRecord: async (p) => void all.set(p.id, p),
    remove: async (gone) => {
      if (refuse.remove) throw refuse.remove;
      for (const { id } of gone) all.delete(id);
    },
    copyTo: async (other, p) => {
      const fault = refuse[p.id];
      if (fault) throw fault;
      await other.putRecord(p);
      return `copy of ${p.id}`;
    },
  };
  return { store: store as PointStore, points: all };
}
const KEEP = { last: 2, hourly: 0, daily: 0, weekly: 0, monthly: 0, verified: 0 };
function world(vault: Place, copies: Record<string, Place>): VaultWorld {
  const base = at.world();
  return {
    ...base,
    store: vault.store,
    copy: (name) => (copies[name] as Place).store,
    vault: () => ({ ...base.vault(), copies, policy: { ...base.vault().policy, keep: KEEP } }) as never,
  };
}
const ids = ({ points }: Place) => [...points.keys()].sort();

describe("after a point", () => {
  it("copies what a place lacks, notes where, and deletes what no rule keeps, in each place", async () => {
    const vault = place([point("p1"), point("p2"), point("p3")]);
    const offsite = place([point("p0")]);
    expect(await afterPoint(world(vault, { offsite }), at.job)).toEqual({ transferErrors: 0, removed: ["p1"] });
    expect([ids(vault), ids(offsite)]).toEqual([
      ["p2", "p3"],
      ["p2", "p3"],
    ]);
    expect(vault.points.get("p3")?.copies).toMatchObject([{ destination: "offsite", snapshot: "copy of p3" }]);
  });

  it("copies the others, and to other places, when a point or a place fails, and counts each", async () => {
    const away = new VaultError("STORE_UNREACHABLE", "away");
    const vault = place([point("p2"), point("p3")], { p2: away });
    const [offsite, lost] = [place([]), place([], { ensure: away })];
    const { transferErrors } = await afterPoint(world(vault, { lost, offsite }), at.job);
    expect(transferErrors).toBe(2);
    expect(ids(offsite)).toEqual(["p3"]);
    expect(at.events.filter((event) => event === "copy_failed")).toHaveLength(2);
  });

  it("copies no bad point, none of another stack, and none twice", async () => {
    const bad = { ...point("p1").verification, bad: { at: 1, code: "X", text: "x", level: "opens" } } as never;
    const there = [{ destination: "offsite", at: 1, snapshot: "s" }];
    const vault = place([
      point("p1", { verification: bad }),
      point("p2", { stack: "other" }),
      point("p3", { copies: there }),
    ]);
    const offsite = place([]);
    expect((await afterPoint(world(vault, { offsite }), at.job)).transferErrors).toBe(0);
    expect(ids(offsite)).toEqual([]);
  });

  it("says when nothing could be deleted, and keeps the point", async () => {
    const vault = place([point("p1"), point("p2"), point("p3")], { remove: new VaultError("STORE_LOCKED", "locked") });
    expect(await afterPoint(world(vault, {}), at.job)).toEqual({ transferErrors: 0, removed: [] });
    expect(at.events).toContain("retention_failed");
    expect(ids(vault)).toHaveLength(3);
  });

  it("begins no further copy once it is cancelled, and counts none as failed", async () => {
    const vault = place([point("p2"), point("p3")]);
    const offsite = place([]);
    at.abort.abort();
    expect((await afterPoint(world(vault, { offsite }), at.job)).transferErrors).toBe(0);
    expect(ids(offsite)).toEqual([]);
  });
});
