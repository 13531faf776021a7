import fc from "fast-check";
import { deriveMaterial } from "../cluster/material";
import { derivedFiles, type Groups, privateCluster, SEED } from "./comet-cluster.fixture";
import { cometNodeKey, cometValidatorKey } from "./comet-keys";
import type { Kind } from "./types";

const id = (node: string) => cometNodeKey(SEED, "demo", node).id;
const at = (...nodes: string[]) => nodes.map((node) => `${id(node)}@${node}.demo:26656`).join(",");

function setting(files: ReadonlyMap<string, string>, node: string, key: string): string | undefined {
  return new RegExp(`^${key} = "?([^"\n]*)"?$`, "m").exec(files.get(`${node}/config/config.toml`) ?? "")?.[1];
}

describe("a private network", () => {
  it("has the files that a node starts from, and nothing secret among the open ones", () => {
    const { files, chainId } = deriveMaterial(privateCluster({ val: ["validator", 1], rpc: ["full", 1] }), SEED);
    expect(chainId).toBe("demo");
    for (const node of ["val-0", "rpc-0"]) {
      const { open = [], secret = [] } = files[node]?.node ?? {};
      expect(open.map(({ path, mode, createOnly }) => [path, mode, createOnly])).toEqual([
        ["config/config.toml", undefined, undefined],
        ["config/genesis.json", undefined, undefined],
        ["data/priv_validator_state.json", "0600", true],
      ]);
      expect(secret.map(({ path, mode }) => [path, mode])).toEqual([
        ["config/node_key.json", "0600"],
        ["config/priv_validator_key.json", "0600"],
      ]);
      expect(open.every((file) => !file.content.includes("PrivKey"))).toBe(true);
    }
  });

  it("has a genesis with its validators and the settings of the network", () => {
    const privateNetwork = { chainId: "devnet-7", genesisTime: "2026-01-02T03:04:05Z", blockTimeSeconds: 2.5 };
    const groups: Groups = { val: ["validator", 2], rpc: ["full", 1] };
    const files = derivedFiles(groups, { privateNetwork });
    const genesis = JSON.parse(files.get("rpc-0/config/genesis.json") ?? "") as Record<string, unknown>;
    const validator = (node: string) => {
      const key = cometValidatorKey(SEED, "demo", node);
      const pub_key = { type: "tendermint/PubKeyEd25519", value: key.publicKey.toString("base64") };
      return { address: key.id.toUpperCase(), pub_key, power: "10", name: node };
    };
    expect(genesis).toEqual({
      genesis_time: "2026-01-02T03:04:05Z",
      chain_id: "devnet-7",
      initial_height: "1",
      consensus_params: {
        block: { max_bytes: "4194304", max_gas: "-1" },
        evidence: { max_age_num_blocks: "100000", max_age_duration: "172800000000000", max_bytes: "1048576" },
        validator: { pub_key_types: ["ed25519"] },
        version: { app: "0" },
        abci: { vote_extensions_enable_height: "0" },
      },
      validators: [validator("val-0"), validator("val-1")],
      app_hash: "",
    });
    expect(files.get("val-1/config/genesis.json")).toBe(files.get("rpc-0/config/genesis.json"));
    expect(setting(files, "val-0", "timeout_commit")).toBe("2500ms");
  });

  it("tells another genesis by another digest", () => {
    const digest = (genesisTime?: string) =>
      deriveMaterial(privateCluster({ val: ["validator", 1] }, { privateNetwork: { genesisTime } }), SEED)
        .genesisDigest;
    expect(digest("2026-01-02T03:04:05Z")).toMatch(/^[0-9a-f]{64}$/);
    expect(digest("2026-01-02T03:04:05Z")).toBe(digest("2026-01-02T03:04:05Z"));
    expect(digest("2026-01-02T03:04:06Z")).not.toBe(digest("2026-01-02T03:04:05Z"));
  });

  it("lets everybody dial the validators, and nobody itself", () => {
    const files = derivedFiles({ val: ["validator", 2], rpc: ["full", 2], seed: ["seed", 1], lite: ["light", 1] });
    expect(setting(files, "val-0", "persistent_peers")).toBe(at("val-1"));
    expect(setting(files, "rpc-1", "persistent_peers")).toBe(at("val-0", "val-1"));
    expect(setting(files, "rpc-1", "seeds")).toBe(at("seed-0"));
    expect(setting(files, "seed-0", "persistent_peers")).toBe(at("val-0", "val-1"));
    expect(setting(files, "seed-0", "seeds")).toBe("");
    expect(setting(files, "seed-0", "seed_mode")).toBe("true");
    expect([...files.keys()].filter((name) => name.startsWith("lite-0/"))).toEqual([]);
  });

  it("hides validators behind sentries", () => {
    const files = derivedFiles({ val: ["validator", 2], gate: ["sentry", 2], rpc: ["full", 1], seed: ["seed", 1] });
    expect(setting(files, "val-0", "persistent_peers")).toBe(at("gate-0", "gate-1"));
    expect(setting(files, "val-0", "pex")).toBe("false");
    expect(setting(files, "val-0", "seeds")).toBe("");
    expect(setting(files, "gate-0", "persistent_peers")).toBe(at("gate-1", "val-0", "val-1"));
    expect(setting(files, "gate-0", "private_peer_ids")).toBe([id("val-0"), id("val-1")].join(","));
    expect(setting(files, "gate-0", "unconditional_peer_ids")).toBe([id("val-0"), id("val-1")].join(","));
    for (const node of ["rpc-0", "seed-0"]) {
      expect(setting(files, node, "persistent_peers")).toBe(at("gate-0", "gate-1"));
      expect(files.get(`${node}/config/config.toml`)).not.toContain(id("val-0"));
    }
  });

  it("starts with the first validators by group and index when it is told how many", () => {
    const groups: Groups = { b: ["validator", 12], a: ["validator", 1] };
    const files = derivedFiles(groups, { privateNetwork: { genesisValidators: 4 } });
    const genesis = JSON.parse(files.get("b-3/config/genesis.json") ?? "") as { validators: { name: string }[] };
    expect(genesis.validators.map((v) => v.name)).toEqual(["a-0", "b-0", "b-1", "b-2"]);
    expect(setting(files, "b-11", "persistent_peers")).toBe(at("a-0", "b-0", "b-1", "b-2"));
  });

  it("runs with the application and the peers that the user names", () => {
    const peer = `${"ab".repeat(20)}@203.0.113.9:26656`;
    const nodes = { val: { kind: "validator" as const, peers: [peer], options: { proxyApp: "tcp://app:26658" } } };
    const files = derivedFiles({}, { nodes });
    expect(setting(files, "val-0", "persistent_peers")).toBe(peer);
    expect(setting(files, "val-0", "proxy_app")).toBe("tcp://app:26658");
  });
});

describe("a network that grows", () => {
  const count = (max: number) => fc.integer({ min: 0, max });
  const clusters = fc.record({
    validators: fc.integer({ min: 1, max: 20 }),
    sentries: count(3),
    seeds: count(2),
    full: count(4),
    light: count(2),
    mirror: count(2),
  });
  const sources = (c: { [key: string]: number }) =>
    (c.full ?? 0) + (c.mirror ?? 0) + (c.sentries ? c.sentries : (c.validators ?? 0));
  const groupsOf = (c: { [key: string]: number }): Groups => {
    const all: [string, Kind, number][] = [
      ["val", "validator", c.validators ?? 0],
      ["gate", "sentry", c.sentries ?? 0],
      ["hub", "seed", c.seeds ?? 0],
      ["rpc", "full", c.full ?? 0],
      // Light proxies need two nodes to ask.
      ["lite", "light", sources(c) > 1 ? (c.light ?? 0) : 0],
      ["twin", "mirror", c.mirror ?? 0],
    ];
    return Object.fromEntries(all.filter(([, , n]) => n > 0).map(([name, kind, n]) => [name, [kind, n] as const]));
  };
  const kept = (before: Map<string, string>, after: Map<string, string>) =>
    [...before].filter(([name, content]) => after.get(name) !== content).map(([name]) => name);

  it("changes no byte of anybody's files when a full node, archive, mirror or light proxy comes", () => {
    fc.assert(
      fc.property(
        clusters,
        fc.constantFrom<Kind>("full", "archive", "mirror", "light"),
        fc.constantFrom("aaa", "zzz"),
        (shape, kind, name) => {
          const groups = groupsOf({ ...shape, full: shape.full + 1 });
          const grown = { ...groups, [name]: [kind, 2] as const };
          expect(kept(derivedFiles(groups), derivedFiles(grown))).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("changes nobody's files when validators come after the genesis", () => {
    fc.assert(
      fc.property(clusters, fc.integer({ min: 1, max: 3 }), (shape, more) => {
        const privateNetwork = { genesisValidators: shape.validators };
        const before = derivedFiles(groupsOf(shape), { privateNetwork });
        const after = derivedFiles(groupsOf({ ...shape, validators: shape.validators + more }), { privateNetwork });
        expect(kept(before, after)).toEqual([]);
        expect(after.size).toBe(before.size + 5 * more);
      }),
      { numRuns: 15 },
    );
  });

  it("changes nobody's keys when validators join the genesis", () => {
    fc.assert(
      fc.property(clusters, (shape) => {
        const before = derivedFiles(groupsOf(shape));
        const after = derivedFiles(groupsOf({ ...shape, validators: shape.validators + 1 }));
        expect(kept(before, after).filter((name) => /_key\.json$|_state\.json$/.test(name))).toEqual([]);
        expect(kept(before, after)).toContain("val-0/config/genesis.json");
      }),
      { numRuns: 10 },
    );
  });
});
