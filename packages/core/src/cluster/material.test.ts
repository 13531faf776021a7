import type { DeriveContext, ProtocolDefinition } from "../chains/types";
import { ConfigError } from "../errors/errors";
import { hostLayout, toy } from "../testing/toy-protocol.fixture";
import type { ClusterArgs } from "./args";
import { deriveMaterial, seedProblems } from "./material";
import { planCluster } from "./plan";

const SEED = "0123456789abcdef0123456789abcdef";
let seen: DeriveContext | undefined;

/** Remembers what it is asked, and makes a file per process. */
const deriving: ProtocolDefinition = {
  ...toy,
  derive: (ctx) => {
    seen = ctx;
    const files = Object.fromEntries(
      ctx.processes.map((p) => [
        p.node,
        { [p.layer]: { open: [], secret: [{ path: "key", content: `${ctx.seed}/${p.node}/${p.client}` }] } },
      ]),
    );
    return { files };
  },
};

const plan = (definition: ProtocolDefinition, rest: Partial<ClusterArgs> = {}) =>
  planCluster(
    "c",
    {
      chain: { definition, network: "private" },
      nodes: { v: { kind: "validator", count: 2 } },
      monitoring: { receivers: "none" },
      ...rest,
    },
    hostLayout,
  );

describe("seedProblems", () => {
  it.each([SEED, "x".repeat(32), "x".repeat(100_000)])("takes 32 characters and more", (seed) => {
    expect(seedProblems(seed)).toEqual([]);
  });

  it.each([
    [undefined, "got nothing", "SEED_MISSING"],
    [null, "got a object", "SEED_MISSING"],
    [42, "got a number", "SEED_MISSING"],
    ["", "got 0 characters", "SEED_SHORT"],
    ["hunter2", "got 7 characters", "SEED_SHORT"],
  ])("refuses %p without telling it", (seed, got, code) => {
    const [problem] = seedProblems(seed);
    expect(problem).toMatchObject({ path: "seed", code });
    expect(problem?.message.startsWith(`${got}; `)).toBe(true);
    if (seed) expect(problem?.message).not.toContain(String(seed));
  });
});

describe("deriveMaterial", () => {
  it("is empty for protocols that derive nothing, whatever the seed", () => {
    expect(deriveMaterial(plan(toy), "short")).toEqual({ files: {} });
  });

  it("refuses a short seed before anything is derived", () => {
    seen = undefined;
    expect(() => deriveMaterial(plan(deriving), "short")).toThrow(ConfigError);
    expect(seen).toBeUndefined();
  });

  it("gives the protocol every process with its layer, its client and its siblings", () => {
    const args = { privateNetwork: { chainId: "dev-1", blockTimeSeconds: 2, genesisTime: "2026-01-01T00:00:00Z" } };
    const { files } = deriveMaterial(plan(deriving, args), SEED);
    expect(Object.keys(files)).toEqual(["v-0", "v-1"]);
    expect(files["v-1"]?.node?.secret[0]?.content).toBe(`${SEED}/v-1/toyd`);
    expect(seen).toMatchObject({
      cluster: "c",
      network: "private",
      chainId: "dev-1",
      settings: { genesisTime: "2026-01-01T00:00:00Z", blockTimeSeconds: 2, genesisValidators: 2 },
    });
    const [first] = seen?.processes ?? [];
    expect(first).toMatchObject({ node: "v-0", layer: "node", client: "toyd", kind: "validator" });
    expect(first?.siblings.map((s) => s.node)).toEqual(["v-1"]);
    expect(first?.home).toBe("/state/c/v-0/node");
  });

  it("calls the chain after the cluster where nobody named it", () => {
    deriveMaterial(plan(deriving), SEED);
    expect(seen?.chainId).toBe("c");
  });
});
