import type { ClusterArgs } from "../cluster/args";
import type { GroupSpec } from "../cluster/spec";
import { type Problem, show } from "../errors/errors";
import { didYouMean } from "../errors/suggest";
import { lineageName, SOURCE_KINDS } from "./lineage";
import { backupSchema } from "./schema";

const KINDS = SOURCE_KINDS.map((k) => JSON.stringify(k)).join(", ");

/** What `backup` and `bootstrap` may not be together with the groups. Only where their shapes are sound. */
export function backupProblems(args: ClusterArgs, groups: readonly GroupSpec[]): Problem[] {
  if (args?.backup === undefined) return groups.flatMap(withoutVault);
  if (!backupSchema.safeParse(args.backup).success || groups.length < Object.keys(args.nodes ?? {}).length) return [];
  const { groups: named } = args.backup;
  if (named !== undefined) {
    const problems = named.flatMap((name, i) => namedGroup(name, `backup.groups[${i}]`, groups));
    return problems.length > 0 ? problems : groups.flatMap((g) => withoutSource(g, groups, named));
  }
  if (groups.some((g) => SOURCE_KINDS.includes(g.args.kind))) {
    return groups.flatMap((g) => withoutSource(g, groups));
  }
  const message = `got a cluster without a node of kind ${KINDS}; add one, best a mirror, or remove backup`;
  return [{ path: "backup", message, code: "BACKUP_NO_SOURCE" }];
}

function withoutVault({ name, args }: GroupSpec): Problem[] {
  if (args.bootstrap !== "newest-verified") return [];
  const message = 'got "newest-verified" in a cluster without backup; give backup: { vault }, or use "sync"';
  return [{ path: `nodes.${name}.bootstrap`, message, code: "BOOTSTRAP_NO_VAULT" }];
}

/** Nodes that take their data from the vault wait for a point; here none would ever come. */
function withoutSource({ name, args, clients }: GroupSpec, groups: readonly GroupSpec[], named?: string[]): Problem[] {
  if (args.bootstrap !== "newest-verified" || clients.length === 0) return [];
  const path = `nodes.${name}.bootstrap`;
  if (args.kind === "light") {
    const message = 'got "newest-verified" for light nodes, of which no points are taken; use "sync"';
    return [{ path, message, code: "BACKUP_NO_SOURCE" }];
  }
  const wanted = lineageName(args.kind, clients);
  const isSource = (g: GroupSpec) =>
    SOURCE_KINDS.includes(g.args.kind) &&
    (named?.includes(g.name) ?? true) &&
    lineageName(g.args.kind, g.clients) === wanted;
  if (groups.some(isSource)) return [];
  const message = `got "newest-verified", and no group is copied whose data (${wanted}) fits these nodes; add one of the same clients to backup.groups, or use "sync"`;
  return [{ path, message, code: "BACKUP_NO_SOURCE" }];
}

function namedGroup(name: string, path: string, groups: readonly GroupSpec[]): Problem[] {
  const found = groups.find((g) => g.name === name);
  if (!found) {
    const names = groups.map((g) => g.name);
    const list = names.map((n) => JSON.stringify(n)).join(", ");
    return [
      { path, message: `got ${show(name)}; use one of ${list}${didYouMean(name, names)}`, code: "GROUP_UNKNOWN" },
    ];
  }
  if (SOURCE_KINDS.includes(found.args.kind)) return [];
  const message = `got ${show(name)}, a group of kind ${found.args.kind}, which is never stopped for a backup; use groups of kind ${KINDS}`;
  return [{ path, message, code: "BACKUP_GROUP_KIND" }];
}
