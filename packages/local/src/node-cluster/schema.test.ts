import type { ConfigError } from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import { planVault } from "../backup-vault/render";
import { planLocal } from "./node-cluster";
import { programsOf } from "./programs";

const SEED = "0123456789abcdef0123456789abcdef";
const monitoring = { receivers: "none" };
const privately = {
  chain: { protocol: "cometbft", network: "private" },
  nodes: { v: { kind: "validator" } },
  monitoring,
};
const publicly = {
  chain: { protocol: "cometbft", network: "cosmoshub" },
  nodes: { rpc: { kind: "full" } },
  monitoring,
};

function problems(args: object): string[] {
  try {
    planLocal("NodeCluster", "dev", args as never);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((p) => `${p.path} ${p.code}`);
  }
}

describe("local args", () => {
  it("need a seed where something derives from it, and only there", () => {
    expect(problems(privately)).toEqual(["seed SEED_MISSING"]);
    expect(problems(publicly)).toEqual([]);
    expect(problems({ ...privately, seed: SEED })).toEqual([]);
  });

  it("take a seed that is not known yet", () => {
    expect(problems({ ...privately, seed: pulumi.secret(SEED) })).toEqual([]);
    expect(problems({ ...privately, seed: Promise.resolve(SEED) })).toEqual([]);
  });

  it.each([
    ["short", "SEED_SHORT"],
    [42, "SEED_FORM"],
    [null, "SEED_FORM"],
    [[SEED], "SEED_FORM"],
    [{ seed: SEED }, "SEED_FORM"],
  ])("refuse the seed %j, also where none is needed", (seed, code) => {
    expect(problems({ ...privately, seed })).toEqual([`seed ${code}`]);
    expect(problems({ ...publicly, seed })).toEqual([`seed ${code}`]);
  });

  it("name files with secrets that are here, unless monitoring is off", () => {
    const chat = {
      receivers: { chat: { slack: { webhookUrlFile: "/no/such/file" } } },
      deadMan: { urlFile: "/nor/this" },
    };
    expect(problems({ ...publicly, monitoring: chat })).toEqual([
      "monitoring.receivers.chat.slack.webhookUrlFile SECRET_FILE_MISSING",
      "monitoring.deadMan.urlFile SECRET_FILE_MISSING",
    ]);
    expect(problems({ ...publicly, monitoring: { ...chat, enabled: false } })).toEqual([]);
  });

  it("are all checked together with those of the cluster", () => {
    const args = {
      ...privately,
      nodes: { v: { kind: "validater" } },
      stateDir: "",
      purgeData: "yes",
      hostPorts: { rcp: 1 },
    };
    expect(problems(args).sort()).toEqual([
      "hostPorts.rcp UNKNOWN_KEY",
      "nodes.v.kind KIND_UNKNOWN",
      "purgeData PURGE_DATA",
      "seed SEED_MISSING",
      "stateDir STATE_DIR",
    ]);
  });

  it("refuse a vault of another target, which has no password file here", () => {
    const vaultSpec = planVault("vault", { password: SEED }, "dev").spec;
    expect(problems({ ...publicly, backup: { vault: { vaultSpec } } })).toEqual(["backup.vault BACKUP_VAULT"]);
    const vault = { vaultSpec, localVault: { passwordFile: "/keys/password", needs: [] } };
    expect(problems({ ...publicly, backup: { vault } })).toEqual([]);
    expect(problems({ ...publicly, backup: { vault: "vault" } })).toEqual(["backup.vault BACKUP_VAULT"]);
  });

  it("look at the ports of proofs where there is a vault", () => {
    const vaultSpec = planVault("vault", { password: SEED }, "dev").spec;
    const vault = { vaultSpec, localVault: { passwordFile: "/keys/password", needs: [] } };
    const hostPorts = { grafana: 26_725 };
    expect(problems({ ...publicly, hostPorts })).toEqual([]);
    expect(problems({ ...publicly, hostPorts, backup: { vault } })).toEqual(["hostPorts.proof PORT_CLASH"]);
  });

  it("refuse more nodes than the range of ports has room for", () => {
    const nodes = { rpc: { kind: "full", count: 3 } };
    expect(problems({ ...publicly, nodes, hostPorts: { nodesFrom: 20_000, nodesTo: 20_031 } })).toEqual([
      "nodes PORTS_EXHAUSTED",
    ]);
    expect(problems({ ...publicly, nodes, hostPorts: { nodesFrom: 20_000, nodesTo: 20_047 } })).toEqual([]);
  });
});

describe("programs of a plan", () => {
  it("have restic among them where there is a vault, and only there", () => {
    const vaultSpec = planVault("vault", { password: SEED }, "dev").spec;
    const vault = { vaultSpec, localVault: { passwordFile: "/keys/password", needs: [] } };
    const of = (args: object) =>
      programsOf(planLocal("NodeCluster", "dev", { ...publicly, ...args } as never).plan, false);
    expect(of({})).toEqual(["process-compose", "gaiad"]);
    expect(of({ backup: { vault } })).toEqual(["process-compose", "gaiad", "restic"]);
  });
});
