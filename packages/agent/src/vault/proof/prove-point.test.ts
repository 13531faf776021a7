import { existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Evidence, Level } from "@chainkeep/core";
import { closeAll, deadPort, inventoryNode, tcpServer } from "../../testing/fake-node.fixture";
import { VaultError } from "../vault-error";
import type { NodeAsker } from "./chain-asker";
import { type FakeChain, fakeGuest, fakeHash } from "./guest-client.fixture";
import { type ProofWorld, proofWorld, QUICK } from "./proof-world.fixture";
import { type ProofOptions, provePoint } from "./prove-point";

let at: ProofWorld;
beforeEach(async () => {
  at = await proofWorld();
});
afterEach(async () => {
  await (at.world.asker as NodeAsker).close();
  await closeAll();
  // Whatever was found: nothing of the guest is left.
  const left = existsSync(at.guest.directory);
  rmSync(at.root, { recursive: true, force: true });
  expect(left).toBe(false);
});

const prove = (chain: Partial<FakeChain> = {}, level: Level = "progresses", options: ProofOptions = {}) =>
  provePoint(at.world, { point: at.point({}, chain), level }, at.job, { times: QUICK, ...options });
const failure = (evidence: Evidence) => [evidence.reached, evidence.failure?.level, evidence.failure?.code];

describe("a good point", () => {
  it("is proven to progresses, with everything in the evidence that it was proven by", async () => {
    const reached: Level[] = [];
    const evidence = await prove({ target: 200, everyMs: 5 }, "progresses", {
      onReached: (level) => reached.push(level),
    });
    expect(evidence).toMatchObject({
      reached: "progresses",
      failure: null,
      inconclusive: null,
      bytes: 10,
      guest: { height: 100, hash: fakeHash(100), chainId: "7" },
      heights: { opened: 100 },
    });
    expect(evidence.witnesses.map((w) => [w.who, w.hash])).toEqual([
      ["rpc-1", fakeHash(100)],
      ["rpc-2", fakeHash(100)],
    ]);
    expect(evidence.heights.last).toBeGreaterThanOrEqual(197);
    expect(evidence.steps.map((s) => s.name)).toEqual(["exists", "intact", "opens", "chain", "progresses"]);
    expect(at.steps).toEqual(evidence.steps.map((s) => s.name));
    expect(reached).toEqual(["exists", "intact", "opens", "chain", "progresses"]);
    expect(evidence.output["proof-fake-full"]?.join("\n")).toContain("opened at 100 offline");
  });

  it.each<Level>(["exists", "intact", "opens", "chain"])(
    "is proven to %s and no further when that is asked",
    async (level) => {
      const evidence = await prove({ ends: "online" }, level);
      expect([evidence.reached, evidence.failure, evidence.inconclusive]).toEqual([level, null, null]);
      // Read in place only where nothing is restored.
      expect(at.store.reads).toBe(level === "intact" ? 1 : 0);
    },
  );

  it("may hold more blocks than its record says", async () => {
    expect(await prove({ height: 120, target: 200, everyMs: 5 })).toMatchObject({
      reached: "progresses",
      heights: { opened: 120 },
    });
  });
});

describe("a point that is bad", () => {
  it("at exists: the store does not list it, or its record is empty", async () => {
    const point = at.point();
    at.store.points.clear();
    const gone = await provePoint(at.world, { point, level: "chain" }, at.job);
    expect(failure(gone)).toEqual([null, "exists", "POINT_MISSING"]);
    const empty = await provePoint(at.world, { point: at.point({ sizeBytes: 0 }), level: "chain" }, at.job);
    expect(failure(empty)).toEqual([null, "exists", "POINT_EMPTY"]);
  });

  it.each<Level>(["intact", "chain"])("at intact: damaged data, also when %s is wanted", async (level) => {
    at.store.fault = new VaultError("STORE_CORRUPT", "sums differ");
    expect(failure(await prove({}, level))).toEqual(["exists", "intact", "STORE_CORRUPT"]);
  });

  it("at intact: only when its data is damaged the second time, too", async () => {
    at.store.fault = new VaultError("STORE_CORRUPT", "sums differ");
    at.store.onFetch = () => {
      if (at.store.fetches > 1) at.store.fault = undefined;
    };
    expect(await prove({}, "opens")).toMatchObject({ reached: "opens", failure: null });
  });

  it("at intact: a link that leads to somebody else's data is never followed", async () => {
    at.store.onFetch = (home) => symlinkSync("/somewhere/else", path.join(home, "data", "more"));
    const evidence = await prove();
    expect(failure(evidence)).toEqual(["exists", "intact", "LINK_OUTSIDE"]);
    expect(evidence.output["proof-fake-full"]).toEqual([]);
  });

  it.each([
    ["by its name", "priv_validator_key.json", "{}"],
    ["by what it holds", "data/harmless", "-----BEGIN PRIVATE KEY-----"],
    ["by its client", "fake.conf", "rpcpass = BEGIN"],
  ])("at intact: a key inside, told %s, is never opened", async (_, file, content) => {
    at.store.onFetch = (home) => writeFileSync(path.join(home, file), content);
    const evidence = await prove();
    expect(failure(evidence)).toEqual(["exists", "intact", "KEYS_FOUND"]);
    expect(evidence.failure?.text).not.toContain("BEGIN");
    expect(evidence.output["proof-fake-full"]).toEqual([]);
  });

  it("at opens: its client ends, with the client's last words", async () => {
    at.store.onFetch = (home) => rmSync(path.join(home, "data", "chain.json"));
    const evidence = await prove();
    expect(failure(evidence)).toEqual(["intact", "opens", "OPENS_ENDED"]);
    expect(evidence.failure?.text).toContain("cannot open the database");
  });

  it("at opens: its client finds nothing and begins anew", async () => {
    expect(failure(await prove({ height: 0 }))).toEqual(["intact", "opens", "OPENS_EMPTY"]);
  });

  it("at chain: another block, another chain, or fewer blocks than the record says", async () => {
    expect(failure(await prove({ prefix: "bb" }))).toEqual(["opens", "chain", "CHAIN_FORK"]);
    expect(failure(await prove({ chainId: "8" }))).toEqual(["opens", "chain", "CHAIN_ID"]);
    expect(failure(await prove({ height: 90 }))).toEqual(["opens", "chain", "CHAIN_BLOCK_MISSING"]);
  });

  it("at chain: right at its height, and on a fork above it", async () => {
    const forked = { ...at.nodes[0]?.state.blocks, 120: fakeHash(120, "bb") };
    for (const node of at.nodes) node.state.blocks = forked;
    const evidence = await prove({ height: 120 });
    expect(failure(evidence)).toEqual(["opens", "chain", "CHAIN_FORK"]);
    expect(evidence.guest?.height).toBe(120);
  });

  it("at chain: higher than the network is, and another one below", async () => {
    at.network = { ...at.network, height: 90 };
    for (const node of at.nodes) {
      node.state.blocks = Object.fromEntries(Object.entries(node.state.blocks).filter(([h]) => Number(h) <= 90));
    }
    expect(failure(await prove({ prefix: "bb" }))).toEqual(["opens", "chain", "CHAIN_FORK"]);
    const ahead = await prove();
    expect([ahead.failure, ahead.inconclusive?.code]).toEqual([null, "PROOF_FEW_WITNESSES"]);
  });

  it("at progresses: it imports nothing from peers that it has, or ends on the way", async () => {
    expect(failure(await prove({ target: 101 }))).toEqual(["chain", "progresses", "PROGRESS_STALLED"]);
    const ended = await prove({ ends: "online" });
    expect(failure(ended)).toEqual(["chain", "progresses", "PROGRESS_ENDED"]);
    expect(ended.failure?.text).toContain("panic: it cannot go on");
  });
});

describe("is not held against the point:", () => {
  const undecided = async (evidence: Promise<Evidence>, code: string, reached: Level | null) => {
    const { failure: against, inconclusive, ...rest } = await evidence;
    expect([against, inconclusive?.code, rest.reached]).toEqual([null, code, reached]);
  };

  it("a store that cannot be reached", async () => {
    at.store.fault = new VaultError("STORE_UNREACHABLE", "no route");
    await undecided(prove(), "STORE_UNREACHABLE", "exists");
    at.store.fault = new TypeError("a fault of ours");
    await undecided(prove(), "VAULT_FAULT", "exists");
  });

  it("no room for the copy, which is read in place then", async () => {
    await undecided(prove({}, "chain", { freeBytes: async () => 1000 }), "PROOF_NO_ROOM", "intact");
    expect(at.store.reads).toBe(1);
  });

  it("no guest for it here, or one of another client", async () => {
    at.vault = { ...at.vault, lineages: [{ id: "fake-full", nodes: [], sources: [] }] };
    await undecided(prove(), "PROOF_NO_GUEST", "intact");
    at.vault = { ...at.vault, lineages: [] };
    await undecided(prove(), "PROOF_NO_GUEST", "intact");
    const other = fakeGuest(at.root, 1, { client: "other" });
    at.vault = { ...at.vault, lineages: [{ id: "fake-full", nodes: [], sources: [], guest: other }] };
    await undecided(prove(), "PROOF_OTHER_CLIENT", "intact");
    const older = fakeGuest(at.root, 1, { version: "1.2.2" });
    at.vault = { ...at.vault, lineages: [{ id: "fake-full", nodes: [], sources: [], guest: older }] };
    await undecided(prove(), "PROOF_OLDER_CLIENT", "intact");
  });

  it("a port that is taken", async () => {
    const { port } = await tcpServer(() => {});
    const guest = fakeGuest(at.root, port);
    at.vault = { ...at.vault, lineages: [{ id: "fake-full", nodes: [], sources: [], guest }] };
    await undecided(prove(), "GUEST_PORT", "intact");
  });

  it("too few witnesses: not ready, light, the source itself, or witnesses that lie", async () => {
    at.network = { ...at.network, ready: (node) => node !== "rpc-2" };
    await undecided(prove({ prefix: "bb" }), "PROOF_FEW_WITNESSES", "opens");
    at.network = { ...at.network, ready: () => true };
    const [first, second, third] = at.inventory.nodes;
    if (!first || !second || !third) throw new Error("three nodes");
    at.inventory = { ...at.inventory, nodes: [first, second, { ...third, kind: "light" }] };
    await undecided(prove(), "PROOF_FEW_WITNESSES", "opens");
    at.inventory = { ...at.inventory, nodes: [first, second, third] };
    const liar = at.nodes[2]?.state;
    if (liar) liar.blocks = { 100: "yes" };
    await undecided(prove(), "PROOF_FEW_WITNESSES", "opens");
  });

  it("a network that makes no blocks, and a guest that finds no peers", async () => {
    at.network = { ...at.network, height: 100, halted: true };
    await undecided(prove(), "PROOF_HALTED", "chain");
    at.network = { ...at.network, height: 200, halted: false };
    await undecided(prove({ target: 100, peers: 0 }), "PROOF_NO_PEERS", "chain");
  });

  it("that nobody wants the proof any more", async () => {
    at.store.onFetch = () => at.abort.abort();
    await undecided(prove(), "PROOF_STOPPED", "intact");
  });
});

describe("the reference", () => {
  it("counts as one witness", async () => {
    const [first, second] = at.inventory.nodes;
    const outside = at.nodes[2];
    if (!first || !second || !outside) throw new Error("three nodes");
    const reference = { questions: "fake", probeUrl: outside.url };
    at.inventory = { ...at.inventory, nodes: [first, second], reference };
    const evidence = await prove({}, "chain");
    expect(evidence.witnesses.map((w) => w.who)).toEqual(["rpc-1", "reference"]);
    expect(evidence.reached).toBe("chain");
  });
});

describe("where blocks may be reorganised", () => {
  it("a head that left the chain is forgiven, a fork below is not", async () => {
    at.inventory = { ...at.inventory, reorgBlocks: 2 };
    const blocks = { ...at.nodes[0]?.state.blocks, 100: fakeHash(100, "bb"), 99: fakeHash(99, "bb") };
    for (const node of at.nodes) node.state.blocks = blocks;
    const evidence = await prove({}, "chain");
    expect([evidence.reached, evidence.failure, evidence.guest?.height]).toEqual(["chain", null, 98]);
    for (const node of at.nodes) node.state.blocks = { ...blocks, 98: fakeHash(98, "bb") };
    expect(failure(await prove({}, "chain"))).toEqual(["opens", "chain", "CHAIN_FORK"]);
  });
});

describe("a copy", () => {
  it("is proven from its own store", async () => {
    const point = at.point();
    at.copy.add(point, { height: 100, prefix: "bb" });
    const evidence = await provePoint(at.world, { point, level: "chain", from: "offsite" }, at.job, { times: QUICK });
    expect([evidence.from, ...failure(evidence)]).toEqual(["offsite", "opens", "chain", "CHAIN_FORK"]);
  });
});

describe("a node of two layers", () => {
  it("is held against others layer by layer", async () => {
    // One fake client plays both parts: what counts is whom each layer is compared with.
    const nodes = at.nodes.map((node, i) => {
      const { processes, ...rest } = inventoryNode(`rpc-${i}`, node.url);
      const [only] = processes;
      if (!only) throw new Error("one process");
      return {
        ...rest,
        processes: [
          { ...only, name: `rpc-${i}-execution`, layer: "execution" as const },
          { ...only, name: `rpc-${i}-consensus`, layer: "consensus" as const },
        ],
      };
    });
    at.inventory = { ...at.inventory, nodes };
    const [process] = at.guest.processes;
    const second = fakeGuest(path.join(at.root, "second"), await deadPort());
    const [own] = second.processes;
    if (!process || !own) throw new Error("one process each");
    const home = path.join(at.guest.directory, "consensus");
    const command = own.offline.command.map((word) => (word === own.home ? home : word));
    const consensus = {
      ...own,
      name: "consensus",
      layer: "consensus" as const,
      home,
      offline: { ...own.offline, command },
    };
    const guest = { ...at.guest, processes: [{ ...process, layer: "execution" as const }, consensus] };
    at.vault = { ...at.vault, lineages: [{ id: "fake-full", nodes: [], sources: [], guest }] };
    const of = (layer: "execution" | "consensus") => ({ ...at.point().processes[0], name: layer, layer });
    const processes = [of("execution"), of("consensus")] as never;
    const point = at.point({ processes }, { height: 100 });
    const evidence = await provePoint(at.world, { point, level: "chain" }, at.job, { times: QUICK });
    expect(evidence.inconclusive).toBeNull();
    expect(evidence.reached).toBe("chain");
    expect(evidence.witnesses.map((w) => w.who).sort()).toEqual([
      "rpc-1-consensus",
      "rpc-1-execution",
      "rpc-2-consensus",
      "rpc-2-execution",
    ]);
  });
});
