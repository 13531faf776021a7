import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AgentInventory, InventoryNode, InventoryProcess, InventoryVault } from "@chainkeep/core";
import type { VaultWorld } from "../contracts";
import { asVaultError, VaultError } from "../vault-error";
import { bootstrap } from "./bootstrap";
import { KEPT, NEW_DATA, OLD_DATA, RestoreWorld, readTree, writeTree } from "./restore-world.fixture";

jest.mock("node:fs/promises", () => {
  const real = jest.requireActual<typeof import("node:fs/promises")>("node:fs/promises");
  return { ...real, rename: jest.fn(real.rename) };
});
const renames = jest.mocked(rename);
const realRename = renames.getMockImplementation() as typeof rename;

const NEW = { ...KEPT, ...NEW_DATA };
const MARKER = ".chainkeep-bootstrap/done.json";

let at: RestoreWorld;
let said: string[];
let aside: string;
beforeEach(() => {
  at = new RestoreWorld();
  said = [];
  aside = mkdtempSync(path.join(tmpdir(), "chainkeep-moments-"));
  // A node that was never started: its configuration and keys, and no data.
  rmSync(at.home, { recursive: true });
  writeTree(at.home, KEPT);
  mkdirSync(path.join(at.home, "data/state.db"), { recursive: true });
});
afterEach(() => {
  renames.mockImplementation(realRename);
  at.close();
  rmSync(aside, { recursive: true, force: true });
});

function run(
  request = { node: "mirror-0", process: "mirror-0" },
  change: Partial<AgentInventory> = {},
): Promise<string> {
  const { inventory, vault, store, asker }: VaultWorld = at.world();
  const whole: AgentInventory = { ...inventory(), vault: vault(), ...change };
  const world = {
    inventory: whole,
    store,
    asker,
    say: (line: string) => void said.push(line),
    signal: at.abort.signal,
  };
  return bootstrap({ ...world, now: Date.now }, request).then(
    () => "done",
    (error) => asVaultError(error).code,
  );
}
const problemsOf = (change: Partial<AgentInventory> = {}) => {
  const { inventory, vault, store, asker } = at.world();
  const whole: AgentInventory = { ...inventory(), vault: vault(), ...change };
  return bootstrap(
    { inventory: whole, store, asker, say: () => {}, signal: at.abort.signal, now: Date.now },
    { node: "mirror-0", process: "mirror-0" },
  ).catch((error) => asVaultError(error).problems.map((p) => p.code));
};

describe("a node without data", () => {
  it("takes that of the newest verified point, beside its own keys and configuration", async () => {
    at.point({ id: "dev-1-old", createdAt: 1, height: 1 });
    const point = at.point();
    expect(await run()).toBe("done");
    expect(readTree(at.home)).toEqual(NEW);
    expect(JSON.parse(readTree(at.home, true)[MARKER] ?? "{}")).toMatchObject({ point: point.id });
    expect(Object.keys(readTree(at.home, true)).filter((name) => name.startsWith(".") && name !== MARKER)).toEqual([]);
    expect(said[0]).toContain(`takes that of ${point.id}, height 42, proven to progresses`);
  });

  it("takes it once, and again when all of it is lost: a node like this never starts empty", async () => {
    at.point();
    await run();
    expect(await run()).toBe("done");
    expect(at.calls.filter((call) => call === "fetch")).toHaveLength(1);
    rmSync(path.join(at.home, "data"), { recursive: true });
    expect(await run()).toBe("done");
    expect(readTree(at.home)).toMatchObject(NEW_DATA);
  });

  it.each([
    ["there is no point", () => {}, "POINT_NONE"],
    [
      "no point is verified",
      () => void at.point({ verification: { level: "intact", at: 0, evidence: null, bad: null } }),
      "POINT_NONE",
    ],
    ["there is no such node", () => void at.point(), "BOOTSTRAP_NODE"],
    [
      "the disk is full",
      () => {
        at.point();
        at.fail("fetch", new VaultError("TARGET_FULL", "no room is left"));
      },
      "TARGET_FULL",
    ],
    [
      "it is stopped in the middle",
      () => {
        at.point();
        at.onFetch = () => at.abort.abort();
      },
      "JOB_CANCELLED",
    ],
    [
      "a key is inside",
      () => {
        at.point();
        at.data = { ...NEW_DATA, "data/state.db/node_key.json": "{}" };
      },
      "KEYS_FOUND",
    ],
    ["the copy holds no data", () => void Object.assign(at, { data: {} }).point(), "RESTORE_EMPTY"],
  ])("stays as it is and is not done when %s", async (_, arrange, code) => {
    arrange();
    const before = readTree(at.home, true);
    const name = code === "BOOTSTRAP_NODE" ? "mirror-9" : "mirror-0";
    expect(await run({ node: name, process: name })).toBe(code);
    expect(readTree(at.home, true)).toEqual(before);
  });

  it("refuses a point of another chain than its siblings are on, or than it is configured for", async () => {
    at.point({ chainId: "dev-2" });
    const sibling = { ...at.node, name: "rpc-0" };
    expect(await problemsOf({ nodes: [at.node, sibling] })).toEqual(["RESTORE_CHAIN"]);
    expect(await problemsOf({ limits: { chainId: "dev-1" } as never })).toEqual(["RESTORE_CHAIN"]);
    expect(at.calls).not.toContain("fetch");
  });

  it("takes nothing that a later version has written", async () => {
    at.version = "1.2.2";
    at.point();
    expect(await problemsOf()).toEqual(["RESTORE_OLDER_CLIENT"]);
  });
});

it("leaves a node that has data alone, without asking the store", async () => {
  writeTree(at.home, OLD_DATA);
  const before = readTree(at.root, true);
  at.fail("records", new Error("asked"));
  expect(await run()).toBe("done");
  expect([readTree(at.root, true), at.calls]).toEqual([before, []]);
});

it("that was killed anywhere is done, or as if it had not begun, and is done by the next start", async () => {
  at.point();
  const taken: string[] = [];
  renames.mockImplementation(async (from, to) => {
    const place = path.join(aside, String(taken.length));
    cpSync(at.root, place, { recursive: true });
    taken.push(place);
    return realRename(from, to);
  });
  at.onFetch = () => {
    const place = path.join(aside, "fetch");
    cpSync(at.root, place, { recursive: true });
    taken.push(place);
  };
  await run();
  renames.mockImplementation(realRename);
  at.onFetch = () => {};
  expect(taken.length).toBeGreaterThan(6);
  for (const moment of taken) {
    rmSync(at.root, { recursive: true });
    cpSync(moment, at.root, { recursive: true });
    expect(await run()).toBe("done");
    expect(readTree(at.home)).toEqual(NEW);
    const own = Object.keys(readTree(at.home, true)).filter((name) => name.startsWith("."));
    expect(own).toEqual([MARKER]);
  }
});

describe("a node of two processes", () => {
  const part = (name: string, layer: InventoryProcess["layer"]): InventoryProcess => {
    const [first] = at.node.processes as [InventoryProcess];
    const vault = { ...(first.vault as NonNullable<InventoryProcess["vault"]>), home: path.join(at.root, name) };
    return { ...first, name, layer, vault };
  };
  const pair = (): InventoryNode => ({
    ...at.node,
    processes: [part("el", "execution"), part("cl", "consensus")],
  });
  const takes = (process: string) => run({ node: "mirror-0", process }, { nodes: [pair()] });
  const pointOf = (id: string, createdAt: number) => {
    const [first] = at.point().processes;
    at.points.clear();
    const of = (name: string, layer: InventoryProcess["layer"]) => ({
      ...(first as NonNullable<typeof first>),
      name,
      layer,
    });
    return at.point({ id, createdAt, processes: [of("el", "execution"), of("cl", "consensus")] });
  };
  const markerOf = (name: string) => JSON.parse(readTree(path.join(at.root, name), true)[MARKER] ?? "{}") as object;

  it("takes one point for both, also when there is a newer one meanwhile", async () => {
    const first = pointOf("dev-1-first", 1000);
    expect(await takes("cl")).toBe("BOOTSTRAP_WAITS");
    expect(await takes("el")).toBe("done");
    pointOf("dev-2-second", 2000);
    at.points.set(first.id, first);
    expect(await takes("cl")).toBe("done");
    expect([markerOf("el"), markerOf("cl")]).toEqual([
      expect.objectContaining({ point: "dev-1-first" }),
      expect.objectContaining({ point: "dev-1-first" }),
    ]);
  });

  it("takes the newest one for a part that was lost when the other has data already", async () => {
    pointOf("dev-2-second", 2000);
    writeTree(path.join(at.root, "el"), OLD_DATA);
    expect(await takes("cl")).toBe("done");
    expect(markerOf("cl")).toMatchObject({ point: "dev-2-second" });
  });
});

it("says what is wrong with an inventory without a vault", async () => {
  expect(await run(undefined, { vault: undefined as unknown as InventoryVault })).toBe("BOOTSTRAP_NO_VAULT");
});
