import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { freshDirectory, oldDirectory } from "./own-names";
import { KEPT, NEW_DATA, OLD_DATA, readTree, type Tree, writeTree } from "./restore-world.fixture";
import { carryOut, type HomeSwap, progressOf, swapOf, takeBack } from "./swap";

jest.mock("node:fs/promises", () => {
  const real = jest.requireActual<typeof import("node:fs/promises")>("node:fs/promises");
  return { ...real, rename: jest.fn(real.rename) };
});
const renames = jest.mocked(rename);
const realRename = renames.getMockImplementation() as typeof rename;

const ID = "0a";
const PLACES = {
  dataPaths: ["data/*.db/**", "data/cs.wal/**"],
  keyPaths: ["config/node_key.json", "data/priv_validator_state.json"],
  stays: [],
};
const NEW = { ...KEPT, ...NEW_DATA };
const OLD = { ...KEPT, ...OLD_DATA };

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "chainkeep-swap-"));
});
afterEach(() => {
  renames.mockImplementation(realRename);
  rmSync(root, { recursive: true, force: true });
});

const homeOf = (name: string) => path.join(root, name);
async function prepared(name = "node", old: Tree = OLD_DATA): Promise<HomeSwap> {
  const home = homeOf(name);
  writeTree(home, { ...KEPT, ...old });
  writeTree(freshDirectory(home, ID), NEW_DATA);
  return swapOf(home, ID, freshDirectory(home, ID), PLACES);
}

/** The process dies before the n-th rename. */
function dieAt(n: number): void {
  let done = 0;
  renames.mockImplementation(async (from, to) => {
    if (done++ === n) throw new Error("died");
    return realRename(from, to);
  });
}

async function dies(action: Promise<unknown>): Promise<boolean> {
  const died = await action.then(
    () => false,
    (error: Error) => error.message === "died" || Promise.reject(error),
  );
  renames.mockImplementation(realRename);
  return died;
}

describe("a swap", () => {
  it("puts new data in the place of the old, keeps the old, and leaves keys, state and configuration alone", async () => {
    const swap = await prepared();
    await carryOut([swap]);
    expect(readTree(swap.home)).toEqual(NEW);
    expect(readTree(oldDirectory(swap.home, ID))).toEqual(OLD_DATA);
  });

  it("brings data to a node that has lost all of it, with the rights of its directories", async () => {
    const home = homeOf("lost");
    mkdirSync(path.join(freshDirectory(home, ID), "data"), { recursive: true, mode: 0o750 });
    writeTree(freshDirectory(home, ID), NEW_DATA);
    const swap = await swapOf(home, ID, freshDirectory(home, ID), PLACES);
    await carryOut([swap]);
    expect(readTree(home)).toEqual(NEW_DATA);
    expect(statSync(path.join(home, "data")).mode & 0o777).toBe(0o750);
    expect(existsSync(oldDirectory(home, ID))).toBe(false);
  });

  it("goes back to the old data, and leaves nothing of it aside", async () => {
    const swap = await prepared();
    await carryOut([swap]);
    await takeBack([swap]);
    expect(readTree(swap.home)).toEqual(OLD);
    expect(readTree(swap.fresh)).toEqual(NEW_DATA);
    expect(readdirSync(swap.home)).not.toContain(path.basename(oldDirectory(swap.home, ID)));
  });

  it("takes out what a client has made of the new data before the old comes back", async () => {
    const swap = await prepared();
    await carryOut([swap]);
    writeTree(swap.home, { "data/made.db/1": "by the client", "data/state.db/9": "by the client" });
    await takeBack([swap]);
    expect(readTree(swap.home)).toEqual(OLD);
  });
});

describe("a swap that breaks off", () => {
  /** One for each rename: two and three in each of two homes. */
  const deaths = Array.from({ length: 10 }, (_, n) => n);

  it.each(deaths)("before rename %i is carried on to all new data", async (n) => {
    const swaps = [await prepared("execution"), await prepared("consensus")];
    dieAt(n);
    await dies(carryOut(swaps));
    await carryOut(swaps);
    for (const { home } of swaps) expect(readTree(home)).toEqual(NEW);
  });

  it.each(deaths)("before rename %i is taken back to all old data, also when that breaks off, too", async (n) => {
    for (const m of deaths) {
      const swaps = [await prepared(`execution-${m}`), await prepared(`consensus-${m}`)];
      dieAt(n);
      await dies(carryOut(swaps));
      dieAt(m);
      await dies(takeBack(swaps));
      await takeBack(swaps);
      for (const { home } of swaps) expect(readTree(home)).toEqual(OLD);
    }
  });

  it("holds the new data only when all old data is aside, in all homes", async () => {
    for (const n of deaths) {
      const swaps = [await prepared(`execution-${n}`), await prepared(`consensus-${n}`)];
      dieAt(n);
      await dies(carryOut(swaps));
      const texts = swaps.flatMap(({ home }) => Object.values(readTree(home)));
      expect(texts.includes("old") && texts.includes("new")).toBe(false);
      const { begun, complete } = await progressOf(swaps);
      expect({ begun, complete }).toEqual({ begun: texts.includes("new"), complete: false });
    }
  });

  it("is not mixed with what a client wrote that was started in between", async () => {
    const swap = await prepared();
    const aside = 2;
    dieAt(aside);
    expect(await dies(carryOut([swap]))).toBe(true);
    expect(readTree(swap.home)).toEqual(KEPT);
    writeTree(swap.home, { "data/state.db/1": "born", "data/tx.db/1": "born", "data/young.db/1": "born" });
    await carryOut([swap]);
    expect(readTree(swap.home)).toEqual(NEW);
    expect(readTree(oldDirectory(swap.home, ID))).toEqual(OLD_DATA);
  });
});

it("tells how far it has come", async () => {
  const swap = await prepared();
  expect(await progressOf([swap])).toEqual({ begun: false, complete: false, hasOld: true });
  await carryOut([swap]);
  expect(await progressOf([swap])).toEqual({ begun: true, complete: true, hasOld: true });
  expect((await progressOf([await prepared("lost", {})])).hasOld).toBe(false);
});
