import { connect } from "node:net";
import type { AgentInventory, StatusDocument } from "@chainkeep/core";
import {
  closeAll,
  deadPort,
  type FakeNode,
  fakeInventory,
  fakeNode,
  inventoryNode,
  tcpServer,
  until,
} from "../testing/fake-node.fixture";
import { Agent } from "./agent";

describe("Agent", () => {
  const events: { event: string; [key: string]: unknown }[] = [];
  let agent: Agent | undefined;
  let base = "";

  afterEach(async () => {
    await agent?.stop();
    agent = undefined;
    events.length = 0;
    await closeAll();
  });

  async function start(inventory: AgentInventory): Promise<Agent> {
    const made = new Agent(inventory, (level, event, fields) => events.push({ level, event, ...fields }));
    await made.start();
    agent = made;
    base = `http://127.0.0.1:${inventory.listen.port}`;
    return made;
  }

  const get = async (path: string, init?: RequestInit) => {
    const answer = await fetch(`${base}${path}`, { ...init, redirect: "manual" });
    const text = await answer.text();
    return {
      code: answer.status,
      headers: answer.headers,
      text,
      json: text.startsWith("{") ? JSON.parse(text) : undefined,
    };
  };
  const status = async (): Promise<StatusDocument> => (await get("/status")).json;
  const node = async (name: string) => (await status()).nodes.find((n) => n.name === name)!;
  const ready = (name: string, wanted = true) =>
    until(
      `${name} ready=${wanted}`,
      () => node(name),
      (n) => n.ready === wanted,
    );
  const series = async (name: string) =>
    (await get("/metrics")).text
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

  async function three(): Promise<{ nodes: FakeNode[]; inventory: AgentInventory }> {
    const nodes = [await fakeNode(), await fakeNode(), await fakeNode()];
    const inventory = await fakeInventory(nodes.map((n, i) => inventoryNode(`rpc-${i}`, n.url)));
    return { nodes, inventory };
  }

  it("answers for nodes, for itself, and says what is wrong with a request, always in JSON", async () => {
    const { inventory } = await three();
    await start(inventory);
    await ready("rpc-0");
    expect(await get("/healthz")).toMatchObject({ code: 200, json: { ok: true } });
    expect(await get("/ready/rpc-0")).toMatchObject({
      code: 200,
      json: { node: "rpc-0", ready: true, alive: true, reasons: [] },
    });
    expect(await get("/alive/rpc-0?x=1")).toMatchObject({ code: 200, json: { node: "rpc-0", alive: true } });
    expect(await get("/ready/rpc-9")).toMatchObject({
      code: 404,
      json: { error: 'unknown node "rpc-9"; did you mean "rpc-0"' },
    });
    expect(await get("/nowhere")).toMatchObject({ code: 404, json: { paths: expect.arrayContaining(["/status"]) } });
    expect(await get("/ready")).toMatchObject({ code: 404 });
    expect(await get("/%ff")).toMatchObject({ code: 400, json: { error: expect.any(String) } });
    expect(await get("/status", { method: "DELETE" })).toMatchObject({
      code: 405,
      json: { error: expect.stringContaining("use GET") },
    });
    const post = await get("/alerts/webhook");
    expect([post.code, post.headers.get("allow")]).toEqual([405, "POST"]);
    const head = await get("/status", { method: "HEAD" });
    expect([head.code, head.text, Number(head.headers.get("content-length")) > 100]).toEqual([200, "", true]);
    const answer = await get("/status");
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("answers what is no HTTP with JSON, and drops who is too slow to say what they want", async () => {
    const { inventory } = await three();
    await start(inventory);
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
    await start(inventory);
    await ready("rpc-1");
    nodes[1]!.state.respond = (_, response) => response.writeHead(503).end();
    await ready("rpc-1", false);
    expect(await get("/ready/rpc-1")).toMatchObject({
      code: 503,
      json: { ready: false, alive: true, reasons: [{ code: "NO_ANSWER", text: "HTTP 503" }] },
    });
    expect(await get("/alive/rpc-1")).toMatchObject({ code: 200 });
    delete nodes[1]!.state.respond;
    await ready("rpc-1");
    expect(events.filter((e) => e.node === "rpc-1").map((e) => e.event)).toEqual([
      "node_ready",
      "node_not_ready",
      "node_ready",
    ]);
  });

  it("serves what is asked by a scraper: one series per node, none of what is unknown", async () => {
    const { nodes, inventory } = await three();
    await start(inventory);
    for (const name of ["rpc-0", "rpc-1", "rpc-2"]) await ready(name);
    nodes[2]!.state.respond = (_, response) => response.end("nonsense");
    await ready("rpc-2", false);
    const labels = (name: string) => `network="main",node="${name}",client="fake",role="full",stack="test"`;
    expect(await series("chain_probe_up")).toEqual(
      ["rpc-0", "rpc-1", "rpc-2"].map((n, i) => `chain_probe_up{${labels(n)}} ${i === 2 ? 0 : 1}`),
    );
    expect(await series("chain_probe_height")).toEqual([
      `chain_probe_height{${labels("rpc-0")}} 100`,
      `chain_probe_height{${labels("rpc-1")}} 100`,
    ]);
    expect(await series("chain_node_ready")).toHaveLength(3);
    expect(await series("chain_node_in_rotation")).toContain(`chain_node_in_rotation{${labels("rpc-2")}} 0`);
    expect(await series("chain_probe_peers")).toContain(`chain_probe_peers{${labels("rpc-0")}} 3`);
    expect(await series("chain_probe_finalized_height")).toEqual([]);
    expect(await series("chain_probe_info")).toContain(
      `chain_probe_info{${labels("rpc-0")},version="1.2.3",chain_id="7",genesis_hash48=""} 1`,
    );
    expect(await series("chain_probe_rpc_errors_total")).toEqual([
      expect.stringMatching(/^chain_probe_rpc_errors_total\{.*node="rpc-2".*kind="garbage"\} \d+$/),
    ]);
    expect((await series("chain_probe_rpc_duration_seconds_count")).length).toBe(3);
    expect(await series("chain_network_halted")).toEqual(['chain_network_halted{network="main",stack="test"} 0']);
    expect(await series("chain_network_height")).toEqual(['chain_network_height{network="main",stack="test"} 100']);
    expect(await series("chain_agent_inventory_valid")).toEqual(["chain_agent_inventory_valid 1"]);
    expect(await series("chain_agent_process_cpu_seconds_total")).toHaveLength(1);
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
    await start(await fakeInventory([inventoryNode("evil-0", evil.url)]));
    await ready("evil-0");
    expect(await series("chain_node_ready")).toHaveLength(1);
    expect((await series("chain_probe_info"))[0]).toContain('version="x\\"} 1 chain_node_ready{node=\\"rpc-9\\"} 1"');
  });

  describe("reload", () => {
    it("adds and removes nodes, keeps what is known of the others, and leaves no series behind", async () => {
      const { inventory } = await three();
      const running = await start(inventory);
      for (const name of ["rpc-0", "rpc-1", "rpc-2"]) await ready(name);
      const added = await fakeNode();
      await running.reload({
        ...inventory,
        nodes: [...inventory.nodes.slice(0, 2), inventoryNode("rpc-3", added.url)],
      });
      const names = (await status()).nodes.map((n) => [n.name, n.ready]);
      expect(names.slice(0, 2)).toEqual([
        ["rpc-0", true],
        ["rpc-1", true],
      ]);
      await ready("rpc-3");
      expect((await get("/metrics")).text).not.toContain('node="rpc-2"');
      expect(events.find((e) => e.event === "inventory_reloaded")).toMatchObject({
        nodes: 3,
        added: ["rpc-3"],
        removed: ["rpc-2"],
      });
    });

    it("keeps the inventory in force when the new one was refused, and says so", async () => {
      const { inventory } = await three();
      const running = await start(inventory);
      await ready("rpc-0");
      running.refused([{ path: "nodes", message: "missing" }]);
      expect(await series("chain_agent_inventory_valid")).toEqual(["chain_agent_inventory_valid 0"]);
      expect((await node("rpc-0")).ready).toBe(true);
      expect(events.at(-1)).toMatchObject({
        level: "error",
        event: "inventory_refused",
        problems: [{ path: "nodes" }],
      });
      await running.reload(inventory);
      expect(await series("chain_agent_inventory_valid")).toEqual(["chain_agent_inventory_valid 1"]);
    });

    it("does not move its address, and says so", async () => {
      const { inventory } = await three();
      const running = await start(inventory);
      const elsewhere = { host: "127.0.0.1", port: await deadPort() };
      await running.reload({ ...inventory, listen: elsewhere, proxy: { ...inventory.proxy!, ...elsewhere } });
      expect((await get("/healthz")).code).toBe(200);
      expect(events.map((e) => e.event)).toEqual(
        expect.arrayContaining(["listen_unchanged", "proxy_listen_unchanged"]),
      );
    });

    it("opens the proxy when there is one at last, and closes it when there is none any more", async () => {
      const { inventory } = await three();
      const { proxy, ...bare } = inventory;
      const running = await start(bare);
      await ready("rpc-0");
      const ask = () => fetch(`http://127.0.0.1:${proxy!.port}/x`).then((r) => r.status);
      await expect(ask()).rejects.toThrow();
      await running.reload(inventory);
      expect(await ask()).toBe(200);
      expect((await status()).proxyUrl).toBe(`http://127.0.0.1:${proxy!.port}`);
      await running.reload(bare);
      await expect(ask()).rejects.toThrow();
    });
  });

  describe("alerts", () => {
    const post = (body: string) => get("/alerts/webhook", { method: "POST", body });
    const alert = {
      status: "firing",
      labels: { alertname: "NodeDown", node: "rpc-0" },
      annotations: {},
      startsAt: "2026-11-24T03:00:00Z",
    };

    it("come from Alertmanager and are shown in the status", async () => {
      const { inventory } = await three();
      await start(inventory);
      expect(await post(JSON.stringify({ version: "4", alerts: [alert] }))).toMatchObject({
        code: 200,
        json: { received: 1 },
      });
      expect((await status()).alerts).toMatchObject([{ name: "NodeDown", node: "rpc-0", state: "firing" }]);
    });

    it("are refused when they are none, or too long", async () => {
      const { inventory } = await three();
      await start(inventory);
      expect(await post("{}")).toMatchObject({ code: 400, json: { error: 'version: got nothing; use "4"' } });
      expect(await post("x".repeat(1024 * 1024 + 1))).toMatchObject({ code: 413 });
      expect((await status()).alerts).toEqual([]);
    });
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
    const running = await start({ ...inventory, proxy: { ...inventory.proxy!, timeoutMs: 5000 } });
    await ready("rpc-0");
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
    const stopped = running.stop();
    agent = undefined;
    await expect(fetch(`${base}/healthz`)).rejects.toThrow();
    release();
    expect(await slow).toBe("done");
    await stopped;
    expect(events.at(-1)?.event).toBe("agent_stopped");
  });
});
