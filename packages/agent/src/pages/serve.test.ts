import type { AgentInventory, InventoryMonitoring } from "@chainkeep/core";
import { closeAll, fakeInventory, fakeNode, inventoryNode, until } from "../testing/fake-node.fixture";
import { TestAgent } from "../testing/test-agent.fixture";

const EXPR = 'chain:peers{role=~"a|b"} < 1 <script>';
const monitoring: InventoryMonitoring = {
  prometheusUrl: "http://127.0.0.1:9090",
  alertmanagerUrl: "http://127.0.0.1:9093",
  alerts: [
    { name: "NodeDown", severity: "warning", owner: "ops", forSeconds: 77, expr: EXPR, current: "chain:up" },
    { name: "MetricsContractBroken", severity: "info", owner: "dev", forSeconds: 5, threshold: 42, expr: "x > 42" },
  ],
};

describe("pages of the agent", () => {
  let running: TestAgent | undefined;

  async function start(rest: Partial<AgentInventory> = {}): Promise<TestAgent> {
    const node = await fakeNode();
    running = await TestAgent.start(await fakeInventory([inventoryNode("rpc-0", node.url)], { monitoring, ...rest }));
    return running;
  }

  afterEach(async () => {
    await running?.agent.stop();
    running = undefined;
    await closeAll();
  });

  const fire = (agent: TestAgent, labels: object, rest: object = {}) => {
    const alert = { status: "firing", labels, annotations: {}, startsAt: new Date().toISOString(), ...rest };
    return agent.get("/alerts/webhook", { method: "POST", body: JSON.stringify({ version: "4", alerts: [alert] }) });
  };

  it("show the status with what nodes say now", async () => {
    const agent = await start();
    await agent.ready("rpc-0");
    const answer = await agent.get("/");
    expect(answer.code).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.text).toContain('id="rpc-0"');
    expect(answer.text).toContain("All is well");
    expect(await agent.get("/", { method: "HEAD" })).toMatchObject({ code: 200, text: "" });
    expect(await agent.get("/", { method: "POST" })).toMatchObject({ code: 405 });
  });

  it("tell links and heights to programs", async () => {
    const agent = await start();
    await agent.ready("rpc-0");
    expect(await agent.status()).toMatchObject({
      prometheusUrl: "http://127.0.0.1:9090",
      alertmanagerUrl: "http://127.0.0.1:9093",
    });
    expect(await agent.status()).not.toHaveProperty("grafanaUrl");
    const { json } = await until(
      "a sample",
      () => agent.get("/history"),
      (got) => got.json.times.length > 0,
    );
    expect(json).toEqual({ schemaVersion: 1, times: [expect.any(Number)], heights: { "rpc-0": [100] } });
  }, 15_000);

  it("show a runbook with this cluster's figures and what fires now", async () => {
    const agent = await start();
    await fire(agent, { alertname: "NodeDown", node: "rpc-0", severity: "critical" });
    await fire(agent, { alertname: "NoPeers", node: "rpc-0", severity: "critical" });
    const { code, text } = await agent.get("/runbooks/NodeDown");
    expect(code).toBe(200);
    for (const heading of ["Meaning", "Impact", "Diagnosis", "Mitigation"])
      expect(text).toContain(`<h2>${heading}</h2>`);
    expect(text).toContain("77 s");
    expect(text).toContain("It fires now for rpc-0.");
    expect(text).not.toContain("NoPeers</bdi>");
    expect(text).toContain("chain:peers{role=~&quot;a|b&quot;} &lt; 1 &lt;script&gt;");
    expect(text).toContain(
      `href="http://127.0.0.1:9090/graph?g0.expr=${encodeURIComponent(EXPR).replaceAll("'", "&#39;")}&g0.tab=1"`,
    );
    expect((await agent.get("/runbooks/MetricsContractBroken")).text).toContain("42 blocks");
    const none = (await agent.get("/runbooks/NodeStalled")).text;
    expect(none).toContain("It does not fire now.");
    expect(none).toContain("This cluster does not have the alert.");
  });

  it("say so where there is no monitoring, and show the runbook all the same", async () => {
    const node = await fakeNode();
    running = await TestAgent.start(await fakeInventory([inventoryNode("rpc-0", node.url)]));
    const { code, text } = await running.get("/runbooks/NodeDown");
    expect(code).toBe(200);
    expect(text).toContain("it has no monitoring of its own");
    expect(text).toContain("<h2>Mitigation</h2>");
  });

  it("list all runbooks, and which fire", async () => {
    const agent = await start();
    await fire(agent, { alertname: "NodeDown", node: "rpc-0", severity: "critical" });
    const { text } = await agent.get("/runbooks/");
    expect(text).toMatch(/<a href="\/runbooks\/NodeDown">NodeDown<\/a> <b>fires now<\/b><\/td><td>warning<\/td>/);
    expect(text).toMatch(/NodeStalled<\/a><\/td><td>not made here<\/td>/);
  });

  it.each(["/runbooks/NodeDwn", "/runbooks/nodedown"])("suggest a name for %s", async (where) => {
    const agent = await start();
    const { code, text } = await agent.get(where);
    expect(code).toBe(404);
    expect(text).toContain('<a href="/runbooks/NodeDown">NodeDown</a>');
    const plain = await agent.get(`${where}?format=md`);
    expect(plain.code).toBe(404);
    expect(plain.text).toContain('did you mean "NodeDown"?');
  });

  it("show a name that is none as text", async () => {
    const agent = await start();
    const { code, text } = await agent.get("/runbooks/%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    // A slash inside of a name makes it another path.
    expect(code).toBe(404);
    expect(text).not.toContain("<script>alert");
    const odd = await agent.get("/runbooks/%3Cscript%3E");
    expect([odd.code, odd.text.match(/<script>/g)?.length]).toEqual([404, 1]);
  });

  it.each<[string, string, string | undefined, string]>([
    ["the address", "/runbooks/NodeDown?format=md", undefined, "markdown"],
    ["what is accepted", "/runbooks/NodeDown", "text/markdown", "markdown"],
    ["what is preferred", "/runbooks/NodeDown", "text/markdown, text/html;q=0.5", "markdown"],
    ["a browser", "/runbooks/NodeDown", "text/html,application/xhtml+xml,*/*;q=0.8", "html"],
    ["nobody's wish", "/runbooks/NodeDown", undefined, "html"],
    ["the index by its address", "/runbooks?format=md", undefined, "markdown"],
  ])("are Markdown or HTML by %s", async (_, where, accept, kind) => {
    const agent = await start();
    const { headers, text } = await agent.get(where, accept === undefined ? {} : { headers: { accept } });
    expect(headers.get("content-type")).toBe(`text/${kind}; charset=utf-8`);
    expect(headers.get("vary")).toBe("accept");
    expect(text.startsWith("# ")).toBe(kind === "markdown");
  });
});
