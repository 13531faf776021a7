import { isRunning, LocalStack, matches, portsOf, until } from "../stack";
import { renderAndCheck, silenceAndEnd } from "./commands";
import { reportPanels } from "./panels";

const NODES = ["light-0", "mirror-0", "rpc-0", "validators-0", "validators-1", "validators-2", "validators-3"];
const MINUTES = 60_000;

/** One stack, walked through in order: each test leaves it healthy for the next. */
describe("stacks/local", () => {
  const stack = new LocalStack({ ports: portsOf(0) });
  const pids = () => stack.pids();
  const pidOf = (name: string) => stack.pidOf(name);
  const height = async () => (await stack.status()).networkState.height ?? 0;
  const allReady = () =>
    until(
      "all nodes ready",
      () => stack.status(),
      (s) => s.nodes.length >= 7 && s.nodes.every((n) => n.ready && (n.lagBlocks ?? 0) <= 2),
      120,
    );
  const firing = async () => (await stack.status()).alerts.filter((a) => a.state === "firing").map((a) => a.name);
  const ask = async () => {
    const answer = await fetch(`http://127.0.0.1:${stack.ports.rpc}/status`, { signal: AbortSignal.timeout(8000) });
    return {
      code: answer.status,
      node: answer.headers.get("x-chainkeep-node"),
      body: (await answer.json()) as unknown,
    };
  };

  beforeAll(() => stack.setUp(), 40 * MINUTES);

  afterAll(() => stack.dispose(), 5 * MINUTES);

  it(
    "comes up with seven nodes at rising height, all ready",
    async () => {
      const start = await stack.cli("start");
      expect(`${start.code}\n${start.stdout}\n${start.stderr}`).toMatch(/^0\n/);
      const status = await stack.status();
      expect(status.nodes.map((n) => n.name).sort()).toEqual(NODES);
      expect(status.nodes.filter((n) => !n.ready)).toEqual([]);
      for (const name of NODES) expect(start.stdout).toContain(name);
      const before = await height();
      await until("rising height", height, (h) => h > before + 2, 30);
      expect((await ask()).node).toBe("rpc-0");
    },
    10 * MINUTES,
  );

  it(
    "has nothing to change the second time, and restarts nobody",
    async () => {
      const before = await pids();
      const again = await stack.cli("start");
      expect(again.code).toBe(0);
      expect(again.stdout).toMatch(/nothing to change|unchanged/i);
      expect(again.stdout).not.toMatch(/\b\d+ (created|updated|deleted|replaced)\b/);
      expect(await pids()).toEqual(before);
    },
    5 * MINUTES,
  );

  it(
    "scrapes every node and the agent",
    async () => {
      const query = async (expr: string) => {
        const url = `http://127.0.0.1:${stack.ports.prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`;
        const answer = (await (await fetch(url)).json()) as { data: { result: { metric: { node?: string } }[] } };
        return answer.data.result.map((r) => r.metric.node).sort();
      };
      await until(
        "canonical series of every node",
        () => query("chain:up == 1"),
        (names) => names.length === 7,
        30,
      );
      expect(await query("chain:up == 1")).toEqual(NODES);
      // The light proxy has no metrics of its own.
      const native = () => query('cometbft_consensus_latest_block_height{job=~"chain-node-.*"}');
      await until("native metrics", native, (names) => names.length === 6, 30);
    },
    2 * MINUTES,
  );

  it(
    "has data for every panel of every board",
    async () => {
      await ask();
      const report = await until(
        "data in every panel",
        () => reportPanels(`http://127.0.0.1:${stack.ports.prometheus}`),
        ({ missing }) => missing.length === 0,
        180,
      );
      expect(report.answered).toBeGreaterThan(60);
      for (const line of report.excused) process.stderr.write(`panel without data: ${line}\n`);
    },
    5 * MINUTES,
  );

  it(
    "answers a person's commands about alerts",
    async () => {
      // What the start itself caused stays visible for half a minute.
      await until(
        "nothing critical fires",
        () => stack.cli("alerts"),
        ({ code }) => code === 0,
        120,
      );
      const explained = await stack.cli("explain", "NodeSyncLag");
      expect(explained.stdout).toMatch(
        /Now, in devnet\nIt does not fire\.\n[\s\S]*rpc-0 full +\d blocks +limit 5 blocks/,
      );
      expect(explained.stdout).toContain("\nMitigation\n");
      await silenceAndEnd(stack, "NodeDown", "rpc-0");
      expect(await renderAndCheck(stack)).toEqual(
        expect.arrayContaining([
          "devnet/alertmanager/alertmanager.yml",
          "devnet/grafana/dashboards/fleet.json",
          "devnet/prometheus/prometheus.yml",
          "devnet/prometheus/rules.yml",
        ]),
      );
      const page = await fetch(`http://127.0.0.1:${stack.ports.agent}/`);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("validators-3")]);
    },
    5 * MINUTES,
  );

  it.each(["validators-1", "mirror-0", "light-0", "rpc-0"])(
    "brings %s back after kill -9, others undisturbed, and tells",
    async (name) => {
      const before = await pids();
      process.kill(await pidOf(name), "SIGKILL");
      await until(
        `${name} not ready`,
        () => stack.node(name),
        (n) => !n.ready && n.reasons.length > 0,
        20,
      );
      const told = async () => (await stack.status()).alerts.filter((a) => a.name === "NodeDown" && a.node === name);
      await until(`NodeDown of ${name}`, told, (alerts) => alerts.length > 0, 60);
      await until(
        `${name} ready again`,
        () => stack.node(name),
        (n) => n.ready,
        60,
      );
      const after = await pids();
      expect(after[name]).not.toBe(before[name]);
      expect({ ...after, [name]: 0 }).toEqual({ ...before, [name]: 0 });
    },
    3 * MINUTES,
  );

  it(
    "takes a frozen node out of rotation within two intervals and a timeout, and back in",
    async () => {
      await allReady();
      const pid = await pidOf("rpc-0");
      process.kill(pid, "SIGSTOP");
      try {
        // Two intervals of 2 s and a timeout of 1.5 s, and a second for the clock of this test.
        await until(
          "out of rotation",
          () => stack.node("rpc-0"),
          (n) => !n.inRotation,
          6.5,
        );
        // Behind first, perhaps, as the others go on; silent soon after.
        const silent = {
          code: 503,
          body: { group: "rpc", nodes: [{ node: "rpc-0", reasons: [{ code: "NO_ANSWER" }] }] },
        };
        await until("a refusal with its reason", ask, (answer) => matches(answer, silent), 10);
      } finally {
        process.kill(pid, "SIGCONT");
      }
      await until("back in rotation", ask, (answer) => answer.code === 200 && answer.node === "rpc-0", 30);
      expect(await pidOf("rpc-0")).toBe(pid);
    },
    2 * MINUTES,
  );

  it(
    "serves again after the agent was killed, and no node noticed",
    async () => {
      await allReady();
      const { agent, ...nodes } = await pids();
      if (!agent) throw new Error("the agent does not run");
      process.kill(agent, "SIGKILL");
      await until(
        "a new agent",
        () => pidOf("agent"),
        (pid) => pid !== agent,
        30,
      );
      await allReady();
      await until("requests are served", ask, (answer) => answer.code === 200, 30);
      const { agent: next, ...after } = await pids();
      expect(next).not.toBe(agent);
      expect(after).toEqual(nodes);
    },
    2 * MINUTES,
  );

  it(
    "tells of a halted network, keeps nodes ready, and recovers",
    async () => {
      await allReady();
      const stopped = [await pidOf("validators-2"), await pidOf("validators-3")];
      for (const pid of stopped) process.kill(pid, "SIGSTOP");
      try {
        await until("NetworkHalted fires", firing, (names) => names.includes("NetworkHalted"), 120);
        const status = await until(
          "network seen halted",
          () => stack.status(),
          (s) => s.networkState.halted,
          60,
        );
        const ready = Object.fromEntries(status.nodes.map((n) => [n.name, n.ready]));
        expect(ready).toMatchObject({
          "rpc-0": true,
          "mirror-0": true,
          "validators-0": true,
          "validators-1": true,
          "validators-2": false,
        });
        expect((await ask()).code).toBe(200);
      } finally {
        for (const pid of stopped) process.kill(pid, "SIGCONT");
      }
      const stood = await height();
      await until("blocks flow again", height, (h) => h > stood + 2, 120);
      await allReady();
      await until("NetworkHalted resolved", firing, (names) => !names.includes("NetworkHalted"), 90);
    },
    6 * MINUTES,
  );

  it(
    "adds a node and removes it without touching the others",
    async () => {
      const before = await pids();
      await stack.pulumi("config", "set", "chainkeep:rpcCount", "2", "--stack", "local");
      const preview = await stack.pulumi("preview", "--diff", "--stack", "local", "--non-interactive");
      expect(`${preview.code}\n${preview.stderr}`).toMatch(/^0\n/);
      expect(preview.stdout).toContain("rpc-1");
      // The diff shows files too, whose texts have these words.
      expect(preview.stdout).not.toMatch(/\((?:replace|delete)/);
      const up = await stack.pulumi("up", "--yes", "--stack", "local", "--non-interactive", "--skip-preview");
      expect(`${up.code}\n${up.stdout}`).toMatch(/^0\n/);
      const { "rpc-1": added, ...others } = await pids();
      expect(added).toBeGreaterThan(0);
      expect(others).toEqual(before);
      await until(
        "rpc-1 in rotation",
        () => stack.node("rpc-1"),
        (n) => n.ready && n.inRotation && (n.lagBlocks ?? 99) <= 3,
        90,
      );
      const answers = async () => [(await ask()).node, (await ask()).node, (await ask()).node, (await ask()).node];
      await until("both answer", answers, (names) => new Set(names).size === 2, 30);

      await stack.pulumi("config", "set", "chainkeep:rpcCount", "1", "--stack", "local");
      const down = await stack.pulumi("up", "--yes", "--stack", "local", "--non-interactive", "--skip-preview");
      expect(`${down.code}\n${down.stdout}`).toMatch(/^0\n/);
      expect(await pids()).toEqual(before);
      await until(
        "rpc-1 forgotten",
        () => stack.status(),
        (s) => !s.nodes.some((n) => n.name === "rpc-1"),
        30,
      );
    },
    6 * MINUTES,
  );

  it(
    "sees a process that somebody removed, and puts it back",
    async () => {
      const before = await pids();
      await stack.supervisor.stop("mirror-0");
      const refresh = await stack.pulumi("refresh", "--yes", "--stack", "local", "--non-interactive", "--skip-preview");
      expect(refresh.stdout).toMatch(/devnet-mirror-0\b.*deleted|1 deleted/);
      const up = await stack.pulumi("up", "--yes", "--stack", "local", "--non-interactive", "--skip-preview");
      expect(`${up.code}\n${up.stdout}`).toMatch(/^0\n/);
      await until(
        "mirror-0 ready",
        () => stack.node("mirror-0"),
        (n) => n.ready,
        90,
      );
      const after = await pids();
      expect({ ...after, "mirror-0": 0 }).toEqual({ ...before, "mirror-0": 0 });
    },
    4 * MINUTES,
  );

  it(
    "stops everything that it started, keeps the chain's data, and goes on with it",
    async () => {
      const reached = await height();
      const running = Object.values(await pids());
      const stop = await stack.cli("stop");
      expect(`${stop.code}\n${stop.stdout}\n${stop.stderr}`).toMatch(/^0\n/);
      expect(running.filter((pid) => pid && isRunning(pid))).toEqual([]);
      const start = await stack.cli("start");
      expect(`${start.code}\n${start.stdout}\n${start.stderr}`).toMatch(/^0\n/);
      expect(await height()).toBeGreaterThanOrEqual(reached);
    },
    8 * MINUTES,
  );
});
