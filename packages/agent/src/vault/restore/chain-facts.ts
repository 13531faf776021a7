import type { AgentInventory, InventoryNode } from "@chainkeep/core";
import type { AskTarget, ChainAsker } from "../contracts";
import { testify } from "../proof/witnesses";

export interface ChainFacts {
  readonly chainId: string | null;
  readonly genesis: string | null;
}

/**
 * The chain that the nodes are on: as the first of them tells that answers, and without an answer as the configuration says.
 *
 * @param nodes - In the order in which they are believed.
 */
export async function chainFacts(
  inventory: AgentInventory,
  asker: ChainAsker,
  nodes: readonly InventoryNode[],
): Promise<ChainFacts> {
  for (const node of nodes) {
    const target = targetOf(inventory, node);
    const head = target && (await asker.head(target)).head;
    if (!target || !head) continue;
    const said = await testify(asker, { who: node.name, target }, head.height);
    const { chainId = null, genesis = null } = head;
    return { chainId: chainId ?? said?.chainId ?? null, genesis: said?.genesis ?? genesis };
  }
  return { chainId: inventory.limits?.chainId ?? null, genesis: null };
}

function targetOf({ questions }: AgentInventory, { processes }: InventoryNode): AskTarget | undefined {
  const [first] = processes;
  const asked = first && questions[first.questions];
  if (!first || !asked) return undefined;
  const { probeUrl, basicAuthFile } = first;
  return { probeUrl, questions: asked, ...(basicAuthFile === undefined ? {} : { basicAuthFile }) };
}
