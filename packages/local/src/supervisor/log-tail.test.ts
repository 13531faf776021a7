import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { quoted, sizeOf, tailOf } from "./log-tail";

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "chainkeep-tail-"));
  file = path.join(directory, "x.log");
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test("the last lines of this start only", async () => {
  writeFileSync(file, "an earlier start\n");
  const from = await sizeOf(file);
  appendFileSync(file, `${Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n")}\n`);
  const lines = await tailOf(file, from);
  expect(lines).toHaveLength(20);
  expect(lines.at(-1)).toBe("line 29");
  writeFileSync(file, "rotated\n");
  expect(await tailOf(file, 10_000)).toEqual(["rotated"]);
});

test("a log of any size is read from its end, and a missing one is empty", async () => {
  expect(await tailOf(file)).toEqual([]);
  writeFileSync(file, `${"x".repeat(1_000_000)}\nlast\n`);
  expect((await tailOf(file)).at(-1)).toBe("last");
});

test("lines stand apart from the message", () => {
  expect(quoted(["a", "b"])).toBe("\n    | a\n    | b");
  expect(quoted([])).toBe("");
});
