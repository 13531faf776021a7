import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { alertStatus, nodeStatus, statusOf } from "./agent/fake-agent.fixture";
import { CliWorld } from "./cli-world.fixture";

// One of the commands loads Pulumi's SDK, which takes a while on a busy machine.
jest.setTimeout(60_000);

describe("chainkeep", () => {
  let world: CliWorld;
  beforeEach(async () => {
    world = new CliWorld();
    await world.agent.listen();
  });
  afterEach(() => world.dispose());

  describe("status", () => {
    it("finds the project's agent, shows it, and exits with 0 when all is well", async () => {
      world.cluster();
      expect(await world.cli("status")).toBe(0);
      expect(world.out).toContain("devnet (cometbft, private), stack local");
      expect(world.out).toMatch(/^rpc-0 /m);
      expect(world.err).toBe("");
    });

    it("finds the project from a folder inside of it", async () => {
      world.cluster();
      mkdirSync("deep/er", { recursive: true });
      process.chdir("deep/er");
      expect(await world.cli("status")).toBe(0);
    });

    it.each([
      ["a node is not ready", statusOf({ nodes: [nodeStatus("rpc-0", { ready: false })] }), 1],
      ["the network stands", statusOf({ networkState: { halted: true, height: 1, secondsSinceProgress: 90 } }), 1],
      ["a critical alert fires", statusOf({ alerts: [alertStatus()] }), 1],
      ["an alert was resolved", statusOf({ alerts: [alertStatus({ state: "resolved" })] }), 0],
      ["a warning fires", statusOf({ alerts: [alertStatus({ severity: "warning" })] }), 0],
    ])("when %s", async (_what, answer, code) => {
      world.agent.answers = [answer];
      expect(await world.cli("status", "--agent", world.agent.url)).toBe(code);
    });

    it("prints the agent's JSON as it came", async () => {
      world.cluster();
      const text = `${JSON.stringify({ ...statusOf(), somethingNew: [1, 2] }, undefined, 1)}\n`;
      world.agent.answers = [text];
      expect(await world.cli("status", "--json")).toBe(0);
      expect(world.out).toBe(text);
    });

    it("exits with 3 and says why when the agent does not answer", async () => {
      world.cluster();
      await world.agent.close();
      expect(await world.cli("status")).toBe(3);
      expect(world.err).toMatch(
        /^chainkeep: http:\/\/127\.0\.0\.1:\d+\/status does not answer \(.*\).* \[AGENT_UNREACHABLE\]\n$/,
      );
    });

    it.each([
      ["something else", "<html>hello</html>", 200, /answers "<html>hello<\/html>", which is no status.*\[NO_STATUS\]/],
      ["another form", '{"schemaVersion":2}', 200, /\[NO_STATUS\]/],
      ["an error", "{}", 500, /status code 500.*\[AGENT_UNREACHABLE\]/],
      [
        "another cluster",
        JSON.stringify(statusOf({ cluster: "other" })),
        200,
        /cluster other of stack local.*\[OTHER_AGENT\]/,
      ],
    ])("exits with 3 when %s answers", async (_what, text, code, reason) => {
      world.cluster();
      world.agent.answers = [text];
      world.agent.code = code;
      expect(await world.cli("status")).toBe(3);
      expect(world.err).toMatch(reason);
    });

    it("exits with 3 when nothing was ever started, and says how to", async () => {
      expect(await world.cli("status")).toBe(3);
      expect(world.err).toMatch(/no cluster of stack local .*npm start.*\[NO_AGENT\]/);
    });

    it("shows all clusters, and one of them as JSON", async () => {
      world.cluster("a");
      world.cluster("b");
      world.agent.answers = [JSON.stringify(statusOf({ cluster: "b" }))];
      expect(await world.cli("status", "--json")).toBe(2);
      expect(world.err).toMatch(/--cluster: a, b \[MANY_CLUSTERS\]/);
      expect(await world.cli("status", "--json", "--cluster", "b")).toBe(0);
      expect(await world.cli("status", "--cluster", "c")).toBe(2);
      expect(world.err).toMatch(/got "c"; this stack has a, b \[NO_CLUSTER\]/);
    });

    it("says that an inventory is torn", async () => {
      const stateDir = world.cluster();
      writeFileSync(path.join(stateDir, "agent", "agent.json"), '{"cluster": "dev');
      expect(await world.cli("status")).toBe(1);
      expect(world.err).toMatch(/agent\.json is no inventory.*\[BAD_INVENTORY\]/);
    });
  });

  describe("usage", () => {
    it.each([
      [["stats"], /^chainkeep: unknown command 'stats' \(Did you mean status\?\) \[USAGE\]\n$/],
      [["status", "--jsn"], /unknown option '--jsn' \(Did you mean --json\?\) \[USAGE\]/],
      [["logs"], /missing required argument 'process' \[USAGE\]/],
      [["start", "--timeout", "soon"], /'soon' is invalid\. Use a number with s, m or h.*\[USAGE\]/],
      [["start", "--timeout", "0s"], /\[USAGE\]/],
      [["status", "--stack", "../x"], /--stack: got "\.\.\/x".*\[STACK_NAME\]/],
      [["status", "--agent", "localhost:26680"], /--agent: got "localhost:26680"; use an address.*\[AGENT_URL\]/],
      [["tools", "acmed"], /got acmed; use any of .*cometbft.*\[UNKNOWN_TOOL\]/],
    ])("%j exits with 2 and one line", async (args, line) => {
      expect(await world.cli(...args)).toBe(2);
      expect(world.err).toMatch(line);
      expect(world.err.trimEnd()).not.toContain("\n");
    });

    it("needs a project", async () => {
      process.chdir("/");
      expect(await world.cli("env")).toBe(2);
      expect(world.err).toMatch(/no Pulumi\.yaml in \/ or above.*\[NO_PROJECT\]/);
    });

    it.each(["doctor", "setup", "env", "start", "stop", "status", "logs", "attach", "tools"])(
      "%s has --help",
      async (name) => {
        expect(await world.cli(name, "--help")).toBe(0);
        expect(world.out).toContain(`Usage: chainkeep ${name}`);
      },
    );

    it("tells its version", async () => {
      expect(await world.cli("--version")).toBe(0);
      expect(world.out).toBe("9.9.9\n");
    });
  });
});
