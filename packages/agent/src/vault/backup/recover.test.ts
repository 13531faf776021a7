import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { identify } from "../proof/process-identity";
import { BackupWorld } from "../testing/backup-world.fixture";
import { VaultError } from "../vault-error";
import { type Journal, journalFile } from "./journal";
import { recover } from "./recover";

let at: BackupWorld;
let file: string;
beforeEach(() => {
  at = new BackupWorld();
  file = journalFile(at.directory);
  mkdirSync(at.directory);
  at.running = false;
});
afterEach(() => at.close());

const gone = { pid: 999_999_999, startTime: "long ago" };
function write(change: Partial<Journal> = {}): void {
  const journal: Journal = {
    schemaVersion: 1,
    attempt: "dead",
    node: "mirror-0",
    phase: "copying",
    agent: gone,
    children: [],
    start: [],
    deadline: null,
    ...change,
  };
  writeFileSync(file, JSON.stringify(journal));
}

describe("recover", () => {
  it("starts what a dead agent had stopped, whatever the store says, and then removes its half copy", async () => {
    write();
    at.fail("ensure", new Error("store away"));
    await expect(recover(at.world())).rejects.toThrow("store away");
    expect(at.running).toBe(true);
    expect(await recover(at.world())).toMatchObject({ attempt: "dead", started: ["mirror-0"] });
    expect(at.forgotten).toEqual(["dead"]);
    expect(await recover(at.world())).toMatchObject({ attempt: null, started: [] });
  });

  it("starts every node that a torn journal may mean", async () => {
    writeFileSync(file, "{ torn");
    expect(await recover(at.world())).toMatchObject({ started: ["mirror-0"] });
    expect(at.running).toBe(true);
  });

  it("starts the other nodes, too, when one cannot be started, and tells the fault then", async () => {
    writeFileSync(file, "{ torn");
    const world = at.world();
    const other = {
      ...at.node,
      name: "mirror-1",
      processes: at.node.processes.map((p) => ({ ...p, name: "mirror-1" })),
    };
    const nodes = [at.node, other];
    const [lineage] = world.vault().lineages;
    const lineages = [{ ...lineage, id: "toy-full", nodes: [], sources: ["mirror-0", "mirror-1"] }];
    const started: string[] = [];
    const two = {
      ...world,
      inventory: () => ({ ...world.inventory(), nodes }),
      vault: () => ({ ...world.vault(), lineages }),
      runtime: {
        ...world.runtime,
        start: async ({ name }: { name: string }) => {
          if (name === "mirror-0") throw new VaultError("PROCESS_GONE", "no such process");
          started.push(name);
        },
      },
    };
    await expect(recover(two, 1)).rejects.toMatchObject({ code: "PROCESS_GONE" });
    expect(started).toEqual(["mirror-1"]);
    expect(existsSync(file)).toBe(true);
  });

  it("leaves the backup of an agent that lives alone", async () => {
    const agent = spawn("sleep", ["60"], { stdio: "ignore" });
    try {
      write({ agent: identify(agent.pid ?? 0) ?? gone });
      const before = readFileSync(file, "utf8");
      await expect(recover(at.world())).rejects.toMatchObject({ code: "BACKUP_UNDER_WAY" });
      expect([at.calls, readFileSync(file, "utf8")]).toEqual([[], before]);
    } finally {
      agent.kill("SIGKILL");
    }
  });
});
