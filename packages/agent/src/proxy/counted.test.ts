import { request as httpRequest } from "node:http";
import { closeAll, until } from "../testing/fake-node.fixture";
import { ProxyStage, rpcCall } from "../testing/proxy-stage.fixture";

/** What requests count as: errors of the service are 5xx, and nothing that a user did wrong is among them. */
describe("requests are counted", () => {
  let stage: ProxyStage;

  beforeEach(async () => {
    stage = await ProxyStage.fleet(1, { maxBodyBytes: 1000 });
  });
  afterEach(async () => {
    await stage.agent.stop();
    await closeAll();
  });

  /** Codes that have counted something. */
  async function counted(): Promise<string[]> {
    const text = await stage.agent.metrics.text();
    const lines = text.matchAll(/^chain_proxy_requests_total\{.*group="(\w+)",code="(\w+)"\} [1-9]\d*$/gm);
    return [...lines].map(([, group, code]) => `${group} ${code}`);
  }

  const only = (code: string) => until(`only ${code}`, counted, (codes) => codes.length === 1 && codes[0] === code);

  it("begin at 0 for the usual codes, so that the first error is an increase", async () => {
    const text = await stage.agent.metrics.text();
    for (const code of [200, 500, 502, 503, 504]) {
      expect(text).toContain(`chain_proxy_requests_total{network="main",stack="test",group="rpc",code="${code}"} 0\n`);
    }
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["one that is answered", () => stage.ask("/"), "rpc 200"],
    ["a body that is too long", () => stage.ask("/", { method: "POST", body: "x".repeat(2000) }), "rpc 413"],
    ["a group that is not there", () => stage.ask("/group/none/"), "unknown 404"],
  ])("%s", async (_, ask, code) => {
    await ask();
    await only(code);
  });

  it("a user who goes away: not the service's fault, before an answer or in its middle", async () => {
    stage.nodes[0]!.state.respond = (request, response) => {
      if (request.url === "/half") response.writeHead(200).write("half");
    };
    for (const path of ["/never", "/half"]) {
      const request = httpRequest(`${stage.base}${path}`).on("error", () => {});
      request.end();
      if (path === "/half") await new Promise((resolve) => request.once("response", resolve));
      else
        await until(
          "the request at the node",
          () => stage.total("/never"),
          (n) => n === 1,
        );
      request.destroy();
    }
    await until(
      "both",
      () => stage.agent.metrics.text(),
      (text) => text.includes('code="499"} 2'),
    );
    await only("rpc 499");
  });

  it("a node that breaks off in the middle of its answer, although its status was passed on", async () => {
    stage.nodes[0]!.state.respond = (_, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
    };
    await expect(stage.ask("/")).rejects.toThrow();
    await only("rpc 502");
  });

  it("a node that fails", async () => {
    stage.nodes[0]!.state.respond = (_, response) => response.writeHead(500).end("panic: runtime error");
    await stage.ask("/");
    await only("rpc 500");
  });

  it.each([
    ['{"result":null,"error":{"code":-8,"message":"Block height out of range"},"id":1}\n'],
    [
      '{\n  "jsonrpc": "2.0",\n  "id": -1,\n  "error": {\n    "code": -32603,\n    "message": "Internal error",\n    "data": "tx not found"\n  }\n}',
    ],
  ])(
    "an error in JSON-RPC is an answer, also under status 500, which bitcoind and CometBFT give it: %j",
    async (body) => {
      stage.nodes[0]!.state.respond = (_, response) => response.writeHead(500).end(body);
      expect(await stage.ask("/", rpcCall("getblockhash"))).toMatchObject({ code: 500, text: body });
      await only("rpc rpc_error");
    },
  );
});
