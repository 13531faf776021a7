import type { RecoveryPoint } from "@chainkeep/core";
import { ServiceWorld, START, servicePoint } from "../vault/service/service-world.fixture";
import type { VaultService } from "../vault/service/vault-service";
import { SeriesRegistry } from "./registry";
import type { MetricsSource } from "./source";
import { vaultSeries } from "./vault-series";

let world: ServiceWorld;
beforeEach(() => {
  world = new ServiceWorld();
});
afterEach(() => world.close());

/** What a scraper finds of the vault, by name without what they share. */
async function scrape(service: VaultService | undefined): Promise<Record<string, number>> {
  const registry = new SeriesRegistry();
  vaultSeries(registry, { inventory: () => world.inventory(), vault: () => service } as unknown as MetricsSource);
  const lines = (await registry.text()).split("\n").filter((line) => /^chain_(backup|mirror)_/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = "", labels = "", value = ""] = /^chain_(\w+)\{(.*)\} (.*)$/.exec(line) ?? [];
      const wanted = name.startsWith("mirror")
        ? 'network="main",node="mirror-0",client="fake",role="mirror",stack="test"'
        : 'network="main",stack="test",vault="vault"';
      expect(labels).toBe(wanted);
      return [name, Number(value)];
    }),
  );
}

const bad = { level: "opens", code: "X", text: "x", at: START } as const;
const proven = (at: number): RecoveryPoint["verification"] => ({ level: "chain", at, evidence: "e", bad: null });

describe("series of the vault", () => {
  it("say only what is known of a vault that is new", async () => {
    world.policy = { schedule: "0 3 * * *" };
    expect(await scrape(await world.start())).toEqual({
      backup_points: 0,
      backup_bad_points: 0,
      backup_store_bytes: 5000,
      backup_job_running: 0,
      backup_interval_seconds: 86_400,
      backup_transfer_errors_total: 0,
      mirror_promoted: 0,
    });
  });

  it("are about the newest point that is good", async () => {
    world.points = [
      servicePoint("p3", { createdAt: START + 30, height: 130, verification: { ...proven(START + 31), bad } }),
      servicePoint("p2", { createdAt: START + 20, height: 120, sizeBytes: 2000, lockedUntil: START + 99 }),
      servicePoint("p1", { createdAt: START + 10, height: 110, verification: proven(START + 11) }),
    ];
    expect(await scrape(await world.start())).toMatchObject({
      backup_last_success_timestamp_seconds: START + 20,
      backup_last_verified_timestamp_seconds: START + 11,
      backup_height: 120,
      backup_size_bytes: 2000,
      backup_locked_until_timestamp_seconds: START + 99,
      backup_points: 3,
      backup_bad_points: 1,
    });
  });

  it("do not count a proof that nothing was opened for", async () => {
    world.points = [servicePoint("p1", { verification: { ...proven(START), level: "intact" } })];
    expect(await scrape(await world.start())).not.toHaveProperty("backup_last_verified_timestamp_seconds");
  });

  it("are those of the lineage that is furthest behind", async () => {
    world.lineages = [...world.lineages, { id: "toy-archive", nodes: ["rpc-0"], sources: ["rpc-0"] }];
    const full = servicePoint("f", { createdAt: START + 50, height: 150, verification: proven(START + 55) });
    const archive = servicePoint("a", { lineage: "toy-archive", createdAt: START + 5, height: 105, sizeBytes: 9000 });
    world.points = [full, archive];
    const service = await world.start();
    expect(await scrape(service)).toMatchObject({
      backup_last_success_timestamp_seconds: START + 5,
      backup_height: 105,
      backup_size_bytes: 10_000,
    });
    expect(await scrape(service)).not.toHaveProperty("backup_last_verified_timestamp_seconds");
    // One without any point is not made up for by the other.
    world.points = [full];
    await service.points();
    expect(await scrape(service)).not.toHaveProperty("backup_last_success_timestamp_seconds");
  });

  it("tell what came of the last backup, proof, drill, restore and look over the store", async () => {
    const service = await world.start();
    const run = async (request: Parameters<VaultService["submit"]>[0]) => {
      const job = service.submit(request);
      if ("id" in job) await service.queue.whenEnded(job.id);
    };
    await run({ kind: "backup" });
    await run({ kind: "verify" });
    await run({ kind: "drill" });
    await run({ kind: "check" });
    const good = {
      backup_last_attempt_status: 1,
      backup_last_verification_status: 1,
      backup_last_drill_status: 1,
      backup_last_check_status: 1,
      backup_last_restore_seconds: 33,
      backup_downtime_seconds: 2,
      backup_transfer_errors_total: 1,
    };
    expect(await scrape(service)).toMatchObject(good);
    // Told once in each scrape, not added up.
    expect(await scrape(service)).toMatchObject(good);
  });

  it("are none while there is no service", async () => {
    expect(await scrape(undefined)).toEqual({});
  });
});
