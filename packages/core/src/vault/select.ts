import { type Problem, show } from "../errors/errors";
import { didYouMean } from "../errors/suggest";
import type { PointSelector } from "./job";
import { isProvenTo } from "./levels";
import type { RecoveryPoint } from "./point";

/**
 * The point that is meant. Chosen by itself is only one that a client has opened (`opens` or above) and that nothing was found against: at
 * night nobody wants the newest point, but the newest one that is known to work. Of those, points whose chain was compared with other nodes
 * (`chain` or above) go before newer ones that were merely opened.
 */
export function selectPoint(
  points: readonly RecoveryPoint[],
  selector: PointSelector,
  lineage: string,
): { readonly point: RecoveryPoint } | { readonly problem: Problem } {
  if ("id" in selector) return byId(points, selector.id, lineage);
  const fitting = points.filter((p) => p.lineage === lineage);
  const proven = fitting.filter((p) => p.verification.bad === null && isProvenTo(p.verification.level, "opens"));
  if ("atHeight" in selector) {
    const below = proven
      .filter((p) => p.height <= selector.atHeight)
      .sort((a, b) => b.height - a.height || newestFirst(a, b));
    if (below[0]) return { point: below[0] };
    const heights = proven.map((p) => p.height);
    const lowest =
      heights.length > 0 ? `the lowest verified one is of height ${Math.min(...heights)}` : noneVerified(fitting);
    return problem(`got height ${selector.atHeight}, and no verified point is at or below it; ${lowest}`, "POINT_NONE");
  }
  const compared = proven.filter((p) => isProvenTo(p.verification.level, "chain"));
  const newest = [...(compared.length > 0 ? compared : proven)].sort(newestFirst)[0];
  if (newest) return { point: newest };
  return problem(`no verified point of ${lineage}; ${noneVerified(fitting)}`, "POINT_NONE");
}

function byId(points: readonly RecoveryPoint[], id: string, lineage: string) {
  const point = points.find((p) => p.id === id);
  if (point) return { point };
  const ids = points.filter((p) => p.lineage === lineage).map((p) => p.id);
  return problem(
    `got ${show(id)}, which the vault does not hold${didYouMean(id, ids)}; see chainkeep points`,
    "POINT_UNKNOWN",
  );
}

function noneVerified(fitting: readonly RecoveryPoint[]): string {
  if (fitting.length === 0) return "the vault holds none at all; take one with chainkeep backup";
  const untried = fitting.filter((p) => p.verification.bad === null).length;
  const bad = fitting.length - untried;
  const none = bad === 1 ? "1 point is bad" : `${bad} points are bad`;
  if (untried === 0) return `${none}; take a new one with chainkeep backup, and see why with chainkeep points`;
  const count = untried === 1 ? "1 point is" : `${untried} points are`;
  const also = bad > 0 ? `, and ${none}` : "";
  return `${count} there without a proof${also}; prove one with chainkeep verify, or name one with --point and --force-unverified`;
}

function problem(message: string, code: string): { readonly problem: Problem } {
  return { problem: { path: "point", message, code } };
}

/** Order of points by the time at which they were taken. */
export function newestFirst(a: RecoveryPoint, b: RecoveryPoint): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
