import type { DrillReport, Evidence } from "@chainkeep/core";
import { reportMarkdown, timeline } from "./report-markdown";

const steps = [
  { name: "intact", at: 0, seconds: 50 },
  { name: "opens", at: 50, seconds: 10 },
  { name: "progresses", at: 60, seconds: 40 },
];
const report: DrillReport = {
  schemaVersion: 1,
  id: "drill-1",
  cluster: "devnet",
  point: "devnet-100-20261125T030000Z",
  from: "offsite",
  startedAt: 1_795_575_600,
  endedAt: 1_795_575_700,
  reached: "progresses",
  rtoSeconds: 100,
  rpoSeconds: 7200,
  rpoBlocks: 600,
  objectives: { rtoSeconds: 14_400, rpoSeconds: 3600 },
  met: false,
  bytes: 3 * 2 ** 30,
  steps,
  evidence: "e-1",
};
const evidence: Evidence = {
  schemaVersion: 1,
  id: "e-1",
  point: report.point,
  from: "offsite",
  wanted: "progresses",
  reached: "progresses",
  startedAt: 0,
  endedAt: 100,
  bytes: 1,
  steps,
  guest: null,
  witnesses: [],
  heights: { opened: 100, joined: 100, last: 110 },
  failure: null,
  inconclusive: null,
  output: {},
};

describe("the report of a drill", () => {
  it("says what was measured against what was promised", () => {
    const text = reportMarkdown(report, evidence);
    expect(text).toContain("| time to recover (RTO) | 2 min | 4 h | met |");
    expect(text).toContain("| data that would be lost (RPO) | 2 h, 600 blocks | 60 min | **missed** |");
    expect(text).toContain("| size | 3 GiB |");
    expect(text).toContain("- [x] `progresses`");
    expect(text).toContain("- [ ] `objectives`");
  });

  it("draws each step as long as it took, where it took place", () => {
    const [first, second, third] = timeline(steps, 100);
    expect(first).toBe(`intact     |${"█".repeat(20)}${" ".repeat(20)}| 50 s`);
    expect(second).toBe(`opens      |${" ".repeat(20)}${"█".repeat(4)}${" ".repeat(16)}| 10 s`);
    expect(third).toBe(`progresses |${" ".repeat(24)}${"█".repeat(16)}| 40 s`);
    expect(timeline([{ name: "x", at: 0, seconds: 0 }], 0)).toEqual([`x    |█${" ".repeat(39)}| 0 s`]);
  });

  it("lets nothing that a client or a node said change the page", () => {
    const failure = { level: "opens", code: "OPENS_ENDED", text: "a | b\n# <script>" } as const;
    const output = { client: ["```", "fine"] };
    const text = reportMarkdown({ ...report, reached: "intact", rtoSeconds: null }, { ...evidence, failure, output });
    expect(text).toContain("**Failed.** The point is bad at `opens`: a \\| b # &lt;script> (OPENS_ENDED).");
    expect(text).toContain("'''\nfine");
    expect(text).toContain("| — | 4 h | not measured |");
  });
});
