import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ConfigError } from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import { hostPortsOf } from "./host-ports";
import { localLayout } from "./layout";
import { reported } from "./run-error";
import { projectRoot, stateDirOf } from "./state-dir";

describe("localLayout", () => {
  const layout = localLayout("/state", hostPortsOf({ nodesFrom: 21_000, nodesTo: 22_000 }));

  it("keeps everything on loopback and in the range of ports", () => {
    expect([layout.listen, layout.self, layout.host("dev", "rpc-0")]).toEqual(Array(3).fill("127.0.0.1"));
    expect(layout.sharedPorts).toEqual({ from: 21_000, to: 22_000 });
  });

  it("gives every process a directory of its own", () => {
    const homes = [
      layout.home("dev", "rpc-0", "node"),
      layout.home("dev", "rpc-1", "execution"),
      layout.home("dev", "rpc-1", "consensus"),
      layout.home("dev", "rpc-1", undefined),
      layout.home("test", "rpc-0", "node"),
    ];
    expect(homes).toEqual([
      "/state/dev/nodes/rpc-0",
      "/state/dev/nodes/rpc-1/execution",
      "/state/dev/nodes/rpc-1/consensus",
      "/state/dev/nodes/rpc-1/shared",
      "/state/test/nodes/rpc-0",
    ]);
  });
});

describe("a guest", () => {
  const { guest } = localLayout("/state", hostPortsOf({ proof: 27_000 }));

  it("lives below the vault's directory, apart from every node, with ports of its own", () => {
    const home = (layer?: "node" | "execution") => guest?.home("dev", "proof-geth-full", layer);
    expect([home("node"), home("execution"), home()]).toEqual([
      "/state/dev/vault/guests/proof-geth-full",
      "/state/dev/vault/guests/proof-geth-full/execution",
      "/state/dev/vault/guests/proof-geth-full/shared",
    ]);
    expect(guest?.from).toBe(27_000);
  });
});

describe("state of a project", () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "chainkeep-project-")));
  const before = process.cwd();

  beforeAll(() => {
    mkdirSync(path.join(root, "stacks", "local"), { recursive: true });
    writeFileSync(path.join(root, "Pulumi.yaml"), "name: x\n");
    process.chdir(path.join(root, "stacks", "local"));
  });

  afterAll(() => {
    process.chdir(before);
    rmSync(root, { recursive: true, force: true });
  });

  it("belongs to the nearest folder that has a Pulumi.yaml", () => {
    expect(projectRoot()).toBe(root);
    expect(stateDirOf("dev", undefined)).toBe(path.join(root, ".chainkeep", "run", "dev"));
    expect(stateDirOf("prod", undefined)).not.toBe(stateDirOf("dev", undefined));
  });

  it("is where the user says, from the project's root or from that of the disk", () => {
    expect(stateDirOf("dev", "state/of nodes")).toBe(path.join(root, "state", "of nodes"));
    expect(stateDirOf("dev", "/srv/nodes")).toBe("/srv/nodes");
  });

  it("belongs to the folder itself where no project is", () => {
    const nowhere = path.join(path.parse(root).root, "no-such-folder-of-chainkeep");
    expect(projectRoot(nowhere)).toBe(path.parse(root).root);
  });
});

describe("reported", () => {
  const config = new ConfigError('NodeCluster "dev"', [
    { path: "seed", message: "missing; give a text", code: "SEED_MISSING" },
  ]);

  it("gives problems the form that Pulumi prints without a stack", () => {
    const act = () =>
      reported(() => {
        throw config;
      });
    expect(act).toThrow(pulumi.RunError);
    expect(act).toThrow(config.message);
    try {
      act();
    } catch (error) {
      expect(pulumi.RunError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ name: "ConfigError", problems: config.problems, cause: config });
    }
  });

  it("passes on everything else, and what the check returns", () => {
    const fault = new TypeError("ours");
    expect(() =>
      reported(() => {
        throw fault;
      }),
    ).toThrow(fault);
    expect(reported(() => 42)).toBe(42);
  });
});
