import { findProtocol, type HealthProbe } from "@chainkeep/core";
import { closeAll, deadPort, hashOf, httpServer, type Started } from "../testing/fake-node.fixture";
import { askBlock } from "./ask-block";
import { AnswerMemory } from "./exchange";
import { Pools } from "./pools";

const HASH = hashOf("ab12");

function probeOf(protocol: string, client: string): HealthProbe {
  const health = findProtocol(protocol)?.clients.find((c) => c.name === client)?.health;
  if (!health) throw new Error(`no ${client}`);
  return health;
}

describe("askBlock", () => {
  const pools = new Pools({ connections: 2, connectTimeoutMs: 4000, keepAliveMs: 1000 });
  afterEach(closeAll);
  afterAll(() => pools.destroy());

  const ask = (url: string, probe: HealthProbe, height = 90) => {
    const process = { name: "a", layer: "node", client: "c", version: "1", questions: "q", probeUrl: url } as const;
    const limits = { timeoutMs: 4000, maxAnswerBytes: 10_000, memory: new AnswerMemory() };
    return askBlock(process, probe, height, { door: pools.of(new URL(url).origin), limits });
  };

  /** Answers and keeps what was asked. */
  async function node(answer: unknown, status = 200): Promise<Started & { asked: string[] }> {
    const asked: string[] = [];
    const server = await httpServer((request, response, body) => {
      const { method, params } = body === "" ? { method: request.url, params: undefined } : JSON.parse(body);
      asked.push(`${method}${params === undefined ? "" : ` ${JSON.stringify(params)}`}`);
      response.writeHead(status).end(JSON.stringify(answer));
    });
    return { ...server, asked };
  }

  it.each<[protocol: string, client: string, question: string, answer: unknown]>([
    ["ethereum", "geth", 'eth_getBlockByNumber ["0x5a",false]', { result: { number: "0x5a", hash: `0x${HASH}` } }],
    ["ethereum", "lighthouse", "/eth/v1/beacon/blocks/90/root", { data: { root: `0x${HASH}` } }],
    ["bitcoin", "bitcoind", "getblockhash [90]", { result: HASH, error: null, id: 1 }],
    ["bitcoin", "btcd", "getblockhash [90]", { result: HASH, error: null, id: 1 }],
    ["substrate", "polkadot", "chain_getBlockHash [90]", { result: `0x${HASH}` }],
    [
      "cometbft",
      "cometbft",
      "/blockchain?minHeight=90&maxHeight=90",
      { result: { last_height: "105", block_metas: [{ block_id: { hash: HASH.toUpperCase() } }] } },
    ],
    [
      "cometbft",
      "cometbft-light",
      "/commit?height=90",
      { result: { signed_header: { commit: { height: "90", block_id: { hash: HASH.toUpperCase() } } } } },
    ],
  ])("asks %s/%s in its own words", async (protocol, client, question, answer) => {
    const server = await node(answer);
    expect(await ask(server.url, probeOf(protocol, client))).toBe(HASH);
    expect(server.asked).toEqual([question]);
  });

  it.each<[string, string, number, unknown]>([
    ["an empty slot", "lighthouse", 404, { code: 404, message: "NOT_FOUND" }],
    ["a block that is not there", "geth", 200, { result: null }],
    ["an error", "geth", 200, { error: { code: -32000, message: "pruned history unavailable" } }],
    ["no hash", "geth", 200, { result: { hash: 7 } }],
  ])("tells that a node has none: %s", async (_, client, status, answer) => {
    expect(await ask((await node(answer, status)).url, probeOf("ethereum", client))).toBeNull();
  });

  it("tells silence apart, and asks nothing where there is no question", async () => {
    expect(await ask(`http://127.0.0.1:${await deadPort()}`, probeOf("ethereum", "geth"))).toBeUndefined();
    const { checkpoint: _, ...without } = probeOf("ethereum", "geth");
    expect(await ask("http://127.0.0.1:9", without)).toBeUndefined();
  });
});

describe("the catalogue", () => {
  it("has a question for an old block at every client", () => {
    const clients = ["ethereum", "bitcoin", "cometbft", "substrate"].flatMap((p) => findProtocol(p)?.clients ?? []);
    expect(clients.length).toBeGreaterThan(10);
    expect(clients.filter((c) => c.health.checkpoint === undefined).map((c) => c.name)).toEqual([]);
  });
});
