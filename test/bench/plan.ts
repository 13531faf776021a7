// How long planCluster takes for 10 to 10,000 nodes. Goal: less than a second for 10,000, and linear growth.
import { type ClusterArgs, type Kind, planCluster, type TargetLayout } from "../../packages/core/src/index";
import { growthExponent, median } from "./statistics";

const SIZES = [10, 100, 1000, 10_000];
const LARGEST = 10_000;
const RUNS = 7;
const GROUP = 200;
const GOAL_SECONDS = 1;
/** Linear, with room for what a processor's caches no longer hold; quadratic growth would be 2. */
const GOAL_EXPONENT = 1.2;

/** One host per node, as on Kubernetes: a shared host has no ports for ten thousand. */
const layout: TargetLayout = {
  name: "kubernetes",
  listen: "0.0.0.0",
  self: "127.0.0.1",
  host: (cluster, node) => `${node}.${cluster}`,
  home: (_cluster, _node, layer) => `/data/${layer ?? "shared"}`,
};

const CHAINS: Readonly<Record<string, { chain: ClusterArgs["chain"]; kindOf: (group: number) => Kind }>> = {
  cometbft: {
    chain: { protocol: "cometbft", network: "private" },
    kindOf: (group) => (["validator", "full", "full", "light", "mirror"] as const)[group] ?? "full",
  },
  ethereum: {
    chain: { protocol: "ethereum", network: "mainnet" },
    kindOf: (group) => (group % 10 === 9 ? "archive" : "full"),
  },
};

function argsOf(name: string, size: number): ClusterArgs {
  const { chain, kindOf } = CHAINS[name] as (typeof CHAINS)[string];
  const groups = Math.max(5, Math.ceil(size / GROUP));
  const nodes: ClusterArgs["nodes"] = {};
  for (let group = 0; group < groups; group++) {
    nodes[`group-${group}`] = { kind: kindOf(group), count: Math.floor(size / groups) };
  }
  return { chain, nodes };
}

/** Seconds of one plan. Small ones are made many times in a row, so that they bear their share of the garbage collection. */
function secondsOf(name: string, size: number): number {
  const args = argsOf(name, size);
  const times = LARGEST / size;
  const started = process.hrtime.bigint();
  for (let i = 0; i < times; i++) {
    const plan = planCluster("bench", args, layout);
    if (plan.nodes.length !== size) throw new Error(`planned ${plan.nodes.length} nodes, asked for ${size}`);
  }
  return Number(process.hrtime.bigint() - started) / 1e9 / times;
}

const results = Object.keys(CHAINS).map((chain) => {
  // The compiler needs some rounds before figures mean anything.
  secondsOf(chain, 100);
  const points = SIZES.map((size) => ({
    size,
    seconds: median(Array.from({ length: RUNS }, () => secondsOf(chain, size))),
  }));
  return { chain, points, exponent: growthExponent(points) };
});

const met = results.every(
  ({ points, exponent }) => (points.at(-1)?.seconds ?? Number.NaN) < GOAL_SECONDS && exponent <= GOAL_EXPONENT,
);
console.log(JSON.stringify({ bench: "plan", runs: RUNS, results, met }));
for (const { chain, points, exponent } of results) {
  const times = points.map(
    ({ size, seconds }) => `${size.toLocaleString("en")} nodes ${(seconds * 1000).toFixed(1)} ms`,
  );
  console.log(`plan ${chain}: ${times.join(", ")}; growth exponent ${exponent.toFixed(2)}`);
}
console.log(
  `plan: goal (10,000 nodes in less than ${GOAL_SECONDS} s, exponent at most ${GOAL_EXPONENT}) ${met ? "met" : "missed"}`,
);
process.exit(met ? 0 : 1);
