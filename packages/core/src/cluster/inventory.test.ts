import fc from "fast-check";
import { findProtocol, protocolNames } from "../chains/catalogue";
import { ConfigError } from "../errors/errors";
import { requestsBefore } from "../health/placeholders";
import type { HealthProbe } from "../health/types";
import { podLayout, toy } from "../testing/toy-protocol.fixture";
import { parseInventory } from "./inventory";
import { inventoryOf } from "./inventory-of";
import type { AgentInventory } from "./inventory-types";
import { planCluster } from "./plan";

const plan = planCluster(
  "eth",
  {
    chain: { definition: toy, network: "main" },
    nodes: { rpc: { kind: "full", count: 2 } },
    monitoring: { receivers: "none" },
  },
  podLayout,
);
const at = { host: "127.0.0.1", port: 7780 };
const sound = (): AgentInventory => inventoryOf(plan, { stack: "prod", listen: at, proxy: { ...at, port: 7781 } });

/** A copy with one place changed; `undefined` removes it. */
function broken(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(sound()));
  const keys = path.split(".");
  const last = keys.pop() as string;
  const parent = keys.reduce((at, key) => at[key], copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

function problems(input: unknown): string[] {
  try {
    parseInventory(input);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("parseInventory", () => {
  it("gives back what a plan says, also after a round trip through a file", () => {
    expect(parseInventory(sound())).toEqual(sound());
    expect(parseInventory(JSON.parse(JSON.stringify(sound())))).toEqual(sound());
  });

  it("accepts the health questions of every client that there is", () => {
    const clients = protocolNames().flatMap((name) => findProtocol(name)?.clients ?? []);
    expect(clients.length).toBeGreaterThan(0);
    const questions = Object.fromEntries(clients.map((c) => [c.name, c.health]));
    expect(parseInventory({ ...sound(), questions: { ...sound().questions, ...questions } }).questions).toMatchObject(
      questions,
    );
  });

  it("tells all problems at once, path first, with what is allowed and a code", () => {
    const bad = { ...(broken("probe.timeoutMs", 0) as object), limitz: 1, schemaVersion: 2 };
    expect(problems(bad)).toEqual([
      "Inventory agent.json has 3 problems:",
      "  schemaVersion: got 2; use 1, or the agent that belongs to this file [SCHEMA_VERSION]",
      "  probe.timeoutMs: got 0; use a whole number from 1 to 600000 [INVENTORY_FIELD]",
      expect.stringMatching(/^ {2}limitz: unknown key; did you mean "limits"; .*\[UNKNOWN_KEY\]$/),
    ]);
  });

  const value = { from: "status", path: "x", as: "decimal" };
  it.each<[string, unknown, string]>([
    ["nodes.0.processes.0.probeUrl", "ftp://x", 'nodes[0].processes[0].probeUrl: got "ftp://x"; use an address'],
    ["nodes.0.processes.0.probeUrl", "http://a:b@c", "[INVENTORY_FIELD]"],
    ["nodes.0.processes.0.probeUrl", undefined, "missing; give an http or https address [INVENTORY_FIELD]"],
    ["nodes.0.processes.0.basicAuthFile", "relative", "[INVENTORY_FIELD]"],
    ["nodes.0.processes.0.questions", "toydd", 'did you mean "toyd" [QUESTIONS_UNKNOWN]'],
    ["nodes.0.processes.0.questions", "__proto__", "[QUESTIONS_UNKNOWN]"],
    ["nodes.0.processes", [], "nodes[0].processes: got []; use at least one process [INVENTORY_FIELD]"],
    ["nodes.1.name", "rpc-0", 'nodes[1].name: got "rpc-0" twice; use a name once [NAME_TWICE]'],
    ["nodes.0.kind", "ful", 'did you mean "full" [INVENTORY_FIELD]'],
    ["nodes.0.name", "a/b", "[INVENTORY_FIELD]"],
    ["proxy.writes", "send(", 'proxy.writes: got "send("; use a regular expression [INVENTORY_FIELD]'],
    ["proxy.defaultGroup", "rcp", 'proxy.defaultGroup: got "rcp"; use a group of these nodes: "rpc"'],
    ["listen.port", 70_000, "listen.port: got 70000; use a whole number from 1 to 65535 [INVENTORY_FIELD]"],
    ["limits.staleSeconds", Number.NaN, "[INVENTORY_FIELD]"],
    [
      "questions.toyd.head.height.from",
      "stats",
      'questions.toyd.head.height.from: got "stats"; use the name of a request',
    ],
    ["questions.toyd.head.peers", value, ""],
    ["questions.toyd.head.timestamp", { slot: value, genesisTime: value, secondsPerSlot: 12 }, ""],
    [
      "questions.toyd.head.timestamp",
      { slot: value, genesisTime: value },
      "questions.toyd.head.timestamp.secondsPerSlot: missing",
    ],
    [
      "questions.toyd.head.timestamp",
      { from: "status", path: "x", as: "tme" },
      'did you mean "time" [INVENTORY_FIELD]',
    ],
    ["questions.toyd.head.timestamp", { ...value, form: 1 }, "unknown key form; remove it [UNKNOWN_KEY]"],
    ["questions.toyd.head.timestamp", 7, "questions.toyd.head.timestamp"],
    ["questions.toyd.faults", [{ value: { ...value, from: "no" }, code: "A", text: "b" }], "faults[0].value.from"],
    ["questions.toyd.requests.status", {}, "questions.toyd.requests.status: got neither or both"],
    ["questions.toyd.requests.status", { get: "/a", rpc: { method: "b" } }, "[REQUEST_FORM]"],
    ["questions.toyd.requests.status", { get: "status" }, "[INVENTORY_FIELD]"],
    ["questions.toyd.requests.status", { get: "/block/$height" }, "questions.toyd.requests.status: got a placeholder"],
    ["questions.toyd.checkpoint", { request: { get: "/block/$checkpoint" }, path: "hash" }, ""],
    [
      "questions.toyd.checkpoint",
      { request: { get: "/block/latest" }, path: "hash" },
      "questions.toyd.checkpoint.request: got no height; put $checkpoint",
    ],
    ["questions.toyd.requests.status", { get: "/block/$checkpoint" }, "[CHECKPOINT_HEIGHT]"],
    ["reference", { questions: "toyd", probeUrl: "https://rpc.example.org/v1" }, ""],
    [
      "reference",
      { questions: "toydd", probeUrl: "https://rpc.example.org" },
      'reference.questions: got "toydd"; use a key',
    ],
    ["reference", { questions: "toyd", probeUrl: "rpc.example.org" }, "reference.probeUrl"],
    ["reorgBlocks", 3, ""],
    ["reorgBlocks", -1, "reorgBlocks: got -1; use a whole number from 0"],
    ["checkpointBlocks", 0, "checkpointBlocks: got 0; use a whole number from 1"],
  ])("at %s, %j", (path, change, expected) => {
    const [, ...lines] = problems(broken(path, change));
    if (expected === "") expect(lines).toEqual([]);
    else expect(lines.join("\n")).toContain(expected);
    for (const line of lines) expect(line).toMatch(/^ {2}\S+: .+ \[[A-Z_]+\]$/);
  });

  it("answers anything with problems and never with a crash", () => {
    fc.assert(
      fc.property(fc.anything(), (garbage) => {
        expect(problems(garbage)[0]).toMatch(/^Inventory agent\.json has \d+ problems?:$/);
      }),
    );
  });

  it("answers a sound inventory with anything in one place with a problem there, or accepts it", () => {
    const places = ["stack", "listen", "probe", "limits", "questions", "nodes.0", "questions.toyd.head", "proxy"];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, change) => {
        // Nodes refer to questions by name: without them it is the nodes that are wrong.
        const told = place === "questions" ? ["questions", "nodes"] : [place.split(".")[0]];
        for (const line of problems(broken(place, change)).slice(1)) {
          expect(told).toContain(line.trim().split(/[.[:]/)[0]);
        }
      }),
    );
  });
});

describe("requestsBefore", () => {
  const probe: HealthProbe = {
    port: "rpc",
    requests: {
      head: { rpc: { method: "head" } },
      hash: { rpc: { method: "hash", params: ["$heightHex"] } },
      block: { rpc: { method: "block", params: [{ at: ["$hash", "$height"] }] } },
      page: { get: "/blocks/$height" },
      below: { get: "/blocks/$parent" },
      plain: { rpc: { method: "say", params: ["costs $height"] } },
    },
    head: { height: { from: "head", path: "n", as: "hex" }, hash: { from: "hash", path: "", as: "string" } },
  };

  it.each([
    ["head", []],
    ["hash", ["head"]],
    ["block", ["head", "hash"]],
    ["page", ["head"]],
    ["below", ["head"]],
    ["plain", []],
    ["unknown", []],
  ])("%s waits for %j", (name, expected) => {
    expect(requestsBefore(probe, name)).toEqual(expected);
  });
});
