import { statusOf } from "../agent/fake-agent.fixture";
import { CliWorld } from "../cli-world.fixture";
import { activeAlert, FakeMonitoring, routedAlert } from "../monitoring/fake-monitoring.fixture";

let world: CliWorld;
let monitoring: FakeMonitoring;

beforeEach(async () => {
  world = new CliWorld();
  await world.agent.listen();
  monitoring = await new FakeMonitoring().listen();
  world.cluster();
  world.agent.answers = [statusOf({ prometheusUrl: monitoring.url, alertmanagerUrl: monitoring.url })];
});

afterEach(async () => {
  await monitoring.close();
  await world.dispose();
});

describe("chainkeep alerts", () => {
  const down = activeAlert({ alertname: "NodeDown", node: "rpc-0" });
  const lag = activeAlert({ alertname: "NodeSyncLag", node: "rpc-0", severity: "warning" });
  const late = activeAlert({ alertname: "NoPeers", node: "mirror-0" }, { state: "pending" });
  const watchdog = activeAlert({ alertname: "Watchdog", severity: "none" });

  it("says that all is quiet, and the watchdog is no alert", async () => {
    monitoring.active = [watchdog];
    expect(await world.cli("alerts")).toBe(0);
    expect(world.out).toBe("No alert fires, and none is about to.\n");
  });

  it("lists the worst first, tells what is kept back and by what, and ends with 1", async () => {
    monitoring.active = [late, lag, watchdog, down];
    monitoring.routed = [
      routedAlert(down),
      routedAlert(lag, { state: "suppressed", inhibitedBy: ["abc"] }),
      routedAlert(watchdog),
    ];
    expect(await world.cli("alerts")).toBe(1);
    const lines = world.out.split("\n").map((line) => line.split(/ {2,}/));
    expect(
      lines.slice(1, 4).map(([state, , severity, owner, name, summary]) => [state, severity, owner, name, summary]),
    ).toEqual([
      ["FIRING", "critical", "ops", "NodeDown", "NodeDown of rpc-0"],
      ["inhibited", "warning", "ops", "NodeSyncLag", "NodeSyncLag of rpc-0"],
      ["pending", "critical", "ops", "NoPeers", "NoPeers of mirror-0"],
    ]);
    expect(world.out).toContain("npx chainkeep explain NodeDown");
  });

  it("ends with 0 when what is critical is silenced, or does not hold long enough yet", async () => {
    monitoring.active = [down, late];
    monitoring.routed = [routedAlert(down, { state: "suppressed", silencedBy: ["s-1"] })];
    expect(await world.cli("alerts", "--json")).toBe(0);
    const { alerts, schemaVersion } = JSON.parse(world.out) as {
      alerts: Record<string, unknown>[];
      schemaVersion: number;
    };
    expect(schemaVersion).toBe(1);
    expect(alerts).toEqual([
      {
        cluster: "devnet",
        name: "NodeDown",
        state: "silenced",
        severity: "critical",
        owner: "ops",
        node: "rpc-0",
        labels: down.labels,
        value: 1,
        activeAt: 1_795_514_401,
        summary: "NodeDown of rpc-0",
        description: "what it says",
        runbookUrl: "http://127.0.0.1:26680/runbooks/NodeDown",
        dashboardUrl: null,
        silencedBy: ["s-1"],
      },
      expect.objectContaining({ name: "NoPeers", state: "pending" }),
    ]);
  });

  it("tells apart a stack without monitoring, and one whose Prometheus is away or talks nonsense", async () => {
    world.agent.answers = [statusOf()];
    expect(await world.cli("alerts")).toBe(2);
    expect(world.err).toMatch(/^chainkeep: devnet has no monitoring; turn it on .* \[NO_MONITORING\]\n$/);
    world.agent.answers = [statusOf({ prometheusUrl: "http://127.0.0.1:1", alertmanagerUrl: monitoring.url })];
    expect(await world.cli("alerts")).toBe(3);
    expect(world.err).toMatch(/\/api\/v1\/alerts does not answer .* \[PROMETHEUS_UNREACHABLE\]\n$/);
    world.agent.answers = [statusOf({ prometheusUrl: monitoring.url, alertmanagerUrl: monitoring.url })];
    monitoring.nonsense = "<html>hello</html>";
    expect(await world.cli("alerts")).toBe(3);
    expect(world.err).toContain("which was not expected");
  });
});

describe("chainkeep silence", () => {
  it("keeps back one alert of one node of this stack for a while, and says how to end that", async () => {
    const before = Date.now();
    const code = await world.cli(
      "silence",
      "NodeDown",
      "--node",
      "rpc-0",
      "--for",
      "30m",
      "--comment",
      "new disk",
      "--by",
      "kim",
    );
    expect([code, world.err]).toEqual([0, ""]);
    expect(world.out).toBe("Silenced NodeDown of rpc-0 for 30 min. End it with: npx chainkeep silence --end id-1\n");
    const [silence] = monitoring.silences;
    const equal = (name: string, value: string) => ({ name, value, isRegex: false, isEqual: true });
    expect(silence?.matchers).toEqual([
      equal("alertname", "NodeDown"),
      equal("node", "rpc-0"),
      equal("network", "private"),
      equal("stack", "local"),
    ]);
    expect([silence?.comment, silence?.createdBy]).toEqual(["new disk", "kim"]);
    const [from, to] = [silence?.startsAt, silence?.endsAt].map((time) => Date.parse(time ?? ""));
    expect((to ?? 0) - (from ?? 0)).toBe(1_800_000);
    expect(from).toBeGreaterThanOrEqual(before);
  });

  it("lists what is kept back, and ends it", async () => {
    await world.cli("silence", "NoPeers", "--for", "2h");
    expect(await world.cli("silence")).toBe(0);
    expect(world.out).toMatch(/id-1 +NoPeers network=private stack=local +2 h 0 min|id-1 .* 120 min/);
    expect(await world.cli("silence", "--end", "id-1")).toBe(0);
    expect(await world.cli("silence")).toBe(0);
    expect(world.out).toBe("Nothing is silenced.\n");
    expect(await world.cli("silence", "--end", "id-9")).toBe(2);
    expect(world.err).toContain("[SILENCE_UNKNOWN]");
  });

  it.each([
    [["NodeDwn"], /"NodeDwn", which is no alert; did you mean "NodeDown".* \[ALERT_UNKNOWN\]/],
    [["Watchdog"], /cannot be silenced.* \[SILENCE_WATCHDOG\]/],
    [["NodeDown", "--node", "rpc-9"], /--node: got "rpc-9"; devnet has rpc-0, mirror-0.* \[UNKNOWN_NODE\]/],
    [["NodeDown", "--for", "1000h"], /more than 30 days.* \[SILENCE_LONG\]/],
    [["NodeDown", "--for", "soon"], /--for .* \[USAGE\]/],
    [["NodeDown", "--end", "id-1"], /--end takes the id alone.* \[USAGE\]/],
  ])("refuses %j and silences nothing", async (args, message) => {
    expect(await world.cli("silence", ...args)).toBe(2);
    expect(world.err).toMatch(message);
    expect(monitoring.silences).toEqual([]);
  });
});

describe("chainkeep explain", () => {
  const figures = {
    name: "MetricsContractBroken",
    severity: "warning",
    owner: "dev",
    forSeconds: 120,
    threshold: 10,
    expr: "x > 10",
    current: "abs(chain:native_height - chain:height)",
  };
  const watched = { monitoring: { prometheusUrl: "", alertmanagerUrl: "", alerts: [figures] } };

  it("prints the runbook with the figures of this stack, and what they are now", async () => {
    world.cluster("devnet", watched);
    monitoring.samples = [{ metric: { node: "rpc-0", client: "cometbft" }, value: [1, "3"] }];
    expect(await world.cli("explain", "MetricsContractBroken")).toBe(0);
    expect(monitoring.queries).toEqual([figures.current]);
    for (const title of ["Meaning", "Impact", "Diagnosis", "Mitigation"]) expect(world.out).toContain(`\n${title}\n`);
    expect(world.out).toMatch(/Must hold for +120 s/);
    expect(world.out).toMatch(/Now, in devnet\nIt does not fire\.\nrpc-0 +3 blocks +limit 10 blocks\n/);
    for (const line of world.out.split("\n")) expect(line.length).toBeLessThan(160);
  });

  it("says that it fires, and for whom", async () => {
    world.cluster("devnet", watched);
    monitoring.active = [
      activeAlert({ alertname: "MetricsContractBroken", node: "rpc-0" }),
      activeAlert({ alertname: "NodeDown" }),
    ];
    expect(await world.cli("explain", "MetricsContractBroken")).toBe(0);
    expect(world.out).toContain("FIRING: MetricsContractBroken of rpc-0. what it says");
    expect(world.out).not.toContain("It does not fire");
    expect(world.out).toContain("No value now of abs(chain:native_height - chain:height)\n");
    expect(world.out).not.toContain("NodeDown of");
  });

  it("prints the runbook although nothing answers, and says why there are no values", async () => {
    world.agent.code = 500;
    expect(await world.cli("explain", "NodeDown")).toBe(0);
    expect(world.out).toMatch(/^NodeDown: [\s\S]*Mitigation/);
    expect(world.err).toMatch(/^chainkeep: without current values: .* \[AGENT_UNREACHABLE\]/);
  });

  it("has JSON for scripts, and refuses a name that is none", async () => {
    world.cluster("devnet", watched);
    monitoring.samples = [{ metric: { node: "rpc-0" }, value: [1, "3"] }];
    expect(await world.cli("explain", "MetricsContractBroken", "--json")).toBe(0);
    expect(JSON.parse(world.out)).toMatchObject({
      schemaVersion: 1,
      name: "MetricsContractBroken",
      clusters: [{ cluster: "devnet", figures, current: [{ labels: { node: "rpc-0" }, value: 3 }], active: [] }],
    });
    expect(await world.cli("explain", "NodeDwn")).toBe(2);
    expect(world.err).toContain('did you mean "NodeDown"');
  });
});
