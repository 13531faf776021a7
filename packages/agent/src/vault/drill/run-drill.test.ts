import { readdirSync, readFileSync, rmSync } from "node:fs";
import * as path from "node:path";
import { UNVERIFIED } from "@chainkeep/core";
import { closeAll } from "../../testing/fake-node.fixture";
import type { NodeAsker } from "../proof/chain-asker";
import { listEvidence } from "../proof/evidence";
import { type ProofWorld, proofWorld, QUICK } from "../proof/proof-world.fixture";
import { reportsDirectory, runDrill } from "./run-drill";

let at: ProofWorld;
beforeEach(async () => {
  at = await proofWorld();
});
afterEach(async () => {
  await (at.world.asker as NodeAsker).close();
  await closeAll();
  rmSync(at.root, { recursive: true, force: true });
});

const drill = (request: { point?: string; from?: string } = {}) =>
  runDrill(at.world, request, at.job, { times: QUICK });
const GOOD = { target: 200, everyMs: 5 };
const report = (ending: string) => {
  const directory = reportsDirectory(at.vault.directory);
  const [name] = readdirSync(directory).filter((file) => file.endsWith(ending));
  return readFileSync(path.join(directory, name ?? ""), "utf8");
};

describe("runDrill", () => {
  it("measures a restore, keeps a report for machines and people, and records that the objectives are met", async () => {
    const { id } = at.point({}, GOOD);
    const result = await drill();
    expect(result).toMatchObject({ met: true, reached: "objectives", point: id, from: "vault", rpoBlocks: 100 });
    expect(result.rtoSeconds).toBeGreaterThan(0);
    expect(result.rtoSeconds).toBeLessThan(10);
    expect(Math.round(result.rpoSeconds)).toBe(600);
    expect(JSON.parse(report(".json"))).toEqual(result);
    const text = report(".md");
    expect(text).toContain("**Passed.**");
    expect(text).toMatch(/progresses \| *█+ *\|/);
    expect(text).toMatch(/\| rpc-1 \| 100 \|/);
    expect(at.store.points.get(id)?.verification).toMatchObject({ level: "objectives", evidence: result.evidence });
    expect((await listEvidence(at.vault.directory))[0]?.id).toBe(result.evidence);
  });

  it("tells a good point from a good restore", async () => {
    at.vault = { ...at.vault, policy: { ...at.vault.policy, rpoSeconds: 60 } };
    const { id } = at.point({}, GOOD);
    expect(await drill()).toMatchObject({ met: false, reached: "progresses" });
    expect(report(".md")).toContain("**Objectives missed.**");
    expect(at.store.points.get(id)?.verification).toMatchObject({ level: "progresses", bad: null });
  });

  it("marks a bad point, and says in the report what the client said", async () => {
    const { id } = at.point({}, { ends: "offline" });
    expect(await drill()).toMatchObject({ met: false, reached: "intact", rtoSeconds: null });
    expect(report(".md")).toContain("**Failed.**");
    expect(report(".md")).toContain("panic: it cannot go on");
    expect(at.store.points.get(id)?.verification.bad?.level).toBe("opens");
  });

  it("holds a bad copy against the copy alone", async () => {
    const point = at.point({}, GOOD);
    at.copy.add(point, { height: 100, prefix: "bb" });
    expect(await drill({ from: "offsite" })).toMatchObject({ from: "offsite", reached: "opens" });
    expect(at.copy.points.get(point.id)?.verification.bad?.code).toBe("CHAIN_FORK");
    expect(at.store.points.get(point.id)?.verification).toEqual(UNVERIFIED);
  });

  it("takes the point that a restore would take, and says when there is none", async () => {
    await expect(drill()).rejects.toMatchObject({ code: "DRILL_NO_POINT" });
    await expect(drill({ point: "nobody" })).rejects.toMatchObject({ code: "POINT_UNKNOWN" });
    const now = Date.now() / 1000;
    at.point({ id: "new", createdAt: now - 10 }, GOOD);
    const proven = { ...UNVERIFIED, level: "chain", at: 1, evidence: "e" } as const;
    at.point({ id: "proven", createdAt: now - 20, verification: proven }, GOOD);
    expect((await drill()).point).toBe("proven");
  });
});
