import type { RestorePlan } from "@chainkeep/core";
import { pointStatus } from "../agent/fake-agent.fixture";
import { progressText } from "../agent/follow-job";
import { pointsText } from "../render/points";
import { planText } from "./restore";

describe("what a person reads of a vault", () => {
  it("a restore's plan: which point, how far it was proven, what happens, what to mind", () => {
    const plan: RestorePlan = {
      node: "rpc-0",
      point: pointStatus("p1", { verified: "chain" }),
      problems: [],
      warnings: ["rpc-0 runs a later version"],
      steps: ["write 1.0 GiB beside the data", "stop rpc-0"],
      sizeBytes: 2 ** 30,
      freeBytes: 2 ** 40,
      estimatedSeconds: 90,
      behindBlocks: 12,
      behindSeconds: 600,
    };
    expect(planText(plan).split("\n")).toEqual([
      "Restore of rpc-0 from p1 (height 90, 10 min old, 12 blocks to fetch again, proven to chain); about 90 s:",
      "  1. write 1.0 GiB beside the data",
      "  2. stop rpc-0",
      "  Mind: rpc-0 runs a later version",
    ]);
  });

  it("points: the newest first, what is bad, what was killed, what is locked and copied", () => {
    const points = [
      pointStatus("old", { createdAt: 900, bad: "chain: is on a fork" }),
      pointStatus("new", { createdAt: 1000, consistency: "crash-consistent", lockedUntil: 1120, copies: ["offsite"] }),
    ];
    const [, first, second] = pointsText(points, 1060).split("\n");
    expect(first).toMatch(/^new .* 60 s .*not yet \(node was killed\) +for 60 s +offsite$/);
    expect(second).toMatch(/^old .*BAD chain: is on a fork +- +-$/);
  });

  it("progress: bytes, rate and time that is left, as far as they are known", () => {
    const all = { doneBytes: 2 ** 20, totalBytes: 2 ** 22, bytesPerSecond: 2 ** 19, secondsLeft: 6 };
    expect(progressText(all)).toBe("1.0 MiB of 4.0 MiB, 512 KiB/s, 6 s left");
    expect(progressText({ doneBytes: 512, totalBytes: null, bytesPerSecond: null, secondsLeft: null })).toBe("512 B");
  });
});
