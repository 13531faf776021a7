import fc from "fast-check";
import { becomeReady } from "./become-ready";
import { RestoreWorld } from "./restore-world.fixture";
import { RunHistory } from "./run-history";

/** Noted once a second. */
function deadAfter(seconds: number, runs: (second: number) => boolean): boolean {
  const history = new RunHistory(30_000, 5);
  for (let second = 0; second < seconds; second++) {
    history.note(second * 1000, runs(second));
    if (history.isDead()) return true;
  }
  return false;
}

describe("RunHistory", () => {
  it.each([
    ["never runs", () => false],
    ["is started every five seconds and lives for one", (second: number) => second % 6 === 0],
    ["lives for a minute each time", (second: number) => second % 60 < 55],
  ])("sees that a process is dead that %s", (_, runs) => {
    expect(deadAfter(600, runs)).toBe(true);
  });

  it.each([
    ["runs", () => true],
    ["takes long until it is started", (second: number) => second > 14],
    ["starts itself anew once, for a while", (second: number) => second < 100 || second > 110],
  ])("bears with one that %s", (_, runs) => {
    expect(deadAfter(600, runs)).toBe(false);
  });

  it("never calls a process dead within its first window unless it has ended five times", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (seen) => {
        const ends = seen.filter((running, i) => i > 0 && seen[i - 1] && !running).length;
        fc.pre(ends < 5);
        return !deadAfter(seen.length, (second) => seen[second] as boolean);
      }),
    );
  });
});

describe("becomeReady", () => {
  let at: RestoreWorld;
  beforeEach(() => {
    at = new RestoreWorld();
  });
  afterEach(() => at.close());
  const wait = (startedAt: number, readyMs = 200) =>
    becomeReady(at.world(), at.node, startedAt, at.job, (name) => void at.steps.push(name), {
      readyMs,
      pollMs: 5,
      deadMs: 500,
    });

  it("does not take what the node said before it was started for an answer", async () => {
    expect(await wait(Date.now() / 1000 + 3600)).toBe("late");
  });

  it("asks for itself: a verdict may be older than it looks", async () => {
    at.head = undefined;
    expect(await wait(0)).toBe("late");
  });

  it("is ready with the fleet's word and the node's own", async () => {
    expect(await wait(0)).toBe("ready");
  });
});
