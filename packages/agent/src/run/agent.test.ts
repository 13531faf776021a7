import { connect } from "node:net";
import type { AgentInventory } from "@chainkeep/core";
import { closeAll, fakeInventory, fakeNode, inventoryNode, tcpServer, until } from "../testing/fake-node.fixture";
import { TestAgent, three } from "../testing/test-agent.fixture";
import { Agent } from "./agent";

describe("Agent", () => {
  let running: TestAgent | undefined;

  afterEach(async () => {
    await running?.agent.stop();
    running = undefined;
    await closeAll();
  });

  async function start(inventory: AgentInventory): Promise<TestAgent> {
    running = await TestAgent.start(inventory);
    return running;
  }

  it("answers for nodes, for itself, and says what is wrong with a request, always in JSON", async () => {
    const { inventory } = await three();
    const agent = await start(inventory);
    await agent.ready("rpc-0");
    expect(await agent.get("/healthz")).toMatchObject({ code: 200, json: { ok: true } });
    expect(await agent.get("/ready/rpc-0")).toMatchObject({
      code: 200,
      json: { node: "rpc-0", ready: true, alive: true, reasons: [] },
    });
    expect(await agent.get("/alive/rpc-0?x=1")).toMatchObject({ code: 200, json: { node: "rpc-0", alive: true } });
    expect(await agent.get("/ready/rpc-9")).toMatchObject({
      code: 404,
      json: { error: 'unknown node "rpc-9"; did you mean "rpc-0"' },
    });
    expect(await agent.get("/nowhere")).toMatchObject({
      code: 404,
      json: { paths: expect.arrayContaining(["/status"]) },
    });
    expect(await agent.get("/ready")).toMatchObject({ code: 404 });
    expect(await agent.get("/%ff")).toMatchObject({ code: 400, json: { error: expect.any(String) } });
    expect(await agent.get("/status", { method: "DELETE" })).toMatchObject({
      code: 405,
      json: { error: expect.stringContaining("use GET") },
    });
    const post = await agent.get("/alerts/webhook");
    expect([post.code, post.headers.get("allow")]).toEqual([405, "POST"]);
    const head = await agent.get("/status", { method: "HEAD" });
    expect([head.code, head.text, Number(head.headers.get("content-length")) > 100]).toEqual([200, "", true]);
    const answer = await agent.get("/status");
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("answers what is no HTTP with JSON, and drops who is too slow to say what they want", async () => {
    const { inventory } = await three();
    const _agent = await start(inventory);
    const said = await new Promise<string>((resolve) => {
      const socket = connect(inventory.listen.port, "127.0.0.1", () => socket.write("\u0000nonsense\r\n\r\n"));
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("close", () => resolve(text));
    });
    expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*\r\n\r\n\{"error":"this is no HTTP request"\}$/);
  });

  it("turns a node not ready with its reason as soon as an answer shows it, and ready again", async () => {
    const { nodes, inventory } = await three();
    const agent = await start(inventory);
    await agent.ready("rpc-1");
    nodes[1]!.state.respond = (_, response) => response.writeHead(503).end();
    await agent.ready("rpc-1", false);
    expect(await agent.get("/ready/rpc-1")).toMatchObject({
      code: 503,
      json: { ready: false, alive: true, reasons: [{ code: "NO_ANSWER", text: "HTTP 503" }] },
    });
    expect(await agent.get("/alive/rpc-1")).toMatchObject({ code: 200 });
    delete nodes[1]!.state.respond;
    await agent.ready("rpc-1");
    expect(agent.events.filter((e) => e.node === "rpc-1").map((e) => e.event)).toEqual([
      "node_ready",
      "node_not_ready",
      "node_ready",
    ]);
  });

  it("serves what is asked by a scraper: one series per node, none of what is unknown", async () => {
    const { nodes, inventory } = await three();
    const agent = await start(inventory);
    for (const name of ["rpc-0", "rpc-1", "rpc-2"]) await agent.ready(name);
    nodes[2]!.state.respond = (_, response) => response.end("nonsense");
    await agent.ready("rpc-2", false);
    const labels = (name: string) => `network="main",node="${name}",client="fake",role="full",stack="test"`;
    expect(await agent.series("chain_probe_up")).toEqual(
      ["rpc-0", "rpc-1", "rpc-2"].map((n, i) => `chain_probe_up{${labels(n)}} ${i === 2 ? 0 : 1}`),
    );
    expect(await agent.series("chain_probe_height")).toEqual([
      `chain_probe_height{${labels("rpc-0")}} 100`,
      `chain_probe_height{${labels("rpc-1")}} 100`,
    ]);
    expect(await agent.series("chain_node_ready")).toHaveLength(3);
    expect(await agent.series("chain_node_in_rotation")).toContain(`chain_node_in_rotation{${labels("rpc-2")}} 0`);
    expect(await agent.series("chain_probe_peers")).toContain(`chain_probe_peers{${labels("rpc-0")}} 3`);
    expect(await agent.series("chain_probe_finalized_height")).toEqual([]);
    expect(await agent.series("chain_probe_info")).toContain(
      `chain_probe_info{${labels("rpc-0")},version="1.2.3",chain_id="7",genesis_hash48=""} 1`,
    );
    expect(await agent.series("chain_probe_rpc_errors_total")).toEqual([
      expect.stringMatching(/^chain_probe_rpc_errors_total\{.*node="rpc-2".*kind="garbage"\} \d+$/),
    ]);
    expect((await agent.series("chain_probe_rpc_duration_seconds_count")).length).toBe(3);
    expect(await agent.series("chain_network_halted")).toEqual(['chain_network_halted{network="main",stack="test"} 0']);
    expect(await agent.series("chain_network_height")).toEqual([
      'chain_network_height{network="main",stack="test"} 100',
    ]);
    expect(await agent.series("chain_agent_inventory_valid")).toEqual(["chain_agent_inventory_valid 1"]);
    expect(await agent.series("chain_agent_process_cpu_seconds_total")).toHaveLength(1);
  });

  it("escapes what nodes say of themselves, so that no node can invent series", async () => {
    const evil = await fakeNode();
    const version = 'x"} 1\nchain_node_ready{node="rpc-9"} 1';
    evil.state.respond = (_, response, body) =>
      response.end(
        JSON.stringify({
          result: body.includes("peers")
            ? 3
            : { height: 5, time: Math.floor(Date.now() / 1000), chainId: "7", version },
        }),
      );
    const agent = await start(await fakeInventory([inventoryNode("evil-0", evil.url)]));
    await agent.ready("evil-0");
    expect(await agent.series("chain_node_ready")).toHaveLength(1);
    expect((await agent.series("chain_probe_info"))[0]).toContain(
      'version="x\\"} 1 chain_node_ready{node=\\"rpc-9\\"} 1"',
    );
  });

  describe("alerts", () => {
    const post = (agent: TestAgent, body: string) => agent.get("/alerts/webhook", { method: "POST", body });
    const alert = {
      status: "firing",
      labels: { alertname: "NodeDown", node: "rpc-0" },
      annotations: {},
      startsAt: "2026-11-24T03:00:00Z",
    };

    it("come from Alertmanager and are shown in the status", async () => {
      const { inventory } = await three();
      const agent = await start(inventory);
      expect(await post(agent, JSON.stringify({ version: "4", alerts: [alert] }))).toMatchObject({
        code: 200,
        json: { received: 1 },
      });
      expect((await agent.status()).alerts).toMatchObject([{ name: "NodeDown", node: "rpc-0", state: "firing" }]);
    });

    it("are refused when they are none, or too long", async () => {
      const { inventory } = await three();
      const agent = await start(inventory);
      expect(await post(agent, "{}")).toMatchObject({ code: 400, json: { error: 'version: got nothing; use "4"' } });
      expect(await post(agent, "x".repeat(1024 * 1024 + 1))).toMatchObject({ code: 413 });
      expect((await agent.status()).alerts).toEqual([]);
    });
  });

  it("goes on after a fault of its own, which it tells and counts, until there are too many", async () => {
    const { nodes, inventory } = await three();
    const agent = await start(inventory);
    await agent.ready("rpc-0");
    expect(agent.agent.fault(new Error("assertion of a library"))).toBe(true);
    expect(agent.events.at(-1)).toMatchObject({
      level: "error",
      event: "agent_fault",
      error: expect.stringContaining("assertion"),
    });
    expect(await agent.series("chain_agent_faults_total")).toEqual(["chain_agent_faults_total 1"]);
    const asked = nodes[0]!.state.seen.length;
    await until(
      "further questions",
      () => nodes[0]!.state.seen.length,
      (n) => n > asked + 2,
    );
    expect((await agent.node("rpc-0")).ready).toBe(true);
    const later = Array.from({ length: 20 }, () => agent.agent.fault("again"));
    expect(later.slice(0, 19)).toEqual(later.slice(0, 19).map(() => true));
    expect(later[19]).toBe(false);
  });

  it("says which port is taken", async () => {
    const { inventory } = await three();
    const other = await tcpServer(() => {});
    const taken = new Agent({ ...inventory, listen: { host: "127.0.0.1", port: other.port } }, () => {});
    await expect(taken.start()).rejects.toThrow(
      `cannot listen on 127.0.0.1:${other.port}: another program uses this port`,
    );
    await taken.stop();
  });

  it("ends requests under way before it stops, and takes no new ones", async () => {
    const { nodes, inventory } = await three();
    const agent = await start({ ...inventory, proxy: { ...inventory.proxy!, timeoutMs: 5000 } });
    await agent.ready("rpc-0");
    let release = () => {};
    for (const { state } of nodes) {
      state.respond = (request, response) => {
        if (request.url !== "/slow") return "usual";
        release = () => response.end("done");
        return undefined;
      };
    }
    const slow = fetch(`http://127.0.0.1:${inventory.proxy!.port}/slow`).then((r) => r.text());
    await until(
      "the request at a node",
      () => nodes.some((n) => n.state.seen.some((s) => s.includes("/slow"))),
      (there) => there,
    );
    const stopped = agent.agent.stop();
    running = undefined;
    await expect(fetch(`${agent.base}/healthz`)).rejects.toThrow();
    release();
    expect(await slow).toBe("done");
    await stopped;
    expect(agent.events.at(-1)?.event).toBe("agent_stopped");
  });
});
