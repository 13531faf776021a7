import { FakeAgent, nodeStatus, statusOf } from "./fake-agent.fixture";
import { notYet, waitForCluster } from "./wait";

const soon = () => Date.now() + 20_000;
const at = (height: number, more = {}) =>
  statusOf({ networkState: { halted: false, height, secondsSinceProgress: 1 }, ...more });

describe("waitForCluster", () => {
  let agent: FakeAgent;
  beforeEach(async () => {
    agent = await new FakeAgent().listen();
  });
  afterEach(() => agent.close());
  const address = () => ({
    cluster: "devnet",
    stack: "local",
    url: agent.url,
    nodes: ["rpc-0", "mirror-0"],
    stateDir: undefined,
  });

  it("ends when a block was made and all nodes are ready", async () => {
    const lagging = nodeStatus("mirror-0", { ready: false, reasons: [{ code: "BEHIND", text: "9 blocks behind" }] });
    agent.answers = [at(5), at(5), at(6, { nodes: [nodeStatus("rpc-0"), lagging] }), at(7)];
    const told: string[] = [];
    const { status, missing } = await waitForCluster(address(), {
      until: soon(),
      everyMs: 1,
      tell: (texts) => void told.push(texts.join("; ")),
    });
    expect(missing).toEqual([]);
    expect(status?.networkState.height).toBe(7);
    expect(told).toEqual(["no new block seen yet", "no new block seen yet", "mirror-0: BEHIND"]);
  });

  it("waits for an agent that does not answer yet, and for nodes that it has not read yet", async () => {
    const url = agent.url;
    await agent.close();
    const waiting = waitForCluster({ ...address(), url }, { until: Date.now() + 1, everyMs: 1 });
    expect((await waiting).missing).toEqual([expect.stringContaining("does not answer")]);
    agent = await new FakeAgent().listen();
    agent.answers = [at(5, { nodes: [nodeStatus("rpc-0")] }), at(6, { nodes: [nodeStatus("rpc-0")] }), at(7)];
    const told: string[][] = [];
    await waitForCluster(address(), { until: soon(), everyMs: 1, tell: (texts) => void told.push([...texts]) });
    expect(told.at(-1)).toEqual(["mirror-0: not known to the agent yet"]);
  });

  it("gives up with what is still missing, and with the last that it saw", async () => {
    agent.answers = [at(5)];
    const { status, missing } = await waitForCluster(address(), { until: Date.now() + 1, everyMs: 1 });
    expect(missing).toEqual(["no new block seen yet"]);
    expect(status?.nodes).toHaveLength(2);
  });
});

describe("notYet", () => {
  it("does not take a halted network for one that is up", () => {
    const halted = statusOf({ networkState: { halted: true, height: 9, secondsSinceProgress: 60 } });
    const agent = { cluster: "devnet", stack: "local", url: "", nodes: [], stateDir: undefined };
    expect(notYet(agent, 5, halted)).toEqual(["the network stands still"]);
  });
});
