import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { durably } from "./durable-tree";

jest.mock("node:fs/promises", () => {
  const real = jest.requireActual<typeof import("node:fs/promises")>("node:fs/promises");
  return { ...real, open: jest.fn(real.open) };
});
const opens = jest.mocked(open);
const realOpen = opens.getMockImplementation() as typeof open;

let root: string;
/** What was brought to the disk, in order. */
let synced: string[];
/** Called before each; throws what the disk says. */
let onSync: (file: string) => void;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "chainkeep-durable-"));
  synced = [];
  onSync = () => {};
  opens.mockImplementation(async (file, ...rest) => {
    const handle = await realOpen(file, ...rest);
    const name = path.relative(root, String(file));
    const sync = async (): Promise<void> => {
      onSync(name);
      synced.push(name);
    };
    return Object.assign(Object.create(handle) as FileHandle, { sync, close: () => handle.close() });
  });
});
afterEach(() => {
  opens.mockImplementation(realOpen);
  rmSync(root, { recursive: true, force: true });
});

function write(name: string, text = "x"): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const diskSays = (code: string) => {
  throw Object.assign(new Error(`${code}: told by a disk`), { code });
};

describe("durably", () => {
  it("brings every file to the disk before it ends, then the directories, and follows no link", async () => {
    const result = await durably(root, async () => {
      for (const name of ["a.db/1", "a.db/2", "b.db/deep/3", "4"]) write(name);
      symlinkSync("/etc/hostname", path.join(root, "link"));
      return 7;
    });
    expect(result).toBe(7);
    expect(synced.slice(0, 4).sort()).toEqual(["4", "a.db/1", "a.db/2", "b.db/deep/3"]);
    expect(synced.slice(4).sort()).toEqual(["", "a.db", "b.db", "b.db/deep"]);
  });

  it("begins while it is still written, and leaves alone what has not changed since", async () => {
    await durably(root, async () => {
      write("first");
      await until(() => synced.includes("first"));
      write("second");
      await until(() => synced.includes("second"));
      expect(synced).toEqual(["first", "second"]);
    });
    expect(synced.slice(2).sort()).toEqual(["", "first", "second"]);
  });

  it("fails when the disk did not take something, also when that was told while it was still written", async () => {
    let told = false;
    onSync = (file) => {
      if (file !== "first" || told) return;
      told = true;
      diskSays("EIO");
    };
    const writing = durably(root, async () => {
      write("first");
      await until(() => told);
    });
    await expect(writing).rejects.toMatchObject({ code: "TARGET_WRITE", message: expect.stringContaining("(EIO)") });
    onSync = () => diskSays("ENOSPC");
    await expect(durably(root, async () => write("later"))).rejects.toMatchObject({ code: "TARGET_FULL" });
  });

  it("ends with the error of who writes, and brings nothing to the disk any more", async () => {
    const writing = durably(root, async () => {
      write("half");
      throw new Error("no more");
    });
    await expect(writing).rejects.toThrow("no more");
    expect(synced).toEqual([]);
  });
});
