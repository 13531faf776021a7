import { type AgentInventory, parseInventory } from "@chainkeep/core";
import { BackupVault, type BackupVaultArgs, NodeCluster, type NodeClusterArgs } from "@chainkeep/local";
import type { RecordedResource } from "@chainkeep/testing";
import * as pulumi from "@pulumi/pulumi";
import { PASSWORD, run, SEED, withStandIns } from "./local-world";

withStandIns();

type Nodes = NodeClusterArgs["nodes"];

const monitoring = { receivers: "none" } as const;

const devnet: Nodes = {
  validators: { kind: "validator", count: 4 },
  rpc: { kind: "full" },
  light: { kind: "light" },
  mirror: { kind: "mirror" },
};
const pairs: Nodes = { rpc: { kind: "full", count: 2 }, archive: { kind: "archive" } };

/** A light proxy asks the first full nodes by name: a group before them takes their place. */
const PROXY = ["Process dev-light-0: command", "Process dev-light-0: prepare"];
/** The first node that another one of its role can stand in for gives a dashboard a column; further ones do not. */
const BOARD = ["FileSet dev-monitoring-grafana-files: files"];

const GROWTH: readonly [string, NodeClusterArgs["chain"], Nodes, Nodes, string[], string[]?][] = [
  ["a full node", comet(), devnet, { ...devnet, rpc: { kind: "full", count: 2 } }, ["rpc-1"], BOARD],
  ["a further full node", comet(), full(2), full(3), ["rpc-2"]],
  ["a light node", comet(), devnet, { ...devnet, light: { kind: "light", count: 2 } }, ["light-1"], BOARD],
  ["a group", comet(), devnet, { ...devnet, zzz: { kind: "archive" } }, ["zzz-0"]],
  [
    "a group that comes first by name",
    comet(),
    devnet,
    { ...devnet, aaa: { kind: "full" } },
    ["aaa-0"],
    [...PROXY, ...BOARD],
  ],
  ["a pair of clients", ethereum(), pairs, { ...pairs, rpc: { kind: "full", count: 3 } }, ["rpc-2"]],
  [
    "a bitcoin node",
    { protocol: "bitcoin", network: "mainnet" },
    { rpc: { kind: "full" } },
    { rpc: { kind: "full", count: 2 } },
    ["rpc-1"],
    BOARD,
  ],
];

function full(count: number): Nodes {
  return { ...devnet, rpc: { kind: "full", count } };
}

function comet() {
  return { protocol: "cometbft", network: "private" };
}

function ethereum() {
  return { protocol: "ethereum", network: "mainnet" };
}

async function resourcesOf(chain: NodeClusterArgs["chain"], nodes: Nodes): Promise<Map<string, RecordedResource>> {
  const args = { chain, nodes, monitoring, seed: pulumi.secret(SEED) };
  const { resources } = await run(() => new NodeCluster("dev", args));
  return new Map(resources.map((r) => [`${r.type.split(":").pop()} ${r.name}`, r]));
}

/** Inputs that differ, as "<type> <name>: <input>". */
function differences(before: Map<string, RecordedResource>, after: Map<string, RecordedResource>): string[] {
  return [...before].flatMap(([key, old]) => {
    const now = after.get(key)?.inputs ?? {};
    const names = new Set([...Object.keys(old.inputs), ...Object.keys(now)]);
    return [...names]
      .filter((name) => JSON.stringify(old.inputs[name]) !== JSON.stringify(now[name]))
      .map((name) => `${key}: ${name}`);
  });
}

/** Agent and Prometheus learn of the new node by a signal: nobody is restarted. */
const LEARN = [
  "FileSet dev-agent-files: files",
  "Process dev-agent: reloadDigest",
  "FileSet dev-monitoring-prometheus-files: files",
  "Process dev-monitoring-prometheus: reloadDigest",
].sort();

describe("a cluster that grows", () => {
  it.each(GROWTH)("by %s changes nothing of other nodes", async (_, chain, small, large, added, moved = []) => {
    const before = await resourcesOf(chain, small);
    const after = await resourcesOf(chain, large);
    expect(differences(before, after).sort()).toEqual([...LEARN, ...moved].sort());
    const news = [...after.keys()].filter((key) => !before.has(key));
    expect(news.length).toBeGreaterThanOrEqual(2);
    for (const key of news) expect(added.some((node) => key.includes(` dev-${node}`))).toBe(true);
    expect([...before.keys()].filter((key) => !after.has(key))).toEqual([]);
  });

  it("by a validator changes nothing of other nodes when the genesis stays", async () => {
    const chain = comet();
    const grow = async (count: number) => {
      const nodes = { ...devnet, validators: { kind: "validator" as const, count } };
      const args = { chain, nodes, monitoring, seed: pulumi.secret(SEED), privateNetwork: { genesisValidators: 4 } };
      const { resources } = await run(() => new NodeCluster("dev", args));
      return new Map(resources.map((r) => [`${r.type.split(":").pop()} ${r.name}`, r]));
    };
    expect(differences(await grow(4), await grow(5)).sort()).toEqual(LEARN);
  });

  it("notices a change that does reach another node", async () => {
    const before = await resourcesOf(comet(), devnet);
    const after = await resourcesOf(comet(), { ...devnet, rpc: { kind: "full", options: { logLevel: "error" } } });
    expect(differences(before, after)).toContain("FileSet dev-rpc-0-files: files");
    expect(differences(before, after)).toContain("Process dev-rpc-0: restartDigest");
  });
});

describe("a cluster that gets a vault", () => {
  type Args = Partial<NodeClusterArgs>;
  const full = (of: "sync" | "newest-verified"): Args => ({
    nodes: { ...devnet, rpc: { kind: "full", bootstrap: of } },
  });

  async function kept(more: Args, policy: Partial<BackupVaultArgs> = {}) {
    const program = () => {
      const vault = new BackupVault("safe", { password: pulumi.secret(PASSWORD), ...policy });
      const args = { chain: comet(), nodes: devnet, monitoring, seed: pulumi.secret(SEED), backup: { vault }, ...more };
      new NodeCluster("dev", args);
    };
    const { resources } = await run(program);
    return new Map(resources.map((r) => [`${r.type.split(":").pop()} ${r.name}`, r]));
  }

  it("restarts no node and no agent: it learns of it by a signal", async () => {
    const none = await resourcesOf(comet(), devnet);
    const after = await kept({});
    const changed = differences(none, after);
    expect(changed.filter((line) => !line.includes("monitoring")).sort()).toEqual([
      "FileSet dev-agent-files: files",
      "Process dev-agent: reloadDigest",
    ]);
    // Rules and dashboards of a vault may come with it.
    expect(changed.filter((line) => /Process dev-monitoring-(prometheus|alertmanager): (?!reload)/.test(line))).toEqual(
      [],
    );
    const news = [...after.keys()].filter((key) => !none.has(key));
    expect(news.sort()).toEqual(["BackupVault safe", "FileSet dev-guest-files", "FileSet safe-files"]);
  });

  it("and another policy only tells the agent", async () => {
    const changed = differences(await kept({}), await kept({}, { schedule: "30 4 * * *", minReady: 2 }));
    expect(changed.filter((line) => !line.includes("monitoring")).sort()).toEqual([
      "FileSet dev-agent-files: files",
      "Process dev-agent: reloadDigest",
    ]);
  });

  it("may take the data of new nodes from it, which restarts no node that has data", async () => {
    const [before, after] = [await kept({}), await kept(full("newest-verified"))];
    // The provider holds this one back until the process is started anyway.
    expect(differences(before, after)).toEqual(["Process dev-rpc-0: bootstrap"]);
    expect(differences(before, await kept(full("sync")))).toEqual([]);
    const [step] = (after.get("Process dev-rpc-0")?.inputs.bootstrap ?? []) as string[][];
    const directory = after.get("FileSet dev-agent-files")?.inputs.directory;
    expect(step?.slice(2)).toEqual([
      ...["bootstrap", "--inventory", `${directory}/agent.json`],
      ...["--node", "rpc-0", "--process", "rpc-0"],
    ]);
  });

  it("has an inventory that its agent takes, with a guest whose files are there", async () => {
    const made = await kept({});
    const files = made.get("FileSet dev-agent-files")?.inputs.files as Record<string, { content: string }>;
    const inventory: AgentInventory = parseInventory(JSON.parse(files["agent.json"]?.content ?? ""));
    expect(inventory.vault?.lineages.map((l) => [l.id, l.sources])).toEqual([["cometbft-full", ["mirror-0", "rpc-0"]]]);
    const guest = inventory.vault?.lineages[0]?.guest;
    const templates = made.get("FileSet dev-guest-files")?.inputs;
    const open = Object.keys(templates?.files as object);
    for (const start of [guest?.processes[0]?.offline, guest?.processes[0]?.online]) {
      const folder = start?.files.slice(`${templates?.directory}/`.length);
      expect(open).toContain(`${folder}/config/genesis.json`);
      expect(open).toContain(`${folder}/config/config.toml`);
    }
    expect(JSON.stringify(inventory)).not.toContain(PASSWORD);
  });
});
