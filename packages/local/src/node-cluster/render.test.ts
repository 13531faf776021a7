import { planCluster } from "@chainkeep/core";
import { hostPortsOf } from "../layout/host-ports";
import { localLayout } from "../layout/layout";
import { fileMap, type Programs, renderAgent, renderProcess, splitShared, usesShared } from "./render";

const programs: Programs = { node: "/bin/node", agentBundle: "/lib/agent.cjs", find: (name) => `/bin/${name}` };
const layout = localLayout("/state", hostPortsOf(undefined));

const processes = (chain: { protocol: string; network: string }, kind: "full" | "light" | "validator" = "full") => {
  const nodes = { v: { kind: "validator" as const, count: 2 }, x: { kind } };
  const groups = chain.protocol === "cometbft" && chain.network === "private" ? nodes : { x: { kind } };
  const plan = planCluster("dev", { chain, nodes: groups, monitoring: { receivers: "none" } }, layout);
  return { plan, of: plan.nodes.find((n) => n.group === "x")?.processes ?? [] };
};

describe("renderProcess", () => {
  it("is the client's own command line below the node's directory, stopped in the client's way", () => {
    const [node] = processes({ protocol: "cometbft", network: "private" }).of;
    const rendered = renderProcess(node!, programs);
    expect(rendered).toMatchObject({
      name: "x-0",
      command: ["/bin/cometbft", "start", "--home", "/state/dev/nodes/x-0", expect.stringMatching(/^--proxy_app=/)],
      workingDir: "/state/dev/nodes/x-0",
      stopSignal: "SIGTERM",
      graceSeconds: 60,
      prepare: [],
    });
    expect(rendered.argsFile).toBeUndefined();
  });

  it("runs each process of a pair in a directory of its own, with ports of its own", () => {
    const { of } = processes({ protocol: "ethereum", network: "mainnet" });
    const rendered = of.map((p) => renderProcess(p, programs));
    expect(rendered.map((r) => [r.name, r.command[0], r.workingDir])).toEqual([
      ["x-0-execution", "/bin/geth", "/state/dev/nodes/x-0/execution"],
      ["x-0-consensus", "/bin/lighthouse", "/state/dev/nodes/x-0/consensus"],
    ]);
    const ports = rendered.flatMap((r) => r.ports);
    expect(ports.length).toBeGreaterThan(2);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it("prepares with the agent, and appends the words of the file that it writes", () => {
    const [light] = processes({ protocol: "cometbft", network: "private" }, "light").of;
    const rendered = renderProcess(light!, programs);
    expect(rendered.prepare[0]?.slice(0, 3)).toEqual(["/bin/node", "/lib/agent.cjs", "light-trust"]);
    expect(rendered.argsFile).toMatch(/^\/state\/dev\/nodes\/x-0\/\S+$/);
  });

  it("tries only ports that TCP can tell something of", () => {
    const { of } = processes({ protocol: "ethereum", network: "mainnet" });
    for (const process of of) {
      const udp = process.portDefinitions.filter((p) => p.transport === "udp").map((p) => process.ports[p.name]);
      const { ports } = renderProcess(process, programs);
      expect(ports.filter((port) => udp.includes(port))).toEqual([]);
      expect(ports).toHaveLength(process.portDefinitions.length - udp.length);
    }
  });
});

describe("renderAgent", () => {
  it("runs the bundle with its inventory", () => {
    expect(renderAgent({ directory: "/state/dev/agent", ports: [1, 2] }, programs)).toMatchObject({
      name: "agent",
      command: ["/bin/node", "/lib/agent.cjs", "run", "--inventory", "/state/dev/agent/agent.json"],
      workingDir: "/state/dev/agent",
      ports: [1, 2],
    });
  });

  it("is not killed before it has started the node that it copies", () => {
    // The agent waits two minutes for a node that it has stopped, and five seconds for requests after that.
    expect(renderAgent({ directory: "/d", ports: [] }, programs).graceSeconds).toBeGreaterThan(125);
  });
});

describe("files", () => {
  it("keep mode and createOnly where they are given", () => {
    const files = [
      { path: "a", content: "1" },
      { path: "data/b", content: "2", mode: "0600", createOnly: true },
    ];
    expect(fileMap(files)).toEqual({ a: { content: "1" }, "data/b": { content: "2", mode: "0600", createOnly: true } });
  });

  it("are split into the process's own and those of the shared directory", () => {
    const own = { path: "key", content: "k" };
    const shared = { path: "shared:jwt.hex", content: "j", mode: "0600" };
    expect(splitShared([own, shared])).toEqual({ own: [own], shared: [{ ...shared, path: "jwt.hex" }] });
  });

  it("are shared where a client keeps a key in the shared directory", () => {
    const uses = (protocol: string, network: string) =>
      processes({ protocol, network }).plan.nodes.map((node) => usesShared(node));
    expect(uses("ethereum", "mainnet")).toEqual([true]);
    expect(uses("cometbft", "private")).toEqual([false, false, false]);
  });
});
