import * as path from "node:path";
import { type DrillReport, type Evidence, isProvenTo, type RecoveryPoint } from "@chainkeep/core";
import type { JobContext, VaultWorld } from "../contracts";
import { writeDurably } from "../proof/durable-file";
import { markPoint } from "../proof/mark-point";
import { type ProofOptions, provePoint, WAITING } from "../proof/prove-point";
import { VaultError } from "../vault-error";
import { reportMarkdown } from "./report-markdown";

export interface DrillRequest {
  /** Id; the one that a restore would take when left out. */
  readonly point?: string;
  /** "vault", or the name of a copy; as the vault's policy says when left out. */
  readonly from?: string;
}

/**
 * Restores a point into isolation as an operator would restore a lost node, and measures it. The report is kept as JSON and Markdown.
 *
 * @throws VaultError DRILL_NO_POINT, POINT_UNKNOWN, and the store's
 */
export async function runDrill(
  world: VaultWorld,
  { point: id, from = world.vault().policy.drill?.from ?? "vault" }: DrillRequest,
  job: JobContext,
  options: ProofOptions = {},
): Promise<DrillReport> {
  const startedAt = world.now() / 1000;
  const { cluster } = world.inventory();
  const store = from === "vault" ? world.store : world.copy(from);
  const { points } = await store.records(cluster);
  const point = id === undefined ? pointOfRestore(points) : points.find((p) => p.id === id);
  if (!point && id !== undefined) throw new VaultError("POINT_UNKNOWN", `no point called ${id} in ${from}`);
  if (!point) throw new VaultError("DRILL_NO_POINT", `no good point in ${from}; take one first`);
  const rpoBlocks = blocksSince(world, point);
  let atHead: number | undefined;
  const evidence = await provePoint(world, { point, level: "progresses", from }, job, {
    ...options,
    onReached: (level) => {
      if (level === "progresses") atHead = world.now() / 1000;
      options.onReached?.(level);
    },
  });
  const report = reportOf({ world, point, evidence, startedAt, atHead, rpoBlocks });
  await keep(world, report, evidence);
  await markPoint(world, cluster, evidence, report.reached);
  world.log(report.met ? "info" : "warn", "drill_ended", {
    point: point.id,
    from,
    met: report.met,
    reached: report.reached,
    rtoSeconds: report.rtoSeconds,
    rpoSeconds: report.rpoSeconds,
  });
  return report;
}

export function reportsDirectory(vaultDirectory: string): string {
  return path.join(vaultDirectory, "reports");
}

/** The newest one that the client has opened before, as a restore would; the newest one that is not bad when there is none. */
function pointOfRestore(points: readonly RecoveryPoint[]): RecoveryPoint | undefined {
  const good = points.filter((p) => p.verification.bad === null).sort((a, b) => b.createdAt - a.createdAt);
  return good.find((p) => isProvenTo(p.verification.level, "opens")) ?? good[0];
}

function blocksSince({ inventory, fleet }: VaultWorld, point: RecoveryPoint): number | null {
  const layer = inventory().nodes[0]?.processes[0]?.layer;
  const height = layer === undefined ? undefined : fleet().heights.get(layer);
  return height === undefined ? null : Math.max(0, height - point.height);
}

interface Measured {
  readonly world: VaultWorld;
  readonly point: RecoveryPoint;
  readonly evidence: Evidence;
  readonly startedAt: number;
  readonly atHead: number | undefined;
  readonly rpoBlocks: number | null;
}

function reportOf({ world, point, evidence, startedAt, atHead, rpoBlocks }: Measured): DrillReport {
  const { rtoSeconds: rtoLimit, rpoSeconds: rpoLimit } = world.vault().policy;
  // An operator's restore waits for no drill before it.
  const waited = evidence.steps.filter((s) => s.name === WAITING).reduce((sum, s) => sum + s.seconds, 0);
  const rtoSeconds = atHead === undefined ? null : atHead - startedAt - waited;
  const rpoSeconds = Math.max(0, startedAt - point.createdAt);
  const met =
    evidence.reached === "progresses" && rtoSeconds !== null && rtoSeconds <= rtoLimit && rpoSeconds <= rpoLimit;
  return {
    schemaVersion: 1,
    id: `drill-${evidence.id}`,
    cluster: world.inventory().cluster,
    point: point.id,
    from: evidence.from,
    startedAt,
    endedAt: world.now() / 1000,
    reached: met ? "objectives" : evidence.reached,
    rtoSeconds,
    rpoSeconds,
    rpoBlocks,
    objectives: { rtoSeconds: rtoLimit, rpoSeconds: rpoLimit },
    met,
    bytes: evidence.bytes,
    steps: evidence.steps,
    evidence: evidence.id,
  };
}

async function keep(world: VaultWorld, report: DrillReport, evidence: Evidence): Promise<void> {
  const file = path.join(reportsDirectory(world.vault().directory), report.id);
  await writeDurably(`${file}.json`, `${JSON.stringify(report, null, 1)}\n`);
  await writeDurably(`${file}.md`, reportMarkdown(report, evidence));
}
