import type { Layer, RecoveryPoint, Testimony } from "@chainkeep/core";
import type { AskTarget, ChainAsker, VaultWorld } from "../contracts";

/** Somebody who can be asked for the same block. */
export interface Witness {
  readonly who: string;
  readonly target: AskTarget;
}

/**
 * Who may testify for one layer of a point: other nodes than the copied one that are ready, and the reference. Light nodes only repeat what
 * another node says.
 */
export function witnessesOf(
  { inventory, fleet }: Pick<VaultWorld, "inventory" | "fleet">,
  point: Pick<RecoveryPoint, "node">,
  layer: Layer,
): Witness[] {
  const { nodes, questions, reference } = inventory();
  const states = fleet().nodes;
  const others = nodes.filter(
    ({ name, kind }) => name !== point.node && kind !== "light" && states.get(name)?.ready === true,
  );
  const witnesses = others.flatMap(({ processes }) =>
    processes
      .filter((process) => process.layer === layer)
      .flatMap(({ name, probeUrl, basicAuthFile, questions: key }): Witness[] => {
        const asked = questions[key];
        const auth = basicAuthFile === undefined ? {} : { basicAuthFile };
        return asked ? [{ who: name, target: { probeUrl, questions: asked, ...auth } }] : [];
      }),
  );
  const outside = reference && layer === nodes[0]?.processes[0]?.layer ? questions[reference.questions] : undefined;
  if (!reference || !outside) return witnesses;
  return [...witnesses, { who: "reference", target: { probeUrl: reference.probeUrl, questions: outside } }];
}

/** What somebody says of a block; undefined when there is no answer. */
export async function testify(
  asker: ChainAsker,
  { who, target }: Witness,
  height: number,
): Promise<Testimony | undefined> {
  const [{ head }, block] = await Promise.all([asker.head(target), asker.block(target, height)]);
  if (!block) return undefined;
  return {
    who,
    chainId: head?.chainId ?? null,
    genesis: block.genesis ?? head?.genesis ?? null,
    height,
    hash: block.hash,
    state: block.state,
  };
}
