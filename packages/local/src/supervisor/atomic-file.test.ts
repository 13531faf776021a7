import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { isTemporary, writeFiles } from "./atomic-file";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "chainkeep-atomic-"));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const at = (name: string) => path.join(directory, name);
const allFiles = () => readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();

test("files get text and permissions, whatever the umask, and new directories are the owner's alone", async () => {
  const before = process.umask(0o077);
  try {
    expect(await writeFiles([{ path: at("a/b.txt"), content: "text", mode: 0o644 }])).toEqual([]);
  } finally {
    process.umask(before);
  }
  expect(readFileSync(at("a/b.txt"), "utf8")).toBe("text");
  expect(statSync(at("a/b.txt")).mode & 0o777).toBe(0o644);
  expect(statSync(at("a")).mode & 0o777).toBe(0o700);
});

test("when the disk is full, nothing has changed and nothing is left over", async () => {
  writeFileSync(at("one"), "old");
  const open = promises.open;
  let opened = 0;
  jest.spyOn(promises, "open").mockImplementation(async (...args: Parameters<typeof open>) => {
    const handle = await open(...args);
    opened += 1;
    if (opened === 2) {
      handle.writeFile = () => Promise.reject(Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" }));
    }
    return handle;
  });
  const files = ["one", "two"].map((name) => ({ path: at(name), content: "new", mode: 0o600 }));
  expect(await writeFiles(files)).toEqual([
    { path: at("two"), message: "no space is left on the device; free some space and run again", code: "DISK_FULL" },
  ]);
  expect(readFileSync(at("one"), "utf8")).toBe("old");
  expect(allFiles()).toEqual(["one"]);
});

test("every file that cannot be written is told of", async () => {
  writeFileSync(at("file"), "");
  mkdirSync(at("taken"));
  const files = ["file/x", "file/y"].map((name) => ({ path: at(name), content: "", mode: 0o600 }));
  const problems = await writeFiles(files);
  expect(problems.map((p) => [p.path, p.code])).toEqual([
    [at("file/x"), "PATH_TAKEN"],
    [at("file/y"), "PATH_TAKEN"],
  ]);
  expect(await writeFiles([{ path: at("taken"), content: "", mode: 0o600 }])).toMatchObject([{ code: "PATH_TAKEN" }]);
  expect(allFiles()).toEqual(["file", "taken"]);
});

test("what a killed writer leaves is recognised", async () => {
  let seen: string[] = [];
  const rename = promises.rename;
  jest.spyOn(promises, "rename").mockImplementation(async (from, to) => {
    seen = allFiles();
    await rename(from, to);
  });
  await writeFiles([{ path: at("app.toml"), content: "", mode: 0o600 }]);
  expect(seen).toHaveLength(1);
  expect(isTemporary(seen[0]!)).toBe(true);
  expect(isTemporary("app.toml")).toBe(false);
});
