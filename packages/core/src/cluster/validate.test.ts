import { ConfigError } from "../errors/errors";
import { toy } from "../testing/toy-protocol.fixture";
import type { ClusterArgs } from "./args";
import { validateCluster } from "./validate";

const problems = (args: unknown, name: unknown = "eth"): string[] => {
  const quiet = typeof args === "object" && args !== null ? { monitoring: { receivers: "none" }, ...args } : args;
  try {
    validateCluster(name as string, quiet as ClusterArgs);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
};

const chain = { definition: toy, network: "main" };

describe("validateCluster", () => {
  it("accepts the smallest sound args", () => {
    expect(problems({ chain, nodes: { rpc: { kind: "full" } } })).toEqual([]);
  });

  it("tells all problems at once, path first, with what is allowed and a code", () => {
    expect(
      problems({ chain, nodes: { rpc: { kind: "full", count: 0 }, val: { kind: "validater" } }, nodess: {} }),
    ).toEqual([
      'NodeCluster "eth" has 3 problems:',
      "  nodes.rpc.count: got 0; use a whole number from 1 to 200 [COUNT_RANGE]",
      '  nodes.val.kind: got "validater"; use one of "full", "archive", "light", "validator", "sentry", "seed", "mirror"; did you mean "validator" [KIND_UNKNOWN]',
      '  nodess: unknown key; did you mean "nodes"; known keys are chain, nodes, privateNetwork, health, monitoring, backup, budget; remove it or use a known one [UNKNOWN_KEY]',
    ]);
  });

  it("suggests known keys inside a group", () => {
    expect(problems({ chain, nodes: { rpc: { kind: "full", cuont: 2 } } })[1]).toBe(
      '  nodes.rpc.cuont: unknown key; did you mean "count"; known keys are kind, count, servesRpc, peers, bootstrap, options; remove it or use a known one [UNKNOWN_KEY]',
    );
  });

  it.each([
    [{ protocol: "etherum", network: "mainnet" }, "chain.protocol", "PROTOCOL_UNKNOWN", 'did you mean "ethereum"'],
    [{ protocol: "ethereum", network: "sepola" }, "chain.network", "NETWORK_UNKNOWN", 'did you mean "sepolia"'],
    [
      { protocol: "ethereum", network: "mainnet", execution: "gethh" },
      "chain.execution",
      "CLIENT_UNKNOWN",
      'did you mean "geth"',
    ],
    [
      { protocol: "ethereum", network: "mainnet", client: "geth" },
      "chain.client",
      "CLIENT_FIELD",
      "use execution and consensus",
    ],
    [{ network: "mainnet" }, "chain.protocol", "PROTOCOL_UNKNOWN", "missing; give one of"],
    [undefined, "chain", "CHAIN_MISSING", "missing; give an object"],
  ])("refuses chain %j at %s", (broken, path, code, hint) => {
    const lines = problems({ chain: broken, nodes: { rpc: { kind: "full" } } });
    const line = lines.find((l) => l.startsWith(`  ${path}:`));
    expect(line).toContain(hint);
    expect(line).toMatch(new RegExp(`\\[${code}\\]$`));
  });

  it("refuses kinds that the protocol or its client does not have", () => {
    expect(problems({ chain, nodes: { a: { kind: "archive" } } })[1]).toBe(
      '  nodes.a.kind: got "archive", which Toy does not have; use one of "full", "validator", "light", "mirror" [KIND_UNSUPPORTED]',
    );
    expect(problems({ chain, nodes: { v: { kind: "validator", servesRpc: true } } })[1]).toContain("KIND_NEVER_SERVES");
  });

  it("refuses options that the client does not take", () => {
    const lines = problems({ chain, nodes: { a: { kind: "full", options: { cacheMib: 1, cacheMiB: 8 } } } });
    expect(lines.slice(1)).toEqual([
      '  nodes.a.options.cacheMib: unknown setting of toyd; did you mean "cacheMiB"; known ones are cacheMiB; remove it or use a known one [OPTION_UNKNOWN]',
      "  nodes.a.options.cacheMiB: got 8; use a number from 16 to 65536 [OPTION_VALUE]",
    ]);
  });

  it("refuses settings of a private network on a public one, and more genesis validators than there are", () => {
    expect(problems({ chain, nodes: { a: { kind: "full" } }, privateNetwork: {} })[1]).toContain("[NOT_PRIVATE]");
    const privately = { definition: toy, network: "private" };
    expect(
      problems({
        chain: privately,
        nodes: { v: { kind: "validator", count: 2 } },
        privateNetwork: { genesisValidators: 3 },
      })[1],
    ).toBe(
      "  privateNetwork.genesisValidators: got 3 with 2 validator nodes; use at most 2, or add validators [GENESIS_VALIDATORS_RANGE]",
    );
  });

  it("refuses a timeout that is not shorter than the interval, and alerts that do not exist", () => {
    const args = {
      chain,
      nodes: { a: { kind: "full" } },
      health: { probeIntervalSeconds: 2, probeTimeoutMs: 2000 },
      monitoring: { receivers: "none", alerts: { NodeDwn: {} } },
    };
    expect(problems(args).slice(1)).toEqual([
      "  health.probeTimeoutMs: got 2000; use less than the interval of 2 s, e.g. 1000 [PROBE_TIMEOUT_TOO_LONG]",
      expect.stringMatching(
        /^ {2}monitoring\.alerts\.NodeDwn: got "NodeDwn", which is no alert; did you mean "NodeDown"; .*\[ALERT_UNKNOWN\]$/,
      ),
    ]);
  });

  it.each([
    [undefined],
    [null],
    [42],
    ["x"],
    [[]],
    [{}],
    [{ chain: null, nodes: null }],
    [{ chain, nodes: { constructor: 1 } }],
  ])("answers %j with problems and never with a crash", (garbage) => {
    expect(problems(garbage)[0]).toMatch(/has \d+ problems?:$/);
  });

  it.each([["Eth"], [""], ["-eth"], ["a".repeat(41)], [null], [7]])("refuses the name %j", (name) => {
    expect(problems({ chain, nodes: { a: { kind: "full" } } }, name)[1]).toMatch(/^ {2}name: .*\[NAME_FORM\]$/);
  });
});
