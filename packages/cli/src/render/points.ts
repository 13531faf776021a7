import type { StatusPoint } from "@chainkeep/core";
import { plain, type Style } from "./style";
import { type Cell, table } from "./table";
import { duration, size } from "./text";

/** Recovery points, the newest first. */
export function pointsText(points: readonly StatusPoint[], now: number, style: Style = plain): string {
  const head = ["POINT", "NODE", "HEIGHT", "AGE", "SIZE", "VERIFIED", "LOCKED", "COPIES"].map(
    (text): Cell => ({ text, dress: style.dim, right: ["HEIGHT", "SIZE"].includes(text) }),
  );
  const rows = [...points]
    .sort((a, b) => b.createdAt - a.createdAt)
    .map((point): Cell[] => [
      { text: point.id },
      { text: point.node },
      { text: String(point.height), right: true },
      { text: duration(now - point.createdAt) },
      { text: size(point.sizeBytes), right: true },
      verified(point, style),
      { text: lock(point, now) },
      { text: point.copies.join(", ") || "-" },
    ]);
  return table([head, ...rows]);
}

function verified({ verified: level, bad, consistency }: StatusPoint, style: Style): Cell {
  if (bad !== null) return { text: `BAD ${bad}`, dress: style.bad };
  const note = consistency === "crash-consistent" ? " (node was killed)" : "";
  return level === null
    ? { text: `not yet${note}`, dress: style.warn }
    : { text: `${level}${note}`, dress: style.good };
}

function lock({ lockedUntil }: StatusPoint, now: number): string {
  return lockedUntil === null || lockedUntil <= now ? "-" : `for ${duration(lockedUntil - now)}`;
}
