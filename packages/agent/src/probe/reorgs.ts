import { type Head, hash48, hashDigits } from "@chainkeep/core";
import type { BlockAnswer } from "./ask-block";

/** So many reports of a node are kept: two numbers each. Deeper reorganisations are told as this deep. */
const KEPT = 32;

export type AskHash = (height: number) => Promise<BlockAnswer>;

/**
 * Notices when a node takes back blocks. Only what is proven counts: another hash at a height for which the node has told a hash
 * before. A node that steps back along its own chain (after a crash, by an operator) has replaced nothing yet.
 */
export class Reorgs {
  private heights: number[] = [];
  private marks: number[] = [];

  /**
   * @param far - A head so far below the highest one is that of a node that has begun anew.
   * @param ask - How an older block is asked for. Without it a replaced block shows only when a head has its very height; with it a
   * head above is looked at as well, which is how most reorganisations come.
   * @returns How many of the reported heights have other blocks now, at least; 0: none that is known of.
   */
  async see(head: Head, far: number, ask?: AskHash): Promise<number> {
    const hash = hashDigits(head.hash);
    if (hash === undefined) return 0;
    const mark = hash48(hash);
    const top = this.heights.at(-1);
    if (top === undefined || head.height < top - far) {
      this.keep(0, head.height, mark);
      return 0;
    }
    const index = this.heights.indexOf(head.height);
    if (index < 0 && head.height < top) return 0;
    const last = this.heights.length - 1;
    const replaced = index >= 0 ? this.marks[index] !== mark : ask !== undefined && (await this.isGone(last, ask));
    if (!replaced) {
      if (index < 0) this.keep(this.heights.length, head.height, mark);
      return 0;
    }
    const lowest = await this.lowestGone(index < 0 ? last : index, ask);
    const depth = top - (this.heights[lowest] ?? top) + 1;
    this.keep(lowest, head.height, mark);
    return depth;
  }

  /** Whether the node has another block now where it told this one. Silence proves nothing. */
  private async isGone(index: number, ask: AskHash): Promise<boolean> {
    const now = await ask(this.heights[index] ?? 0);
    return typeof now === "string" && hash48(now) !== this.marks[index];
  }

  private async lowestGone(from: number, ask: AskHash | undefined): Promise<number> {
    let lowest = from;
    while (ask && lowest > 0 && (await this.isGone(lowest - 1, ask))) lowest -= 1;
    return lowest;
  }

  /** Keeps the reports below an index, and a new one on top. */
  private keep(below: number, height: number, mark: number): void {
    const from = Math.max(0, below - KEPT + 1);
    this.heights = [...this.heights.slice(from, below), height];
    this.marks = [...this.marks.slice(from, below), mark];
  }
}
