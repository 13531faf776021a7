import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import fc from "fast-check";
import { TarCounter } from "./tar-counter";

describe("a counter of tar archives", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), "chainkeep-tar-"));
    mkdirSync(path.join(directory, "a/b"), { recursive: true });
    writeFileSync(path.join(directory, "a/empty"), "");
    writeFileSync(path.join(directory, "a/b/one"), "x".repeat(513));
    // A name that does not fit into a header comes with an entry of its own before it.
    writeFileSync(path.join(directory, "a/b", "n".repeat(200)), "y".repeat(512));
    symlinkSync("one", path.join(directory, "a/b/link"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(["pax", "gnu"])("counts files and bytes, however it is cut (%s)", (format) => {
    const archive = execFileSync("tar", [`--format=${format}`, "-cf", "-", "-C", directory, "a"]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (length) => {
        const counter = new TarCounter();
        for (let at = 0; at < archive.length; at += length) counter.feed(archive.subarray(at, at + length));
        expect([counter.files, counter.bytes]).toEqual([3, 1025]);
      }),
    );
  });

  it("believes the size of a file that is larger than a header can tell", () => {
    const header = (type: string, size: string) => {
      const block = Buffer.alloc(512);
      block.write(size, 124);
      block.write(type, 156);
      return block;
    };
    const told = Buffer.alloc(512);
    told.write("20 size=10000000000\n");
    const counter = new TarCounter();
    counter.feed(Buffer.concat([header("x", "00000000024\0"), told, header("0", "00000000000\0")]));
    expect([counter.files, counter.bytes]).toEqual([1, 10_000_000_000]);
  });
});
