import type { HealthProbe } from "@chainkeep/core";
import { headOf } from "./head";

const probe: HealthProbe = {
  port: "rpc",
  requests: { status: { get: "/status" }, extra: { get: "/extra", optional: true }, chain: { get: "/chain" } },
  head: {
    height: { from: "status", path: "height", as: "decimal" },
    hash: { from: "status", path: "hash", as: "string" },
    timestamp: { from: "status", path: "time", as: "unix" },
    peers: { from: "status", path: "peers", as: "decimal" },
    syncing: { from: "status", path: "syncing", as: "boolean" },
    mempool: { from: "extra", path: "size", as: "decimal" },
    chainId: { from: "chain", path: "", as: "hex" },
    version: { from: "status", path: "version", as: "string" },
  },
  faults: [{ value: { from: "status", path: "offline", as: "boolean" }, code: "OFFLINE", text: "is offline" }],
};
const status = { height: 10, hash: "ab", time: 1_795_000_000, peers: 2, syncing: false, version: "v1", offline: false };
const context = { now: 1_795_000_005_000, blockTimeSeconds: 12 };
const head = (changes: object, others: Record<string, unknown> = { chain: "0x7", extra: { size: 4 } }, of = probe) =>
  headOf(of, new Map<string, unknown>([["status", { ...status, ...changes }], ...Object.entries(others)]), context);

describe("headOf", () => {
  it("puts a head together from several answers, in one form for all protocols", () => {
    expect(head({})).toEqual({
      height: 10,
      hash: "ab",
      timestamp: 1_795_000_000,
      peers: 2,
      syncing: false,
      mempool: 4,
      chainId: "7",
      version: "v1",
      faults: [],
    });
  });

  it("leaves out what the node does not tell, and what an optional request got wrong", () => {
    const seen = head({ peers: null, version: undefined }, { chain: "0x7", extra: { size: "many" } });
    expect(seen).not.toHaveProperty("peers");
    expect(seen).not.toHaveProperty("version");
    expect(seen).not.toHaveProperty("mempool");
    expect(head({}, { chain: "0x7" })).not.toHaveProperty("mempool");
  });

  it("tells of faults that hold", () => {
    expect(head({ offline: true })).toMatchObject({ faults: [{ code: "OFFLINE", text: "is offline" }] });
    expect(head({ offline: undefined })).toMatchObject({ faults: [] });
  });

  it.each([
    [{ height: undefined }, '"height" of answer "status" has no height'],
    [{ height: null }, '"height" of answer "status" has no height'],
    [{ height: -1 }, '"height" of answer "status" is -1, which is no height (decimal)'],
    [{ height: 1e300 }, '"height" of answer "status" is 1e+300, which is no height (decimal)'],
    [{ height: Number.MAX_SAFE_INTEGER }, '"height" of answer "status" is 9007199254740991: no chain is so high'],
    [{ height: {} }, '"height" of answer "status" is an object, which is no height (decimal)'],
    [{ time: -1 }, '"time" of answer "status" is -1, which is no timestamp (unix)'],
    [{ peers: "many" }, '"peers" of answer "status" is "many", which is no peers (decimal)'],
    [{ syncing: "no" }, '"syncing" of answer "status" is "no", which is no syncing (boolean)'],
    [{ version: 7 }, '"version" of answer "status" is 7, which is no version (string)'],
  ])("calls %j garbage", (changes, text) => {
    expect(head(changes)).toEqual({ kind: "garbage", text });
  });

  it("cuts long texts and takes control characters out", () => {
    const seen = head({ hash: "f".repeat(500), version: `evil\u001b[2J\r\n\u202e${"v".repeat(500)}` });
    expect(seen).toMatchObject({
      hash: `${"f".repeat(125)}...`,
      version: expect.stringMatching(/^evil \[2J v+\.\.\.$/),
    });
    expect((seen as { version: string }).version).toHaveLength(200);
  });

  it("counts the time of a slot from the genesis", () => {
    const slots = {
      ...probe,
      head: {
        ...probe.head,
        timestamp: {
          slot: { from: "status", path: "height", as: "decimal" },
          genesisTime: { from: "status", path: "time", as: "unix" },
          secondsPerSlot: 12,
        },
      },
    } as const;
    expect(head({ time: 1000 }, undefined, slots)).toMatchObject({ timestamp: 1120 });
    expect(head({ time: null }, undefined, slots)).not.toHaveProperty("timestamp");
  });
});
