import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { BackupJournal, isUnderWay, journalFile, readJournal } from "./journal";

let directory: string;
let file: string;
beforeEach(() => {
  directory = path.join(mkdtempSync(path.join(tmpdir(), "chainkeep-journal-")), "vault");
  file = journalFile(directory);
});
afterEach(() => rmSync(path.dirname(directory), { recursive: true, force: true }));

const begin = (attempt: string) => BackupJournal.begin(directory, { attempt, node: "rpc-0", start: [["start"]] });

describe("the journal of a backup", () => {
  it("is on disk as soon as it has begun, and gone when it has ended, also when a change comes late", async () => {
    const journal = await begin("a");
    expect(await readJournal(file)).toMatchObject({ attempt: "a", phase: "warm", agent: { pid: process.pid } });
    await journal.change({ phase: "stopping", deadline: 5 });
    expect(await readJournal(file)).toMatchObject({ phase: "stopping", deadline: 5 });
    await journal.end();
    journal.child(process.pid);
    await journal.change({ phase: "recording" });
    journal.leave();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("is no leftover from the moment on that it can be found", async () => {
    const work = begin("a");
    expect(isUnderWay("a")).toBe(true);
    const journal = await work;
    journal.leave();
    expect(isUnderWay("a")).toBe(false);
  });

  it("belongs to one attempt: of several at once, one gets it", async () => {
    const ends = await Promise.allSettled([begin("a"), begin("b"), begin("c")]);
    expect(ends.map((end) => (end.status === "fulfilled" ? "begun" : end.reason.code))).toEqual([
      "begun",
      "BACKUP_UNDER_WAY",
      "BACKUP_UNDER_WAY",
    ]);
    expect(await readJournal(file)).toMatchObject({ attempt: "a" });
    const [first] = ends;
    if (first?.status === "fulfilled") first.value.leave();
  });

  it.each([
    ["of another process", { schemaVersion: 1, attempt: "x", node: "n", children: [], start: [], agent: { pid: 1 } }],
    ["that tells nothing", "torn"],
  ])("does not take the place of one %s", async (_, there) => {
    mkdirSync(directory);
    writeFileSync(file, JSON.stringify(there));
    await expect(begin("a")).rejects.toMatchObject({ code: "BACKUP_UNDER_WAY" });
    expect(readFileSync(file, "utf8")).toBe(JSON.stringify(there));
    expect(readdirSync(directory)).toEqual(["journal.json"]);
    expect(isUnderWay("a")).toBe(false);
  });

  it("that cannot be written keeps nobody from beginning later", async () => {
    writeFileSync(directory, "a file where the directory should be");
    await expect(begin("a")).rejects.toMatchObject({ code: "JOURNAL_WRITE" });
    rmSync(directory);
    const journal = await begin("b");
    journal.leave();
    expect(existsSync(file)).toBe(true);
  });
});
