import type { DerivedMaterial } from "../chains/types";
import { ConfigError, type Problem, show } from "../errors/errors";
import type { ClusterPlan } from "./types";

/** What is wrong with a seed; its text is never shown. */
export function seedProblems(seed: unknown): Problem[] {
  if (typeof seed !== "string") {
    const message = `got ${seed === undefined ? "nothing" : `a ${typeof seed}`}; give a secret text of at least 32 characters, e.g. config.requireSecret("seed")`;
    return [{ path: "seed", message, code: "SEED_MISSING" }];
  }
  if (seed.length >= 32) return [];
  const message = `got ${seed.length} characters; use at least 32, e.g. from: openssl rand -hex 32`;
  return [{ path: "seed", message, code: "SEED_SHORT" }];
}

/**
 * Genesis, keys and peer lists of a cluster from its seed. The same seed gives the same material on every preview, and a
 * new node changes nobody else's keys.
 *
 * @throws ConfigError when the seed is too short
 */
export function deriveMaterial(plan: ClusterPlan, seed: string): DerivedMaterial {
  if (!plan.protocol.derive) return { files: {} };
  const problems = seedProblems(seed);
  if (problems.length > 0) throw new ConfigError(`NodeCluster ${show(plan.name)}`, problems);
  return plan.protocol.derive({
    cluster: plan.name,
    network: plan.network,
    chainId: plan.chainId ?? plan.name,
    seed,
    processes: plan.nodes.flatMap((node) =>
      node.processes.map((process) => withLayer(process.context, process.layer, process.client.name)),
    ),
    settings: plan.privateNetwork ?? {
      genesisTime: "2025-01-01T00:00:00Z",
      blockTimeSeconds: plan.networkFacts.blockTimeSeconds,
      genesisValidators: 0,
    },
  });
}

/** Keeps the lazily made list of siblings lazy: a spread would make them all. */
function withLayer<T extends object, L, C>(context: T, layer: L, client: C): T & { layer: L; client: C } {
  return Object.create(context, {
    layer: { value: layer, enumerable: true },
    client: { value: client, enumerable: true },
  }) as T & { layer: L; client: C };
}
