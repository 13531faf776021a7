import { elapsed, progressOn } from "./progress";

describe("progressOn", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const stream = (isTTY: boolean, columns = 100) => {
    const written: string[] = [];
    return { written, write: (text: string) => written.push(text), isTTY, columns };
  };

  it("writes a line at once and then one each 15 seconds where there is no terminal", () => {
    const out = stream(false);
    const task = progressOn(out).task("prometheus 3.7.0");
    task.say("building");
    jest.advanceTimersByTime(31_000);
    task.end("built");
    jest.advanceTimersByTime(60_000);
    expect(out.written).toEqual([
      "prometheus 3.7.0: building\n",
      "prometheus 3.7.0: building ... 0:15\n",
      "prometheus 3.7.0: building ... 0:30\n",
      "prometheus 3.7.0: built (0:31)\n",
    ]);
  });

  it("rewrites one line for all tasks on a terminal, no wider than it", () => {
    const out = stream(true, 60);
    const progress = progressOn(out);
    const [a, b] = [progress.task("pulumi"), progress.task("cometbft")];
    a?.say("building");
    b?.say("building from its Go module, which takes a while");
    jest.advanceTimersByTime(5_000);
    const last = out.written.at(-1) ?? "";
    expect(last).toContain("pulumi: building ... 0:05 | cometbft: ");
    expect(last.startsWith("\r")).toBe(true);
    expect(last.length).toBeLessThanOrEqual("\r\u001b[2K".length + 59);
    a?.end("built");
    expect(out.written.join("")).toContain("pulumi: built (0:05)\n");
    b?.end();
    expect(out.written.at(-1)).toBe("\r\u001b[2K");
  });

  it("tells minutes and seconds", () => {
    expect([0, 59_999, 60_000, 3_725_000].map(elapsed)).toEqual(["0:00", "0:59", "1:00", "62:05"]);
  });
});
