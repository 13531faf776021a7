import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Evidence } from "@chainkeep/core";
import { evidenceDirectory, evidenceId, listEvidence, pruneEvidence, writeEvidence } from "./evidence";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "chainkeep-evidence-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const DAY = 86_400;
const NOW = Date.UTC(2026, 10, 25) / 1000;
const failure = { level: "opens", code: "OPENS_ENDED", text: "it ended" } as const;
const evidence = (point: string, endedAt: number, change: Partial<Evidence> = {}): Evidence => ({
  schemaVersion: 1,
  id: evidenceId(point, endedAt * 1000),
  point,
  from: "vault",
  wanted: "chain",
  reached: "chain",
  startedAt: endedAt - 10,
  endedAt,
  bytes: 1,
  steps: [],
  guest: null,
  witnesses: [],
  heights: { opened: null, joined: null, last: null },
  failure: null,
  inconclusive: null,
  output: {},
  ...change,
});

describe("evidence", () => {
  it("is found again, newest first, and torn files hide nothing", async () => {
    for (const at of [1, 3, 2]) await writeEvidence(directory, evidence(`p-${at}`, NOW + at));
    writeFileSync(path.join(evidenceDirectory(directory), "torn.json"), '{"id":"x"');
    expect((await listEvidence(directory)).map((e) => e.point)).toEqual(["p-3", "p-2", "p-1"]);
    expect(readdirSync(evidenceDirectory(directory)).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("is none where nothing was proven yet", async () => {
    expect(await listEvidence(directory)).toEqual([]);
    expect(await pruneEvidence(directory, [], NOW)).toEqual([]);
  });

  it("stays in its directory whatever a point is called", async () => {
    const id = evidenceId("../../etc/passwd", NOW * 1000);
    expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*-20261125T000000Z$/);
    expect(path.dirname(path.join("/a", `${id}.json`))).toBe("/a");
  });

  it("is kept as long as its point, and 30 days longer where it is against one", async () => {
    await writeEvidence(directory, evidence("kept", NOW - 400 * DAY));
    await writeEvidence(directory, evidence("gone", NOW - DAY));
    await writeEvidence(directory, evidence("gone-bad", NOW - 29 * DAY, { failure }));
    await writeEvidence(directory, evidence("gone-bad-long", NOW - 31 * DAY, { failure }));
    const deleted = await pruneEvidence(directory, [{ id: "kept" }], NOW * 1000);
    expect(deleted.map((id) => id.replace(/-\d{8}T.*$/, "")).sort()).toEqual(["gone", "gone-bad-long"]);
    expect((await listEvidence(directory)).map((e) => e.point)).toEqual(["gone-bad", "kept"]);
  });
});
