import type { Kind } from "../chains/types";
import { didYouMean } from "../errors/suggest";
import type { Reason } from "../health/types";
import { SOURCE_KINDS } from "./lineage";

/** A node as the agent sees it at the moment of the choice. */
export interface CandidateNode {
  readonly name: string;
  readonly group: string;
  readonly kind: Kind;
  readonly ready: boolean;
  readonly alive: boolean;
  /** Whether users are sent to it; true for a mirror that was promoted. */
  readonly serves: boolean;
  /** Why it is not ready. */
  readonly reasons: readonly Reason[];
  /** Something else is being done with it, e.g. "is being restored". */
  readonly busy?: string;
}

export interface CandidateCase {
  /** Names of the lineage's sources, best first. */
  readonly sources: readonly string[];
  readonly nodes: readonly CandidateNode[];
  /** So many nodes of a group that serves must stay ready. */
  readonly minReady: number;
  /** Node that a person asked for; it must fit all the same. */
  readonly wished?: string;
  /** The whole network makes no blocks. */
  readonly halted: boolean;
  /** A person asked for it: a halted network is copied, too. */
  readonly manual: boolean;
}

export interface CandidateSkip {
  readonly code: string;
  readonly text: string;
  readonly perNode: readonly { readonly node: string; readonly code: string; readonly text: string }[];
}

/**
 * The node that is stopped for a recovery point: in step with the network, never a validator, a signer or an entrance, never one without which
 * users would be served by too few. Mirrors come first, because `sources` has them first.
 */
export function pickCandidate(given: CandidateCase): { readonly node: string } | { readonly skip: CandidateSkip } {
  const { sources, wished, halted, manual } = given;
  if (halted && !manual) {
    const text =
      "the network makes no blocks; a point of it would hold nothing that the last one does not; ask for one with chainkeep backup if you want it all the same";
    return { skip: { code: "CANDIDATE_HALTED", text, perNode: [] } };
  }
  const asked = wished === undefined ? sources : [wished];
  const perNode: { node: string; code: string; text: string }[] = [];
  for (const name of asked) {
    const refusal = refusalOf(name, given);
    if (refusal === undefined) return { node: name };
    perNode.push({ node: name, ...refusal });
  }
  const reasons =
    perNode.map(({ node, text }) => `${node} ${text}`).join("; ") || "no node may be copied; add a mirror";
  return { skip: { code: perNode[0]?.code ?? "CANDIDATE_NONE", text: reasons, perNode } };
}

function refusalOf(
  name: string,
  { sources, nodes, minReady, halted }: CandidateCase,
): { readonly code: string; readonly text: string } | undefined {
  const node = nodes.find((n) => n.name === name);
  if (!node) {
    const text = `is no node of this cluster${didYouMean(name, sources)}; use one of ${sources.join(", ")}`;
    return { code: "CANDIDATE_UNKNOWN", text };
  }
  if (!SOURCE_KINDS.includes(node.kind) || !sources.includes(name)) {
    const text = `is a ${node.kind} that is not copied; sources are ${sources.join(", ") || "none"}`;
    return { code: "CANDIDATE_KIND", text };
  }
  if (node.busy !== undefined) return { code: "CANDIDATE_BUSY", text: `${node.busy}; try again when that is over` };
  if (!node.alive) return { code: "CANDIDATE_DOWN", text: "is not alive; mend it first" };
  // A network that stands makes every head old; that is no fault of the node.
  const against = node.reasons.filter(({ code }) => !(halted && code === "HEAD_OLD"));
  const onlyHalted = node.reasons.length > 0 && against.length === 0;
  if (!node.ready && !onlyHalted) {
    const why = against.map((r) => r.text).join(", ") || "nobody has asked it yet";
    return { code: "CANDIDATE_NOT_READY", text: `is not ready (${why}); wait until it is, or name another one` };
  }
  if (!node.serves) return undefined;
  const left = nodes.filter((n) => n.group === node.group && n.name !== name && n.ready && n.busy === undefined);
  if (left.length >= minReady) return undefined;
  const text = `would leave ${left.length} ready of its group ${node.group}, and ${minReady} must stay; add a mirror, or a node to the group`;
  return { code: "CANDIDATE_LAST", text };
}
