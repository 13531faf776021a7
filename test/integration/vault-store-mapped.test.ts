import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import * as path from "node:path";
import { describeWith, findProgram } from "./find-program";
import { restic, StoreWorld } from "./vault-store-world";

const python3 = findProgram("python3");

jest.setTimeout(60_000);

/** Writes to a page that it has mapped, once at the start and once at the end: no time of the file tells of the second. */
const MAPPED_WRITER = `
import mmap, sys
file = open(sys.argv[1], "r+b")
memory = mmap.mmap(file.fileno(), 0)
memory[0:5] = b"first"
print("written", flush=True)
sys.stdin.readline()
memory[0:5] = b"later"
memory.close()
`;

describeWith({ restic, python3 })("a copy of a database that writes through mapped memory", () => {
  let world: StoreWorld;
  let writer: ChildProcess | undefined;
  beforeAll(() => {
    world = new StoreWorld();
  });
  afterAll(() => {
    writer?.kill("SIGKILL");
    world.end();
  });

  it("has its last bytes, although the file's times are those of an earlier write", async () => {
    world.fill(1, 50_000);
    const file = world.data("000000.sst");
    const store = world.store();
    await store.ensure();
    writer = spawn(python3 ?? "", ["-c", MAPPED_WRITER, file], { stdio: ["pipe", "pipe", "inherit"] });
    await once(writer.stdout as NodeJS.ReadableStream, "data");
    const warm = await store.warm(world.request());
    const seen = statSync(file);
    const stopNode = async () => {
      writer?.stdin?.end("\n");
      await once(writer as ChildProcess, "exit");
      // Else there would be nothing to prove here.
      expect(statSync(file).mtimeMs).toBe(seen.mtimeMs);
    };
    const capture = await store.capture(world.request({ parent: warm.snapshot, onPrepared: stopNode }));
    const target = path.join(world.directory, "restored");
    await store.fetch({ point: world.point(capture.snapshot), process: "rpc-0", target });
    expect(world.contents(target)).toEqual(world.contents(world.home));
  });
});
