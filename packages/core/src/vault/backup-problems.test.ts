import { planCluster } from "../cluster/plan";
import type { ConfigError } from "../errors/errors";
import { hostLayout } from "../testing/toy-protocol.fixture";
import { vaultSpec } from "./vaulted-plan.fixture";

const vault = { vaultSpec };
const chain = { protocol: "cometbft", network: "private" };
const pair = { protocol: "ethereum", network: "mainnet", execution: "geth", consensus: "lighthouse" };

function problems(nodes: object, backup?: unknown, of: object = chain): string[] {
  const args = { chain: of, nodes, monitoring: { receivers: "none" }, ...(backup === undefined ? {} : { backup }) };
  try {
    planCluster("demo", args as never, hostLayout);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((p) => `${p.path} ${p.code}`);
  }
}

const validators = { val: { kind: "validator", count: 4 } };
const mirrored = { ...validators, copy: { kind: "mirror" } };

describe("a cluster with a vault", () => {
  it("needs a node that may be copied", () => {
    expect(problems(mirrored, { vault })).toEqual([]);
    expect(problems(validators, { vault })).toEqual(["backup BACKUP_NO_SOURCE"]);
    expect(problems({ ...validators, sen: { kind: "sentry" } }, { vault })).toEqual(["backup BACKUP_NO_SOURCE"]);
  });

  it("names groups that are there and may be stopped", () => {
    expect(problems(mirrored, { vault, groups: ["copy"] })).toEqual([]);
    expect(problems(mirrored, { vault, groups: ["val"] })).toEqual(["backup.groups[0] BACKUP_GROUP_KIND"]);
    expect(problems(mirrored, { vault, groups: ["copy", "cop"] })).toEqual(["backup.groups[1] GROUP_UNKNOWN"]);
    expect(problems(mirrored, { vault, groups: [] })).toEqual(["backup.groups BACKUP_GROUPS"]);
  });

  it.each<[unknown, string]>([
    [{}, "backup.vault BACKUP_VAULT"],
    [{ vault: {} }, "backup.vault BACKUP_VAULT"],
    [{ vault: "vault" }, "backup.vault BACKUP_VAULT"],
    ["vault", "backup BACKUP_FORM"],
    [{ vault, group: ["copy"] }, "backup.group UNKNOWN_KEY"],
  ])("refuses %j", (backup, problem) => {
    expect(problems(mirrored, backup)).toEqual([problem]);
  });
});

describe("nodes that take their data from the vault", () => {
  const bootstrap = "newest-verified";

  it("need one", () => {
    const nodes = { ...validators, rpc: { kind: "full", bootstrap } };
    expect(problems(nodes)).toEqual(["nodes.rpc.bootstrap BOOTSTRAP_NO_VAULT"]);
    expect(problems(nodes, { vault })).toEqual([]);
    expect(problems({ ...validators, rpc: { kind: "full", bootstrap: "sync" } })).toEqual([]);
    expect(problems({ ...validators, rpc: { kind: "full", bootstrap: "newest" } })).toEqual([
      "nodes.rpc.bootstrap BOOTSTRAP",
    ]);
  });

  it("need one with points that fit, for they would wait for ever: no light nodes, no archive from full nodes", () => {
    const archive = { rpc: { kind: "full" }, old: { kind: "archive", bootstrap } };
    expect(problems(archive, { vault }, pair)).toEqual([]);
    expect(problems(archive, { vault, groups: ["rpc"] }, pair)).toEqual(["nodes.old.bootstrap BACKUP_NO_SOURCE"]);
    expect(problems({ ...mirrored, thin: { kind: "light", bootstrap } }, { vault })).toEqual([
      "nodes.thin.bootstrap BACKUP_NO_SOURCE",
    ]);
  });

  it("may be of any kind that a copy of their lineage fits", () => {
    const nodes = { ...mirrored, sen: { kind: "sentry", bootstrap }, rpc: { kind: "full", bootstrap } };
    expect(problems(nodes, { vault, groups: ["copy"] })).toEqual([]);
  });
});
