import { type Kind, type MonitoringArgs, planCluster } from "@chainkeep/core";
import { BlockchainNode, NodeCluster } from "@chainkeep/local";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { hostLayout, podLayout } from "../../packages/core/src/testing/toy-protocol.fixture";
import { asCluster } from "../../packages/local/src/blockchain-node/render";
import { planLocal } from "../../packages/local/src/node-cluster/node-cluster";
import { type Break, broken, together, written } from "./break-parts";
import { clusterBreaks, NO_ARGS, NO_NAMES, nodeBreaks, nodeClusterBreaks } from "./breaks";
import { PRESETS, type Preset, type Sound, soundCluster, soundNode, soundNodeCluster } from "./sound-args";
import { expectTold, refusal, registering, untold } from "./told";

/** CHAINKEEP_THOROUGH=20 looks twenty times as hard, e.g. at night. */
const THOROUGH = Number(process.env.CHAINKEEP_THOROUGH ?? 1);
const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 5 });

const paths = (breaks: readonly Break[]) => breaks.map((b) => b.told);
const firstGroup = ({ args, preset }: Sound<{ nodes: object }>) =>
  Object.keys(args.nodes).find((name) => !Object.hasOwn(preset.always ?? {}, name)) ?? "";
const needsSeed = (preset: Preset) =>
  preset.private || ["ethereum", "bitcoin", "substrate"].includes(preset.chain.protocol ?? "");

const QUIET: MonitoringArgs = { receivers: "none" };
const SEED = "sesame-0123456789abcdef0123456789abcdef";
const representatives = PRESETS.filter(
  (p) => p === PRESETS.find((other) => other.chain.protocol === "ethereum") || p.chain.protocol !== "ethereum",
);
const kindOf = ({ kinds }: Preset) => kinds[0] as Kind;

describe("every single break", () => {
  it.each(representatives)(
    "of a cluster of $title is told",
    (preset) => {
      const nodes = { rpc: { kind: kindOf(preset) }, ...preset.always };
      const args = { chain: preset.chain, nodes, monitoring: QUIET, seed: SEED };
      const all = nodeClusterBreaks(preset, "rpc", needsSeed(preset));
      expect(untold(all, (bad) => planLocal("NodeCluster", "sound", broken(args, [bad])))).toEqual([]);
    },
    60_000,
  );

  it.each(representatives.filter((p) => p.alone))(
    "of a node of $title is told",
    (preset) => {
      const args = { chain: preset.chain, kind: kindOf(preset), monitoring: QUIET, seed: SEED };
      const all = nodeBreaks(preset, needsSeed(preset));
      expect(untold(all, (bad) => asCluster("sound", broken(args, [bad])))).toEqual([]);
    },
    60_000,
  );
});

describe("planCluster", () => {
  it(
    "takes every sound cluster, and leaves its args alone",
    () => {
      fc.assert(
        fc.property(soundCluster, fc.constantFrom(hostLayout, podLayout), ({ name, args }, layout) => {
          const before = JSON.stringify(args);
          const plan = planCluster(name, args, layout);
          expect(plan.nodes.length).toBeGreaterThan(0);
          expect(JSON.stringify(args)).toBe(before);
        }),
        { numRuns: 100 * THOROUGH },
      );
    },
    60_000 * THOROUGH,
  );

  it(
    "refuses whatever is broken, and names the place",
    () => {
      fc.assert(
        fc.property(soundCluster, picks, (sound, chosen) => {
          const breaks = together(clusterBreaks(sound.preset, firstGroup(sound)), chosen);
          const args = broken(sound.args, breaks);
          const found = refusal(() => planCluster(sound.name, args, hostLayout));
          expectTold(found, "NodeCluster", paths(breaks));
        }),
        { numRuns: 250 * THOROUGH },
      );
    },
    60_000 * THOROUGH,
  );
});

describe("NodeCluster", () => {
  it(
    "takes every sound cluster",
    () => {
      fc.assert(
        fc.property(soundNodeCluster, ({ name, args }) => {
          expect(planLocal("NodeCluster", name, args).plan.name).toBe(name);
        }),
        { numRuns: 100 * THOROUGH },
      );
    },
    60_000 * THOROUGH,
  );

  it(
    "refuses whatever is broken before anything is registered, names the place, and keeps the seed to itself",
    async () => {
      await fc.assert(
        fc.asyncProperty(soundNodeCluster, picks, async (sound, chosen) => {
          const all = nodeClusterBreaks(sound.preset, firstGroup(sound), needsSeed(sound.preset));
          const breaks = together(all, chosen);
          const args = broken(sound.args, breaks);
          const found = await registering(() => new NodeCluster(sound.name, args));
          expect(found).toBeInstanceOf(pulumi.RunError);
          expectTold(found, "NodeCluster", paths(breaks), sound.args.seed as string);
        }),
        { numRuns: 250 * THOROUGH },
      );
    },
    120_000 * THOROUGH,
  );

  it("refuses what is no args at all, and names that are none", async () => {
    const name = "sound";
    for (const make of NO_ARGS) {
      const found = await registering(() => new NodeCluster(name, make() as never));
      expectTold(found, "NodeCluster", ["args"]);
    }
    const [{ args } = never()] = fc.sample(soundNodeCluster, 1);
    for (const make of NO_NAMES) {
      const found = await registering(() => new NodeCluster(make() as never, args));
      expectTold(found, "NodeCluster", ["name"], args.seed as string);
    }
    const listed = await registering(() => new NodeCluster(name, [args] as never));
    expectTold(listed, "NodeCluster", ["args"], args.seed as string);
  });
});

describe("BlockchainNode", () => {
  it(
    "takes every sound node",
    () => {
      fc.assert(
        fc.property(soundNode, ({ name, args }) => {
          expect(Object.keys(asCluster(name, args).nodes)).toHaveLength(1);
        }),
        { numRuns: 100 * THOROUGH },
      );
    },
    60_000 * THOROUGH,
  );

  it(
    "refuses whatever is broken before anything is registered, in the node's own words",
    async () => {
      await fc.assert(
        fc.asyncProperty(soundNode, picks, async (sound, chosen) => {
          const breaks = together(nodeBreaks(sound.preset, needsSeed(sound.preset)), chosen);
          const args = broken(sound.args, breaks);
          const found = await registering(() => new BlockchainNode(sound.name, args));
          expect(found).toBeInstanceOf(pulumi.RunError);
          expectTold(found, "BlockchainNode", paths(breaks), sound.args.seed as string);
          expect(found?.message).not.toContain("nodes.node");
        }),
        { numRuns: 250 * THOROUGH },
      );
    },
    120_000 * THOROUGH,
  );

  it("refuses what is no args at all, and names that are none", async () => {
    for (const make of NO_ARGS) {
      expectTold(await registering(() => new BlockchainNode("sound", make() as never)), "BlockchainNode", ["args"]);
    }
    const [{ args } = never()] = fc.sample(soundNode, 1);
    for (const make of NO_NAMES) {
      const found = await registering(() => new BlockchainNode(make() as never, args));
      expectTold(found, "BlockchainNode", ["name"], args.seed as string);
    }
  });
});

function never(): never {
  throw new Error("no sample");
}

describe("the list of breaks", () => {
  it("reaches every arg of a cluster", () => {
    const [sound = never()] = fc.sample(soundNodeCluster, 1);
    const all = nodeClusterBreaks(sound.preset, "rpc", true).map((b) => b.told);
    for (const path of [
      "backup.groups",
      "backup.vault",
      "chain.network",
      "health.silenceSeconds",
      "hostPorts.nodesTo",
      "hostPorts.proof",
      "monitoring.alerts.NodeDown.severity",
      "monitoring.deadMan.urlFile",
      "monitoring.maintenance[1].timeZone",
      "monitoring.receivers.broken.email.passwordFile",
      "monitoring.remoteWrite[1].url",
      "monitoring.scrape.broken.node",
      "monitoring.slo.availability",
      "nodes.rpc.bootstrap",
      "nodes.rpc.count",
      "nodes.rpc.servesRpc",
      "purgeData",
      "seed",
      "stateDir",
    ]) {
      expect(all).toContain(path);
    }
    expect(written(["a", "b c"])).toBe('a["b c"]');
  });
});
