/**
 * How far a recovery point was proven, least first: the copy is there (`exists`), its bytes are whole (`intact`), the client opens it
 * offline and without keys (`opens`), it holds the right chain (`chain`), a node that starts from it imports new blocks (`progresses`), and
 * a restore keeps the objectives (`objectives`).
 */
export const LEVELS = ["exists", "intact", "opens", "chain", "progresses", "objectives"] as const;
export type Level = (typeof LEVELS)[number];

/** Whether a point that was proven to `reached` is proven to `wanted`. */
export function isProvenTo(reached: Level | null, wanted: Level): boolean {
  return reached !== null && LEVELS.indexOf(reached) >= LEVELS.indexOf(wanted);
}

/** The level below; nothing below the first. */
export function levelBelow(level: Level): Level | null {
  return LEVELS[LEVELS.indexOf(level) - 1] ?? null;
}
