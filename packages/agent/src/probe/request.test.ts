import type { ProbeRequest } from "@chainkeep/core";
import { interpret, questionOf } from "./request";

const rpc = (method: string, params?: unknown[]): ProbeRequest => ({ rpc: { method, ...(params ? { params } : {}) } });
const reply = (body: unknown, status = 200, encoding?: string) => ({
  status,
  encoding,
  body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
});

describe("questionOf", () => {
  const body = (request: ProbeRequest, filling = {}) => JSON.parse(questionOf(request, "/", filling).body ?? "null");

  it("asks by JSON-RPC 2.0 unless told otherwise, and sends no parameters where none are named", () => {
    expect(body(rpc("status"))).toEqual({ jsonrpc: "2.0", id: 1, method: "status" });
    expect(body(rpc("status", []))).toEqual({ jsonrpc: "2.0", id: 1, method: "status", params: [] });
    expect(body({ rpc: { method: "x", version: "1.0" } })).toMatchObject({ jsonrpc: "1.0" });
  });

  it("fills in the head, also inside objects, and leaves other words alone", () => {
    const params = ["$height", "$heightHex", "$parent", "$hash", { at: ["$height"] }, "costs $height", 5, null];
    expect(body(rpc("x", params), { height: 255, hash: "0xab" }).params).toEqual([
      255,
      "0xff",
      254,
      "0xab",
      { at: [255] },
      "costs $height",
      5,
      null,
    ]);
    expect(body(rpc("x", ["$parent"]), { height: 0 }).params).toEqual([0]);
  });

  it("fills in paths, with no way out of them", () => {
    const get = "/block/$height/$heightHex/$parent/$hash?x=$hash";
    expect(questionOf({ get }, "/", { height: 10, hash: "a/../b?c" }).path).toBe(
      "/block/10/0xa/9/a%2F..%2Fb%3Fc?x=a%2F..%2Fb%3Fc",
    );
  });

  it("asks below the path of the node's address", () => {
    expect(questionOf({ get: "/status" }, "/node/7/").path).toBe("/node/7/status");
    expect(questionOf(rpc("status"), "/node/7").path).toBe("/node/7");
    expect(questionOf(rpc("status"), "/").path).toBe("/");
  });

  it("does not ask for packed answers", () => {
    expect(questionOf({ get: "/" }, "/").headers).not.toHaveProperty("accept-encoding");
  });
});

describe("interpret", () => {
  it.each<[string, ProbeRequest, ReturnType<typeof reply>, unknown]>([
    ["the result of a call", rpc("x"), reply({ result: { a: 1 } }), { a: 1 }],
    ["null as a result", rpc("x"), reply({ result: null, error: null }), null],
    ["all of a GET's answer", { get: "/" }, reply({ data: 1 }), { data: 1 }],
    ["206 of a GET", { get: "/" }, reply([], 206), []],
    ["a status that counts as an answer", { get: "/", acceptStatus: [503] }, reply({ a: 1 }, 503), { a: 1 }],
  ])("takes %s", (_, request, answer, value) => {
    expect(interpret(request, answer)).toEqual({ value });
  });

  it.each<[string, ReturnType<typeof reply>, string, string]>([
    [
      "an error",
      reply({ error: { code: -28, message: "Loading\nblock index" } }),
      "server",
      "node says: Loading block index (-28)",
    ],
    ["its data", reply({ error: { code: 1, message: "bad", data: "why" } }, 500), "server", "node says: bad: why (1)"],
    ["a long error", reply({ error: { message: "x".repeat(999) } }), "server", `node says: ${"x".repeat(157)}...`],
    ["an error without words", reply({ error: 7 }), "server", "node says: error"],
    ["no result", reply({}), "garbage", "answer is no JSON-RPC"],
    ["a list", reply([{ result: 1 }]), "garbage", "answer is no JSON-RPC"],
    ["a number", reply("7"), "garbage", "answer is no JSON-RPC"],
    ["no JSON", reply("<html>\u0007hello"), "garbage", 'answer is no JSON: "<html> hello"'],
    ["nothing", reply(""), "garbage", "answer is empty"],
    ["bytes that are no text", reply(Buffer.from([0xff, 0xfe, 0x00])), "garbage", "answer is no text"],
    ["a packed answer", reply("xx", 200, "gzip"), "garbage", "answer is packed although nobody asked for it"],
    ["a redirect", reply("", 302), "garbage", "sends us elsewhere (HTTP 302)"],
    ["401", reply("", 401), "auth", "refuses our credentials (HTTP 401)"],
    ["403", reply("{}", 403), "auth", "refuses our credentials (HTTP 403)"],
    ["404", reply("not found", 404), "server", "HTTP 404"],
    ["500", reply("oops", 500), "server", "HTTP 500"],
  ])("refuses %s", (_, answer, kind, text) => {
    expect(interpret(rpc("x"), answer)).toEqual({ failure: { kind, text } });
  });

  it("reads a depth that would break a recursive reader", () => {
    const deep = `{"result":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(interpret(rpc("x"), reply(deep))).toHaveProperty("value");
  });
});
