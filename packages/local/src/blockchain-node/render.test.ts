import type { ConfigError } from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import { asCluster } from "./render";

const SEED = "0123456789abcdef0123456789abcdef";
const args = { chain: { protocol: "cometbft", network: "cosmoshub" }, kind: "full" as const };

function lines(given: unknown): string[] {
  try {
    asCluster("hub", given as never);
    return [];
  } catch (error) {
    return (error as ConfigError).message.split("\n");
  }
}

describe("asCluster", () => {
  it("is a cluster with one group of one, without monitoring", () => {
    expect(asCluster("hub", args)).toEqual({
      chain: args.chain,
      nodes: { node: { kind: "full" } },
      monitoring: { enabled: false },
    });
  });

  it("gives each arg its place", () => {
    const seed = pulumi.secret(SEED);
    const monitoring = { receivers: "none" as const, retentionDays: 3 };
    const given = {
      ...args,
      servesRpc: false,
      peers: [],
      options: {},
      monitoring,
      budget: { monthlyUsd: 10 },
      seed,
      purgeData: true,
      stateDir: "s",
    };
    const made = asCluster("hub", given);
    expect(made.nodes).toEqual({ node: { kind: "full", servesRpc: false, peers: [], options: {} } });
    expect(made).toMatchObject({ monitoring, budget: { monthlyUsd: 10 }, purgeData: true, stateDir: "s" });
    expect(made.seed).toBe(seed);
  });

  it("tells problems in the node's own words, all at once", () => {
    expect(lines({ ...args, kind: "ful", count: 2, health: { minPeer: 1 }, options: 5, sed: SEED })).toEqual([
      'BlockchainNode "hub" has 5 problems:',
      "  count: unknown key: a BlockchainNode is one node; use NodeCluster for more [UNKNOWN_KEY]",
      expect.stringMatching(
        /^ {2}sed: unknown key; did you mean "seed"; known keys are chain, kind, .* \[UNKNOWN_KEY\]$/,
      ),
      expect.stringMatching(/^ {2}kind: got "ful"; use one of .*; did you mean "full" \[KIND_UNKNOWN\]$/),
      expect.stringMatching(/^ {2}options: got 5; use .* \[OPTIONS_FORM\]$/),
      expect.stringMatching(/^ {2}health\.minPeer: unknown key; did you mean "minPeers"; .* \[UNKNOWN_KEY\]$/),
    ]);
  });

  it("misses what is required at the top, and not in a group that the user never wrote", () => {
    expect(lines({ chain: args.chain })[1]).toMatch(/^ {2}kind: missing; give one of /);
    expect(lines({ ...args, kind: "validator", servesRpc: true })[1]).toMatch(
      /^ {2}servesRpc: got true for a validator node/,
    );
  });

  it.each([
    [undefined, "missing; give"],
    [null, "got null; use"],
    [[args], "got [{"],
    ["full", 'got "full"; use'],
    [new Map(), "use an object"],
  ])("refuses %p", (given, text) => {
    const [head, line, ...more] = lines(given);
    expect(head).toBe('BlockchainNode "hub" has 1 problem:');
    expect(line).toMatch(/^ {2}args: .* \[ARGS_FORM\]$/);
    expect(line).toContain(text);
    expect(more).toEqual([]);
  });
});
