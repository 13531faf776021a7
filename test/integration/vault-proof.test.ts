import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { PointStore } from "../../packages/agent/src/vault/contracts";
import { runDrill } from "../../packages/agent/src/vault/drill/run-drill";
import { markedBy } from "../../packages/agent/src/vault/proof/guest-process";
import { type ProofOptions, provePoint } from "../../packages/agent/src/vault/proof/prove-point";
import { verifyPoint } from "../../packages/agent/src/vault/proof/verify-job";
import { openStore } from "../../packages/agent/src/vault/store/open-store";
import type { InventoryVault } from "../../packages/core/src/vault/inventory-types";
import type { Evidence } from "../../packages/core/src/vault/job";
import type { Level } from "../../packages/core/src/vault/levels";
import type { RecoveryPoint } from "../../packages/core/src/vault/point";
import { describeWith, findProgram } from "./find-program";
import { VaultCometWorld } from "./vault-comet-world";

const cometbft = findProgram("cometbft");
const restic = findProgram("restic");

/** Short enough for blocks of 0.3 seconds. */
const OPTIONS: ProofOptions = { times: { poll: 0.2, open: 40, settle: 4, testify: 10, stall: 8, join: 60, quiet: 30 } };

describeWith({ cometbft, restic })("points of a private CometBFT network", () => {
  let world: VaultCometWorld;
  let store: PointStore;
  let good: RecoveryPoint;

  beforeAll(async () => {
    world = await VaultCometWorld.of(cometbft ?? "", restic ?? "");
    store = await storeAt("repository");
    good = await world.take(store, world.chain, "mirror-0");
  }, 120_000);
  afterAll(() => world?.dispose(), 60_000);
  afterEach(() => {
    const guest = world.vault.lineages[0]?.guest?.directory ?? "";
    expect(markedBy(guest)).toEqual([]);
  });

  async function storeAt(name: string): Promise<PointStore> {
    const destination = { repository: path.join(world.root, name) };
    const vault = { ...world.vault, destination };
    const cacheDirectory = path.join(world.root, `${name}-cache`);
    const opened = openStore({ vault, destination, cacheDirectory, log: () => {} });
    await opened.ensure();
    return opened;
  }

  const prove = (
    point: RecoveryPoint,
    { of = store, level = "progresses" as Level, change = {} as Partial<InventoryVault> } = {},
  ) => provePoint(world.world(of, change), { point, level }, world.job(), OPTIONS);
  const failed = ({ reached, failure, output }: Evidence) => ({
    reached,
    level: failure?.level,
    // Only for whoever reads why a test failed.
    ...(failure ? {} : { output }),
  });

  it("a good one is proven up to progresses", async () => {
    const result = await verifyPoint(world.world(store), { point: good.id, level: "progresses" }, world.job(), OPTIONS);
    const { evidence } = result ?? {};
    expect([evidence?.failure, evidence?.inconclusive]).toEqual([null, null]);
    expect(result?.point.verification.level).toBe("progresses");
    expect(new Set(evidence?.witnesses.map((w) => w.who)).size).toBeGreaterThanOrEqual(2);
    expect(evidence?.heights.last).toBeGreaterThanOrEqual((evidence?.heights.opened ?? 0) + 3);
  }, 90_000);

  it("a drill with it keeps the objectives", async () => {
    const report = await runDrill(world.world(store), { point: good.id, from: "vault" }, world.job(), OPTIONS);
    expect(report).toMatchObject({ met: true, reached: "objectives" });
  }, 90_000);

  it("a bit that has changed in the repository is found by reading it, and by restoring it", async () => {
    cpSync(path.join(world.root, "repository"), path.join(world.root, "flipped"), { recursive: true });
    flipBit(path.join(world.root, "flipped"));
    const of = await storeAt("flipped");
    for (const level of ["intact", "progresses"] as const) {
      const evidence = await prove(good, { of, level });
      expect(failed(evidence)).toEqual({ reached: "exists", level: "intact" });
      expect(evidence.failure?.code).toBe("STORE_CORRUPT");
    }
  }, 90_000);

  it("a database file that is missing is found when the client opens it", async () => {
    const point = await world.take(store, world.chain, "mirror-0", (home) => {
      const database = path.join(home, "data", "blockstore.db");
      for (const file of readdirSync(database)) if (/\.ldb$/.test(file)) rmSync(path.join(database, file));
    });
    expect(failed(await prove(point))).toEqual({ reached: "intact", level: "opens" });
  }, 90_000);

  it("another chain of the same chain id is found by its blocks", async () => {
    const point = await world.take(store, world.stranger, "val-0");
    expect(point.chainId).toBe(good.chainId);
    expect(failed(await prove(point))).toEqual({ reached: "opens", level: "chain" });
  }, 90_000);

  it("a fork that the same validators have made is found by its blocks", async () => {
    const point = await world.take(store, world.fork, "mirror-0");
    const evidence = await prove(point);
    expect(failed(evidence)).toEqual({ reached: "opens", level: "chain" });
    expect(evidence.failure?.code).toBe("CHAIN_FORK");
  }, 90_000);

  it("a client that must refuse the blocks of all its peers does not progress", async () => {
    const [lineage] = world.vault.lineages;
    const [process] = lineage?.guest?.processes ?? [];
    if (!lineage?.guest || !process) throw new Error("no guest");
    const online = { ...process.online, files: world.templatesWithPeersOf(world.fork) };
    const guest = { ...lineage.guest, processes: [{ ...process, online }] };
    const evidence = await prove(good, { change: { lineages: [{ ...lineage, guest }] } });
    expect(failed(evidence)).toEqual({ reached: "chain", level: "progresses" });
  }, 90_000);
});

/** Changes one bit in the middle of the largest file that holds content. */
function flipBit(repository: string): void {
  const data = path.join(repository, "data");
  const packs = readdirSync(data, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(data, name))
    .filter((file) => statSync(file).isFile());
  const [largest = ""] = packs.sort((a, b) => statSync(b).size - statSync(a).size);
  const bytes = readFileSync(largest);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  chmodSync(largest, 0o600);
  writeFileSync(largest, bytes);
}
