import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Level, Verification } from "@chainkeep/core";
import { UNVERIFIED } from "@chainkeep/core";
import { closeAll } from "../../testing/fake-node.fixture";
import { VaultError } from "../vault-error";
import type { NodeAsker } from "./chain-asker";
import { evidenceDirectory, listEvidence } from "./evidence";
import { verificationAfter } from "./mark-point";
import { type ProofWorld, proofWorld, QUICK } from "./proof-world.fixture";
import { nextToProve, verifyPoint } from "./verify-job";

let at: ProofWorld;
beforeEach(async () => {
  at = await proofWorld();
});
afterEach(async () => {
  await (at.world.asker as NodeAsker).close();
  await closeAll();
  rmSync(at.root, { recursive: true, force: true });
});

const verify = (request: { point?: string; level?: Level } = {}) =>
  verifyPoint(at.world, request, at.job, { times: QUICK });
const verified = (level: Level | null): Verification => ({
  ...UNVERIFIED,
  level,
  at: level && 1,
  evidence: level && "e",
});
const bad = { level: "chain", code: "CHAIN_FORK", text: "", at: 1 } as const;

describe("verifyPoint", () => {
  it("writes into the record how far a point holds, and keeps the evidence under the name that the record has", async () => {
    const point = at.point({ copies: [{ destination: "offsite", at: 1, snapshot: "s" }] });
    at.copy.add({ ...point, storage: { ...point.storage, snapshot: "there" } });
    const result = await verify({ level: "chain" });
    expect(result?.point.verification).toMatchObject({ level: "chain", bad: null, evidence: result?.evidence.id });
    expect(at.store.points.get(point.id)).toEqual(result?.point);
    expect(existsSync(path.join(evidenceDirectory(at.vault.directory), `${result?.evidence.id}.json`))).toBe(true);
    // The copy's record keeps what only it knows.
    expect(at.copy.points.get(point.id)).toMatchObject({
      storage: { snapshot: "there" },
      verification: { level: "chain" },
    });
    expect(at.events).toContain("info point_verified");
  });

  it("marks a point that fails as bad, whatever was proven before", async () => {
    const { id } = at.point({ verification: verified("opens") }, { prefix: "bb" });
    const result = await verify();
    expect(at.store.points.get(id)?.verification).toMatchObject({
      level: "opens",
      bad: { level: "chain", code: "CHAIN_FORK" },
      evidence: result?.evidence.id,
    });
    expect(await verify()).toBeNull();
    expect((await listEvidence(at.vault.directory)).map((e) => e.failure?.code)).toEqual(["CHAIN_FORK"]);
  });

  it("does not hold a fault of ours against the point, nor takes away what was proven", async () => {
    const { id } = at.point({ verification: verified("opens") });
    at.store.fault = new VaultError("STORE_LOCKED", "locked");
    const result = await verify();
    expect(result?.evidence.inconclusive?.code).toBe("STORE_LOCKED");
    expect(at.store.points.get(id)?.verification).toEqual(verified("opens"));
    expect(at.events).toContain("warn point_verified");
  });

  it("keeps the evidence of earlier proofs of a point, and drops that of points that are gone", async () => {
    const directory = evidenceDirectory(at.vault.directory);
    mkdirSync(directory, { recursive: true });
    const old = { id: "old", point: "gone", endedAt: 1, failure: null };
    writeFileSync(path.join(directory, "old.json"), JSON.stringify(old));
    const { id } = at.point();
    await verify({ level: "exists" });
    expect((await listEvidence(at.vault.directory)).map((e) => e.point)).toEqual([id]);
  });

  it("does not fail because a copy cannot be reached", async () => {
    at.point({ copies: [{ destination: "offsite", at: 1, snapshot: "s" }] });
    at.world.copy("offsite");
    const world = {
      ...at.world,
      copy: () => {
        throw new VaultError("STORE_UNREACHABLE", "no route");
      },
    };
    const result = await verifyPoint(world, { level: "exists" }, at.job, { times: QUICK });
    expect(result?.point.verification.level).toBe("exists");
    expect(at.events).toContain("warn copy_not_marked");
  });

  it("says so when the point is not there", async () => {
    await expect(verify({ point: "nobody" })).rejects.toMatchObject({ code: "POINT_UNKNOWN" });
    expect(await verify()).toBeNull();
  });
});

describe("nextToProve", () => {
  const point = (id: string, createdAt: number, verification: Verification) => ({
    ...at.point({ id, createdAt, verification }),
  });

  it("takes the newest that is neither proven so far nor bad", () => {
    const points = [
      point("old", 1, UNVERIFIED),
      point("newer", 2, verified("intact")),
      point("proven", 3, verified("progresses")),
      point("bad", 4, { ...UNVERIFIED, bad }),
    ];
    expect(nextToProve(points, "chain")?.id).toBe("newer");
    expect(nextToProve(points, "intact")?.id).toBe("old");
  });
});

describe("verificationAfter", () => {
  const evidence = { id: "new", endedAt: 9, reached: "opens", failure: null } as never;

  it("raises a level and never lowers one without a failure", () => {
    expect(verificationAfter(verified("intact"), evidence)).toMatchObject({ level: "opens", at: 9, evidence: "new" });
    expect(verificationAfter(verified("chain"), evidence)).toEqual(verified("chain"));
    expect(verificationAfter(UNVERIFIED, { ...(evidence as object), reached: null } as never)).toEqual(UNVERIFIED);
  });

  it("keeps what was found against a point first", () => {
    const failed = { ...(evidence as object), failure: { level: "intact", code: "STORE_CORRUPT", text: "" } } as never;
    expect(verificationAfter({ ...UNVERIFIED, bad }, failed).bad).toEqual(bad);
    expect(verificationAfter({ ...UNVERIFIED, bad }, evidence).bad).toEqual(bad);
  });
});
