import type { VaultProgress } from "@chainkeep/core";
import { ProgressMeter } from "./progress-meter";

describe("a progress meter", () => {
  it("tells rate and time left, of the last seconds and not of the whole", () => {
    const told: VaultProgress[] = [];
    let at = 0;
    const meter = new ProgressMeter(
      (progress) => told.push(progress),
      () => at,
    );
    meter.update(0, 10_000);
    at = 60_000;
    meter.update(100, 10_000);
    for (at = 61_000; at <= 90_000; at += 1000) meter.update(100 + (at - 60_000) / 10, 10_000);
    expect(told.at(-1)).toEqual({ doneBytes: 3100, totalBytes: 10_000, bytesPerSecond: 100, secondsLeft: 69 });
  });

  it("says nothing that it does not know", () => {
    const told: VaultProgress[] = [];
    const meter = new ProgressMeter(
      (progress) => told.push(progress),
      () => 5,
    );
    meter.update(3, null);
    expect(told).toEqual([{ doneBytes: 3, totalBytes: null, bytesPerSecond: null, secondsLeft: null }]);
  });

  it("is not told more than about twice a second, but always the end", () => {
    const told: number[] = [];
    let at = 0;
    const meter = new ProgressMeter(
      (progress) => told.push(progress.doneBytes),
      () => at,
    );
    for (at = 0; at < 1000; at += 10) meter.update(at, 5000);
    meter.update(5000, 5000);
    meter.update(5000, 5000);
    expect(told).toEqual([0, 450, 900, 5000]);
  });
});
