import fc from "fast-check";
import { isRepeatable } from "./repeatable";

const COMET = /^\/?(?:broadcast_|dial_|unsafe_)/;
const EVM = /^(?:eth_send.*|personal_.*)$/;
const get = (path: string, writes = COMET) => isRepeatable({ method: "GET", path, body: Buffer.alloc(0) }, writes);
const post = (body: unknown, writes = EVM) =>
  isRepeatable(
    { method: "POST", path: "/", body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) },
    writes,
  );

describe("isRepeatable", () => {
  it.each([
    ["/status", true],
    ["/", true],
    ["/block?height=5", true],
    ["/tx_search?query=broadcast_", true],
    ["/broadcast_tx_sync?tx=1", false],
    ["//broadcast_tx_sync", false],
    ["/%62roadcast_tx_sync", false],
    ["/broadcast%5Ftx_sync/", false],
    ["/some/base/broadcast_tx_sync", false],
    ["/%", true],
    [`/${"x".repeat(500)}`, false],
  ])("GET %s: %s", (path, expected) => {
    expect(get(path)).toBe(expected);
  });

  it.each<[unknown, boolean]>([
    [{ method: "eth_call" }, true],
    [{ method: "eth_sendRawTransaction" }, false],
    [[{ method: "eth_call" }, { method: "eth_blockNumber" }], true],
    [[{ method: "eth_call" }, { method: "eth_sendTransaction" }], false],
    [[], false],
    [{}, false],
    ["not json", false],
    ["", false],
    [null, false],
    [{ method: 7 }, false],
    [[[{ method: "eth_call" }]], false],
    [[{ method: "eth_call" }, null], false],
    ['{"method":"eth_call","Method":"eth_sendRawTransaction"}', false],
    ['{"method":"eth_sendRawTransaction","method":"eth_call"}', true],
    [{ method: "x".repeat(201) }, false],
    [{ method: "eth_call", params: ["x".repeat(2_000_000)] }, false],
  ])("POST %j: %s", (body, expected) => {
    expect(post(body)).toBe(expected);
  });

  it.each(["PUT", "PATCH", "DELETE", "OPTIONS"])("never sends %s twice", (method) => {
    expect(isRepeatable({ method, path: "/status", body: Buffer.alloc(0) }, COMET)).toBe(false);
  });

  it("never calls a batch repeatable that has one writing call in it", () => {
    const call = fc.constantFrom("eth_call", "eth_getBalance", "net_version").map((method) => ({ method }));
    const write = fc.constantFrom("eth_sendRawTransaction", "personal_sign").map((method) => ({ method }));
    fc.assert(
      fc.property(fc.array(call), write, fc.array(call), (before, bad, after) => {
        expect(post([...before, bad, ...after])).toBe(false);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (path, body) => {
        expect(typeof get(`/${path}`)).toBe("boolean");
        expect(typeof post(body)).toBe("boolean");
      }),
    );
  });
});
