import type { ClientDefinition, Kind, Layer, NetworkDefinition, ProtocolDefinition } from "../chains/types";
import type { ClusterArgs, NodeGroupArgs } from "./args";

export const LAYERS: readonly Layer[] = ["node", "execution", "consensus"];
export const SERVING_KINDS: readonly Kind[] = ["full", "archive", "light"];

/** The args after every check, with what they name looked up. */
export interface ClusterSpec {
  readonly name: string;
  readonly args: ClusterArgs;
  readonly protocol: ProtocolDefinition;
  readonly network: string;
  readonly networkFacts: NetworkDefinition;
  /** Groups by name, in the order of their names: position in the source is never identity. */
  readonly groups: readonly GroupSpec[];
}

export interface GroupSpec {
  readonly name: string;
  readonly args: NodeGroupArgs;
  readonly count: number;
  readonly servesRpc: boolean;
  /** In the order in which the node's processes are planned: the first answers for the head. */
  readonly clients: readonly ClientDefinition[];
}

export interface ResolvedChain {
  readonly protocol: ProtocolDefinition;
  readonly network: string;
  readonly facts: NetworkDefinition;
}
