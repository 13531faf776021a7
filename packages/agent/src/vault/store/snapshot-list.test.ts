import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Restic } from "./restic";
import { SnapshotList } from "./snapshot-list";

/** A repository's directory, and a program in restic's place that lists it and counts how often it is asked. */
const base = mkdtempSync(path.join(tmpdir(), "chainkeep-list-"));
const repository = path.join(base, "repository");
const folder = path.join(repository, "snapshots");
const calls = path.join(base, "calls");
const program = path.join(base, "restic");
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(base, "password"), "x");
const script = `#!${process.execPath}
const { appendFileSync, readdirSync, readFileSync, rmSync } = require("node:fs");
appendFileSync(${JSON.stringify(calls)}, process.argv[2] + "\\n");
const folder = ${JSON.stringify(folder)};
if (process.argv[2] === "forget") for (const id of process.argv.slice(3)) rmSync(folder + "/" + id);
const list = [];
for (const id of readdirSync(folder)) {
  const text = readFileSync(folder + "/" + id, "utf8");
  if (text === "torn") console.error('Ignoring "' + id + '": invalid data returned');
  else list.push({ id, time: "2026-01-01T00:00:0" + text.length + "Z", tree: id, hostname: "h", tags: text.split(",") });
}
console.log(JSON.stringify(list));
`;
writeFileSync(program, script);
chmodSync(program, 0o755);
afterAll(() => rmSync(base, { recursive: true }));

const restic = new Restic({
  program,
  destination: { repository } as never,
  passwordFile: path.join(base, "password"),
  cache: path.join(base, "cache"),
  temporary: path.join(base, "temporary"),
  lockPatienceSeconds: 1,
  log: () => undefined,
});
const asked = (): number =>
  readFileSync(calls, "utf8")
    .split("\n")
    .filter((word) => word === "snapshots").length;
const put = (id: string, text: string) => writeFileSync(path.join(folder, id), text);

it("asks restic only when there is a file that it has not been asked for, or that has changed", async () => {
  const list = new SnapshotList(restic);
  // An empty directory says nothing of the password.
  expect(await list.with()).toEqual([]);
  put("aa", "chainkeep,data");
  put("bb", "chainkeep,record");
  const ids = async (...tags: string[]) => (await list.with(...tags)).map(({ id }) => id);
  expect(await ids()).toEqual(["aa", "bb"]);
  expect(await ids("record")).toEqual(["bb"]);
  expect(asked()).toBe(2);

  put("cc", "chainkeep,data,x");
  expect(await ids("data")).toEqual(["aa", "cc"]);
  await list.forget(["aa"]);
  expect(await ids("data")).toEqual(["cc"]);
  expect(asked()).toBe(3);

  put("cc", "torn");
  expect(await list.list("data")).toEqual({
    snapshots: [],
    damaged: [{ id: "cc", text: "invalid data returned" }],
  });
  expect((await list.list()).damaged).toHaveLength(1);
  expect(asked()).toBe(4);

  list.distrust();
  await list.list();
  expect(asked()).toBe(5);
});
