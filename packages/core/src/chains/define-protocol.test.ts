import { ConfigError } from "../errors/errors";
import { defineProtocol } from "./define-protocol";
import type { ClientInput, ProtocolInput } from "./define-protocol-input";
import { sampleContext } from "./sample-context";

const client: ClientInput = {
  name: "acmed",
  kinds: ["full"],
  release: { version: "1.4.2", image: "ghcr.io/acme/acmed:v1.4.2", reviewed: "2026-11-24" },
  ports: [{ name: "rpc", port: 26657, transport: "tcp", exposure: "rpc" }],
  args: (ctx) => ["start", `--rpc=${ctx.listen}:${ctx.ports.rpc}`],
  health: {
    port: "rpc",
    requests: { status: { get: "/status" } },
    head: { height: { from: "status", path: "height", as: "decimal" } },
  },
  sizing: { cpu: 2, memoryGiB: 4, diskGiB: 100, growthGiBPerMonth: 5 },
};
const small: ProtocolInput = { name: "acme", networks: { mainnet: { blockTimeSeconds: 5 } }, clients: [client] };

const withClient = (change: object): unknown => ({ ...small, clients: [{ ...client, ...change }] });
const withHealth = (change: object) => withClient({ health: { ...client.health, ...change } });

/** Path, code and message of each problem. */
function problems(input: unknown): string[] {
  try {
    defineProtocol(input as ProtocolInput);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((p) => `${p.path} [${p.code}] ${p.message}`);
  }
}

describe("defineProtocol", () => {
  it("fills in what a small definition leaves out", () => {
    const protocol = defineProtocol(small);
    expect(protocol).toMatchObject({
      title: "acme",
      kinds: ["full"],
      defaults: { node: "acmed" },
      networks: { mainnet: { title: "mainnet", minPeers: 1, maxLagBlocks: 3 } },
    });
    expect(protocol.clients[0]).toMatchObject({
      title: "acmed",
      layer: "node",
      networks: ["mainnet"],
      release: { source: "ghcr.io/acme/acmed:v1.4.2", program: { binary: "acmed" } },
      stop: { signal: "SIGTERM", graceSeconds: 120 },
      database: { consistency: "stop" },
      dataPaths: ["**"],
      keyPaths: [],
      migrations: [],
    });
    expect(protocol.clients[0]?.sizing("mainnet", "full")).toEqual(client.sizing);
  });

  it("keeps what the user says", () => {
    const own = {
      ...small,
      title: "Acme Chain",
      clients: [{ ...client, title: "Acme", stop: { signal: "SIGINT" as const, graceSeconds: 7 } }],
    };
    const protocol = defineProtocol(own);
    expect(protocol.title).toBe("Acme Chain");
    expect(protocol.clients[0]).toMatchObject({ title: "Acme", stop: { signal: "SIGINT", graceSeconds: 7 } });
  });

  it("gives a client whose functions work", () => {
    const protocol = defineProtocol(small);
    const [acmed] = protocol.clients;
    const ctx = acmed && sampleContext(protocol, acmed, "full", "mainnet");
    expect(ctx && acmed?.args(ctx)).toEqual(["start", "--rpc=127.0.0.1:26657"]);
  });

  it("takes its own result again", () => {
    const once = defineProtocol(small);
    expect(defineProtocol(once)).toEqual(once);
  });

  it("freezes the result to its depths and leaves the user's objects alone", () => {
    const input = structuredClone({ ...small, clients: [] }) as unknown as { clients: ClientInput[] };
    input.clients = [{ ...client, ports: [{ name: "rpc", port: 26657, transport: "tcp", exposure: "rpc" }] }];
    const protocol = defineProtocol(input as unknown as ProtocolInput);
    expect(Object.isFrozen(protocol)).toBe(true);
    expect(Object.isFrozen(protocol.clients[0]?.health.head.height)).toBe(true);
    expect(Object.isFrozen(protocol.clients[0]?.ports[0])).toBe(true);
    expect(Object.isFrozen(input.clients[0]?.ports[0])).toBe(false);
  });

  it.each<[string, unknown, string]>([
    ["nothing at all", undefined, "definition [BAD_TYPE] missing; give an object"],
    ["a text", "acme", 'definition [BAD_TYPE] got "acme"'],
    ["no name", { ...small, name: undefined }, "name [PROTOCOL_NAME] missing"],
    ["a name in capitals", { ...small, name: "Acme" }, 'name [PROTOCOL_NAME] got "Acme"; use 1 to 40 lower-case'],
    ["no networks", { ...small, networks: {} }, "networks [NETWORKS_EMPTY]"],
    ["a network name with a slash", { ...small, networks: { "a/b": { blockTimeSeconds: 5 } } }, "[NETWORK_NAME]"],
    ["blocks in no time", { ...small, networks: { main: { blockTimeSeconds: 0 } } }, "[BLOCK_TIME_RANGE] got 0"],
    ["no clients", { ...small, clients: [] }, "clients [CLIENTS_EMPTY]"],
    ["clients by name", { ...small, clients: { acmed: client } }, "clients [BAD_TYPE]"],
    ["an unknown key", { ...small, network: {} }, 'network [UNKNOWN_KEY] unknown key; did you mean "networks"'],
    [
      "an unknown key of a client",
      withClient({ arg: [] }),
      'clients[0].arg [UNKNOWN_KEY] unknown key; did you mean "args"',
    ],
    ["an unknown kind", withClient({ kinds: ["fulll"] }), 'did you mean "full"'],
    ["a kind that no client has", { ...small, kinds: ["full", "archive"] }, "kinds[1] [KIND_WITHOUT_CLIENT]"],
    ["a client's kind beyond the protocol's", { ...small, kinds: ["archive"] }, "clients[0].kinds[0] [CLIENT_KIND]"],
    ["a client on a network that is not there", withClient({ networks: ["mainet"] }), 'did you mean "mainnet" '],
    ["two clients of one name", { ...small, clients: [client, client] }, "clients[0].name [CLIENT_DUPLICATE]"],
    [
      "a default that is no client",
      { ...small, defaults: { node: "acme" } },
      'defaults.node [DEFAULT_UNKNOWN] got "acme"',
    ],
    ["a default of an unknown layer", { ...small, defaults: { nodes: "acmed" } }, 'did you mean "node"'],
    ["a default for a kind that it has not", { ...small, defaults: { archive: "acmed" } }, "[DEFAULT_UNFIT]"],
    ["a version that moves", withClient({ release: { ...client.release, version: "latest" } }), "[VERSION_FLOATING]"],
    ["an image that moves", withClient({ release: { ...client.release, image: "acme:stable" } }), "[IMAGE_FLOATING]"],
    ["an image without a tag", withClient({ release: { ...client.release, image: "acme" } }), "[IMAGE_FLOATING]"],
    ["a review at some time", withClient({ release: { ...client.release, reviewed: "May" } }), "[DATE_FORMAT]"],
    ["no time to stop", withClient({ stop: { signal: "SIGTERM", graceSeconds: 0 } }), "[GRACE_RANGE] got 0"],
    ["SIGKILL", withClient({ stop: { signal: "SIGKILL", graceSeconds: 5 } }), "[STOP_SIGNAL]"],
    ["a port out of range", withClient({ ports: [{ ...client.ports[0], port: 70000 }] }), "[PORT_RANGE] got 70000"],
    [
      "a port name twice",
      withClient({ ports: [client.ports[0], client.ports[0]] }),
      "clients[0].ports[1].name [PORT_DUPLICATE]",
    ],
    [
      "a port number twice",
      withClient({ ports: [client.ports[0], { ...client.ports[0], name: "p2p" }] }),
      'clients[0].ports[1].port [PORT_DUPLICATE] got 26657, also used by "rpc"',
    ],
    [
      "a port of the program beside it",
      {
        ...small,
        clients: [
          { ...client, layer: "execution" },
          { ...client, name: "beside", layer: "consensus" },
        ],
      },
      'clients[1].ports[0].port [PORT_NEIGHBOUR] got 26657, also used by "acmed" beside it',
    ],
    [
      "health on no port",
      withHealth({ port: "rcp" }),
      'clients[0].health.port [HEALTH_PORT] got "rcp"; use one of "rpc"',
    ],
    ["metrics on no port", withClient({ metrics: { port: "m", path: "/m", series: {} } }), "[METRICS_PORT]"],
    ["RPC on no port", withClient({ rpc: { port: "http", writes: "send.*" } }), "[RPC_PORT]"],
    [
      "a torn expression",
      withClient({ rpc: { port: "rpc", writes: "send(" } }),
      "clients[0].rpc.writes [WRITES_REGEXP]",
    ],
    [
      "a torn expression of series",
      withClient({ metrics: { port: "rpc", path: "/m", series: {}, drop: ["*"] } }),
      "clients[0].metrics.drop[0] [DROP_REGEXP]",
    ],
    [
      "a series that nobody knows",
      withClient({ metrics: { port: "rpc", path: "/m", series: { heigth: "x" } } }),
      "clients[0].metrics.series.heigth [SERIES_UNKNOWN]",
    ],
    [
      "a value from no request",
      withHealth({ head: { height: { from: "statsu", path: "h", as: "decimal" } } }),
      'clients[0].health.head.height.from [VALUE_FROM] got "statsu"; use one of "status"; did you mean "status"',
    ],
    [
      "a fault from no request",
      withHealth({ faults: [{ value: { from: "x", path: "", as: "boolean" }, code: "BAD", text: "bad" }] }),
      "clients[0].health.faults[0].value.from [VALUE_FROM]",
    ],
    [
      "a slot's time from no request",
      withHealth({
        head: {
          ...client.health.head,
          timestamp: {
            slot: { from: "status", path: "slot", as: "decimal" },
            genesisTime: { from: "genesis", path: "time", as: "unix" },
            secondsPerSlot: 12,
          },
        },
      }),
      "clients[0].health.head.timestamp.genesisTime.from [VALUE_FROM]",
    ],
    [
      "a half-said time of the head",
      withHealth({ head: { ...client.health.head, timestamp: { from: "status", path: "time" } } }),
      "clients[0].health.head.timestamp.as [VALUE_FORMAT] missing",
    ],
    [
      "a format that nobody knows",
      withHealth({ head: { height: { from: "status", path: "", as: "hexx" } } }),
      'did you mean "hex"',
    ],
    [
      "a request of no kind",
      withHealth({ requests: { status: {} } }),
      "clients[0].health.requests.status [REQUEST_FORM] got neither",
    ],
    [
      "a request of two kinds",
      withHealth({ requests: { status: { get: "/s", rpc: { method: "s" } } } }),
      "clients[0].health.requests.status [REQUEST_FORM] got both",
    ],
    [
      "a hash to fill in that is not known",
      withHealth({ requests: { status: { get: "/s" }, block: { get: "/block/$hash" } } }),
      "clients[0].health.head.hash [PLACEHOLDER_UNKNOWN]",
    ],
    [
      "a height to fill in that waits for itself",
      withHealth({ requests: { status: { get: "/block/$height" } } }),
      "clients[0].health.head.height.from [PLACEHOLDER_ROUND]",
    ],
    [
      "an old block without its height",
      withHealth({ checkpoint: { request: { get: "/block" }, path: "hash" } }),
      "clients[0].health.checkpoint.request [CHECKPOINT_HEIGHT] got no height",
    ],
    [
      "a height of an old block among the questions for the head",
      withHealth({ requests: { status: { get: "/block/$checkpoint" } } }),
      "clients[0].health.requests.status [CHECKPOINT_HEIGHT] got $checkpoint",
    ],
    [
      "an old block without a request",
      withHealth({ checkpoint: { path: "hash" } }),
      "clients[0].health.checkpoint.request",
    ],
    ["an auth file outside the home", withHealth({ basicAuthFile: "../auth" }), "[PATH_OUTSIDE]"],
    ["validators without key paths", withClient({ kinds: ["validator"] }), "clients[0].keyPaths [KEY_PATHS_EMPTY]"],
    ["no figures", withClient({ sizing: undefined }), "clients[0].sizing [NOT_A_FUNCTION] missing"],
    [
      "a figure below zero",
      withClient({ sizing: { ...(client.sizing as object), cpu: -1 } }),
      "clients[0].sizing.cpu [SIZING_RANGE]",
    ],
    ["args as a list", withClient({ args: ["start"] }), 'clients[0].args [NOT_A_FUNCTION] got ["start"]'],
    ["a seed that nothing derives from", { ...small, needsSeed: () => true }, "derive [DERIVE_MISSING]"],
    [
      "an option's range turned round",
      withClient({ options: { x: { type: "number", description: "x", min: 2, max: 1 } } }),
      "[OPTION_RANGE]",
    ],
    [
      "an option's range of texts",
      withClient({ options: { x: { type: "string", description: "x", min: 2 } } }),
      "[OPTION_RANGE]",
    ],
    ["args that give something else", withClient({ args: () => "start" }), "clients[0].args [FUNCTION_RESULT]"],
  ])("refuses %s", (_, input, expected) => {
    const found = problems(input);
    expect(found.map((line) => `${line} `)).toContainEqual(expect.stringContaining(expected));
  });

  it("says all problems at once, also of clients beside a broken one", () => {
    const broken = { ...client, name: "broken", ports: "none" };
    const second = {
      ...client,
      release: { ...client.release, version: "latest" },
      health: { ...client.health, port: "x" },
    };
    const found = problems({ ...small, nmae: "x", clients: [broken, second] });
    expect(found).toHaveLength(4);
    expect(found.join("\n")).toContain("clients[0].ports [");
    expect(found.join("\n")).toContain("clients[1].release.version [VERSION_FLOATING]");
    expect(found.join("\n")).toContain("clients[1].health.port [HEALTH_PORT]");
    expect(found.join("\n")).toContain("nmae [UNKNOWN_KEY]");
  });

  it("names the protocol in the first line and nothing but problems below it", () => {
    expect(() => defineProtocol({ ...small, kinds: [] })).toThrow(
      /^protocol "acme" has 1 problem:\n {2}kinds: got \[\]; use at least one kind.* \[KINDS_EMPTY\]$/,
    );
  });

  it("takes tcp and udp on one number", () => {
    const ports = [
      client.ports[0],
      { name: "a", port: 9, transport: "tcp", exposure: "p2p" },
      { name: "b", port: 9, transport: "udp", exposure: "p2p" },
    ];
    expect(problems(withClient({ ports }))).toEqual([]);
  });
});
