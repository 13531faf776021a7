import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Phase } from "../../packages/agent/src/vault/backup/journal";
import type { RecoveryPoint } from "../../packages/core/src/index";
import { describeWith } from "./find-program";
import { BackupStack, BundledBackup } from "./vault-backup-world";
import { restic } from "./vault-store-world";

jest.setTimeout(120_000);

const onLinux = process.platform === "linux" ? {} : { Linux: undefined };
const isRoot = process.getuid?.() === 0;
const KILL = "kill -9 $PPID";
/** The node runs, and nothing is there but whole points. */
const clean = (points: number) => ({ points, orphans: [], locks: [], journal: undefined, readers: [], nodeRuns: true });
/** What the node writes at its end: a copy of it takes a while. */
const LAST_WORDS = "8000000";

let bundle: BundledBackup;
beforeAll(() => {
  bundle = new BundledBackup();
});
afterAll(() => bundle.end());

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what}: not within 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describeWith({ restic, ...onLinux })("a backup whose agent is killed", () => {
  let stack: BackupStack;
  let good: RecoveryPoint;
  beforeAll(async () => {
    stack = new BackupStack(bundle);
    good = await stack.take();
    stack.behave("last-words", LAST_WORDS);
  });
  afterAll(() => stack.end());

  /** What a next agent finds and puts right. */
  async function expectRecovery(attempt: string | undefined, points: number): Promise<void> {
    expect(await stack.run("recover")).toMatchObject({ code: null, result: { attempt } });
    expect(await stack.state()).toEqual(clean(points));
  }

  // One after the other on the same repository: each shows as well that the one before has left nothing that is in the way.
  it.each<[string, string, Phase, number]>([
    ["while the running node is copied", "first bytes: copy rpc-0 while", "warm", 1],
    ["in the middle of the copy", "first bytes: copy what changed", "copying", 1],
    ["right before the node is started", "control start", "starting", 1],
    ["before the record is written", "write the record", "recording", 1],
    ["after the record was written", "forget", "recording", 2],
  ])("%s: the node runs without any other agent, and the next one clears up", async (_, moment, phase, points) => {
    expect((await stack.run("take", { [moment]: KILL })).killed).toBe(true);
    const { journal } = stack;
    expect(journal?.phase).toBe(phase);
    await until("the node runs", () => stack.nodeRuns);
    await expectRecovery(journal?.attempt, points);
  });

  it("in the middle of a stop, whose command goes on: the node runs although it was stopped after it was started", async () => {
    stack.behave("stubborn", "");
    const { starts } = stack;
    const end = await stack.run("take", { "stop rpc-0": `(sleep 0.4; ${KILL}) >/dev/null 2>&1 &` });
    expect(end.killed).toBe(true);
    await until("the node was started again", () => stack.starts > starts && stack.nodeRuns);
    stack.behave("stubborn", undefined);
    await expectRecovery(stack.journal?.attempt, 2);
  });

  it("with the whole machine: the next start brings everything back, and the next backup goes through", async () => {
    expect((await stack.run("take", { "copy what changed": KILL })).killed).toBe(true);
    stack.killTheRest();
    stack.control("start");
    await expectRecovery(stack.journal?.attempt, 2);
    const next = await stack.take();
    const [a, b] = await stack.counts(next);
    expect([next.consistency, a]).toEqual(["clean-stop", b]);
    expect(await stack.state()).toEqual(clean(3));
    // Whatever happened meanwhile.
    expect((await stack.store().records("devnet")).points).toContainEqual(good);
    await stack.store().readAll(good);
  });
});

describeWith({ restic, ...onLinux })("a backup", () => {
  let stack: BackupStack;
  beforeAll(() => {
    stack = new BackupStack(bundle);
  });
  afterAll(() => stack.end());

  it("of a node that ignores its stop signal is a point only where the policy wants one, and the node runs either way", async () => {
    stack.behave("stubborn", "");
    expect(await stack.run("take")).toMatchObject({ code: "NODE_KILLED" });
    expect(await stack.state()).toEqual(clean(0));
    stack.onStopTimeout = "crash-consistent";
    expect((await stack.take()).consistency).toBe("crash-consistent");
    expect(stack.nodeRuns).toBe(true);
  });

  it("goes through although a dead process has locked the repository", async () => {
    stack.behave("stubborn", undefined);
    await stack.store().ensure();
    const holder = await stack.lockHolder();
    const gone = once(holder, "exit");
    holder.kill("SIGKILL");
    await gone;
    await stack.take();
    expect(await stack.state()).toMatchObject({ locks: [], orphans: [], nodeRuns: true });
  });
});

describeWith({ restic, ...onLinux, ...(isRoot ? {} : { "root (to mount a small disk)": undefined }) })(
  "a backup on a disk that gets full",
  () => {
    let disk: string;
    let fill: string;
    let stack: BackupStack | undefined;
    beforeAll(() => {
      disk = mkdtempSync(path.join(tmpdir(), "chainkeep-backup-disk-"));
      fill = `dd if=/dev/zero of=${disk}/full bs=4096 2>/dev/null; true`;
    });
    afterEach(() => {
      stack?.end();
      stack = undefined;
      execFileSync("umount", [disk]);
    });
    afterAll(() => rmSync(disk, { recursive: true, force: true }));
    const mount = (size: string) => execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk]);

    it("the repository's, while the node stands still: the node runs, and earlier points are whole", async () => {
      mount("40m");
      const at = new BackupStack(bundle, { disk });
      stack = at;
      const good = await at.take();
      at.behave("last-words", "5000000");
      const { starts } = at;
      expect(await at.run("take", { "copy what changed": fill })).toMatchObject({ code: "STORE_FULL" });
      expect([at.nodeRuns, at.starts]).toEqual([true, starts + 1]);
      rmSync(path.join(disk, "full"));
      await at.run("recover");
      expect(await at.state()).toEqual(clean(1));
      await at.store().readAll(good);
    });

    it("the journal's: the node is not touched", async () => {
      mount("256k");
      const at = new BackupStack(bundle, { journal: disk });
      stack = at;
      const { starts } = at;
      const full = await at.run("take", { "copy rpc-0 while": fill });
      expect(full).toMatchObject({ code: "JOURNAL_WRITE", message: expect.stringContaining(disk) });
      expect([at.nodeRuns, at.starts]).toEqual([true, starts]);
      // From the start on.
      expect(await at.run("take")).toMatchObject({ code: "JOURNAL_WRITE" });
      rmSync(path.join(disk, "full"));
      expect(await at.state()).toEqual(clean(0));
    });
  },
);
