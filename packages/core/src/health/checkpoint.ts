/**
 * Height of the block whose hash siblings are asked for: a whole multiple of `blocks`, one step below the newest, so that usual
 * reorganisations do not reach it. Reckoned from the height that the fleet believes, so that all are asked for the same block,
 * and from the node's own where that is lower or nothing is believed.
 *
 * @returns Nothing while the chain is too short. Block 0 is never asked for: some chains have none.
 */
export function checkpointHeight(own: number, believed: number | undefined, blocks: number): number | undefined {
  const height = Math.floor(Math.min(own, believed ?? own) / blocks) * blocks - blocks;
  return height >= 1 ? height : undefined;
}

/** A hash as lower-case digits without prefix; nothing for what is none. */
export function hashDigits(hash: unknown): string | undefined {
  if (typeof hash !== "string" || hash.length > 130) return undefined;
  const digits = hash.replace(/^0x/i, "").toLowerCase();
  return /^[0-9a-f]{16,}$/.test(digits) ? digits : undefined;
}

/**
 * 48 bits of a hash as a number, which a float64 holds exactly. Zeros in front are left out: the hashes of proof of work begin with
 * so many of them that their first 48 bits are all the same.
 */
export function hash48(digits: string): number {
  return Number.parseInt(digits.replace(/^0+/, "").slice(0, 12) || "0", 16);
}
