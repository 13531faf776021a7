import type { Observation, Reason } from "@chainkeep/core";
import type { Target } from "../probe/prober";
import { rpcUrlOf } from "./fleet";
import type { NodeState } from "./judge";

interface Mark {
  readonly since: number;
  readonly text: string;
}

/**
 * Which nodes get requests of users: ready ones, less those that have just failed a request. Those come back with the next
 * good answer to a health question.
 */
export class Rotation {
  private readonly marks = new Map<string, Mark>();
  private readonly strikes = new Set<string>();

  constructor(private readonly now: () => number = Date.now) {}

  isIn(state: NodeState): boolean {
    const { node } = state;
    return node.servesRpc && state.ready && rpcUrlOf(node) !== undefined && !this.marks.has(node.name);
  }

  /** Reasons of the verdict, and why the node gets no requests although it looks well. */
  reasons(state: NodeState): readonly Reason[] {
    const mark = this.marks.get(state.node.name);
    return mark ? [...state.reasons, { code: "REQUEST_FAILED", text: mark.text }] : state.reasons;
  }

  /** No connection could be made: out at once. */
  unreachable(node: string, text: string): void {
    this.mark(node, text);
  }

  /**
   * No answer came in time. Out at once if another node answered the same request: else the request may be to blame, and one
   * slow query must not take down a whole group. A second one without an answer in between is proof enough.
   */
  timedOut(node: string, text: string, othersAnswered: boolean): void {
    if (othersAnswered || this.strikes.has(node)) this.mark(node, text);
    else this.strikes.add(node);
  }

  answered(node: string): void {
    this.strikes.delete(node);
  }

  observed({ node, process }: Target, observation: Observation): void {
    const mark = this.marks.get(node.name);
    if (!mark || process.rpcUrl !== rpcUrlOf(node) || !observation.head) return;
    if (observation.at - observation.durationMs < mark.since) return;
    this.marks.delete(node.name);
    this.strikes.delete(node.name);
  }

  keep(names: ReadonlySet<string>): void {
    for (const name of this.marks.keys()) if (!names.has(name)) this.marks.delete(name);
    for (const name of this.strikes) if (!names.has(name)) this.strikes.delete(name);
  }

  private mark(node: string, text: string): void {
    this.strikes.delete(node);
    this.marks.set(node, { since: this.now(), text });
  }
}
