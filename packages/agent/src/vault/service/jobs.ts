import { type DrillReport, isProvenTo, type RecoveryPoint, type Trigger, type VaultJobRequest } from "@chainkeep/core";
import type { JobContext, VaultWorld } from "../contracts";
import { asVaultError, VaultError } from "../vault-error";
import { check } from "./check-job";
import type { Work } from "./job-queue";
import type { PointList } from "./point-list";
import type { StateKeeper } from "./service-state";
import type { VaultWork } from "./work";

/** What the jobs of the service share. */
export interface JobContextOf {
  readonly world: VaultWorld;
  readonly work: VaultWork;
  readonly list: PointList;
  readonly keeper: StateKeeper | undefined;
  /** Asks for a job that follows from this one. */
  readonly submit: (request: VaultJobRequest) => void;
  /** Whether the agent is stopping: what ends now was not tried. */
  readonly stopping: () => boolean;
}

/** The piece of work that a request asks for. Whatever it comes to, the list of points is read anew. */
export function jobOf(request: VaultJobRequest, context: JobContextOf): Work {
  const run = runOf(request, context);
  return {
    kind: request.kind,
    subject: subjectOf(request),
    urgent: request.kind === "restore",
    yields: request.kind === "verify" || request.kind === "drill" || request.kind === "check",
    beside: request.kind === "promote",
    run: async (job) => {
      try {
        return await run(job);
      } finally {
        await context.list.refresh();
      }
    },
  };
}

function subjectOf(request: VaultJobRequest): string {
  switch (request.kind) {
    case "backup":
      return request.node ?? "cluster";
    case "verify":
    case "drill":
      return request.point ?? "newest";
    case "restore":
    case "discard-old":
    case "promote":
      return request.node;
    default:
      return "store";
  }
}

function runOf(request: VaultJobRequest, context: JobContextOf): (job: JobContext) => Promise<unknown> {
  const { world, work } = context;
  switch (request.kind) {
    case "backup":
      return (job) => backup(request.node, request.trigger ?? "manual", context, job);
    case "verify":
      return (job) => verify(request, context, job);
    case "drill":
      return (job) => drill(request, context, job);
    case "restore":
      return (job) => restore(request, context, job);
    case "discard-old":
      return (job) => work.discardOld(world, request.node, job);
    case "retain":
      return (job) => work.afterPoint(world, job);
    case "check":
      return (job) => check(context, job);
    case "promote":
      return (job) => work.promote(world, request, job);
  }
}

/** A point of each lineage, or of the one that the named node belongs to. One that fails does not keep the others from being taken. */
async function backup(node: string | undefined, trigger: Trigger, context: JobContextOf, job: JobContext) {
  const { world, work, keeper } = context;
  const startedAt = world.now() / 1000;
  const points: RecoveryPoint[] = [];
  const failures: VaultError[] = [];
  const lineages = world.vault().lineages.filter((l) => node === undefined || l.nodes.includes(node));
  for (const { id } of lineages) {
    if (job.signal.aborted) break;
    try {
      await world.store.ensure();
      const named = node === undefined ? {} : { node };
      points.push(await work.takePoint(world, { lineage: id, ...named, trigger }, job));
    } catch (error) {
      failures.push(asVaultError(error));
    }
  }
  if (job.signal.aborted && points.length < lineages.length) {
    // An agent that comes back makes up for it at once; what a person has cancelled waits for its next time.
    if (!context.stopping()) await keeper?.set({ marks: { backup: startedAt } });
    throw failures[0] ?? new VaultError("JOB_CANCELLED", "cancelled before every node was copied");
  }
  await remember(points, failures, startedAt, context);
  const removed = points.length > 0 ? await afterwards(context, job) : [];
  const { verify } = world.vault().policy;
  const proves = verify?.afterEach || (verify && trigger === "replacement");
  if (proves) for (const p of points) context.submit({ kind: "verify", point: p.id });
  if (points.length > 0 && keeper?.get().lastCheck?.damaged.length) context.submit({ kind: "check" });
  const [first] = failures;
  if (first) throw first;
  if (points.length === 0) throw new VaultError("BACKUP_NO_SOURCE", "no node of this cluster may be copied");
  return { points: points.map((p) => p.id), removed };
}

async function remember(
  points: readonly RecoveryPoint[],
  failures: readonly VaultError[],
  startedAt: number,
  { world, keeper }: JobContextOf,
): Promise<void> {
  const at = world.now() / 1000;
  const ok = failures.length === 0 && points.length > 0;
  const text = failures[0]?.message ?? (points.map((p) => p.id).join(", ") || "no node of this cluster may be copied");
  const failed = keeper?.get().marks.failures ?? 0;
  await keeper?.set({
    lastAttempt: { at, ok, text },
    ...(points.length === 0 ? {} : { lastDowntimeSeconds: Math.max(...points.map((p) => p.downtimeSeconds)) }),
    marks: { backup: startedAt, failures: ok ? 0 : failed + 1, failedAt: ok ? null : at },
  });
}

/** What goes wrong here takes nothing away from the point that was taken. */
async function afterwards({ world, work, keeper }: JobContextOf, job: JobContext): Promise<readonly string[]> {
  try {
    const { transferErrors, removed } = await work.afterPoint(world, job);
    if (transferErrors > 0) await keeper?.set({ transferErrors: keeper.get().transferErrors + transferErrors });
    return removed;
  } catch (error) {
    const { code, message } = asVaultError(error);
    world.log("error", "vault_retention_failed", { code, error: message });
    return [];
  }
}

async function verify(
  { point, level }: Extract<VaultJobRequest, { kind: "verify" }>,
  context: JobContextOf,
  job: JobContext,
): Promise<unknown> {
  const { world, work, keeper } = context;
  const asked = { ...(point === undefined ? {} : { point }), ...(level === undefined ? {} : { level }) };
  const result = await work.verifyPoint(world, asked, job);
  if (job.signal.aborted) throw new VaultError("JOB_CANCELLED", "cancelled before the proof had ended");
  if (!result) return { point: null, text: "every point is proven already" };
  const { evidence } = result;
  const { failure, inconclusive, reached } = evidence;
  const text = failure?.text ?? inconclusive?.text ?? `proven to ${reached ?? "nothing"}`;
  // What could not be decided takes no alarm back.
  const held = isProvenTo(reached, "opens") || !inconclusive || keeper?.get().lastVerification?.ok !== false;
  await keeper?.set({
    lastVerification: {
      at: world.now() / 1000,
      point: evidence.point,
      level: reached,
      ok: !failure && held,
      text,
    },
  });
  if (failure) {
    await replace(result.point, context);
    const reason = `fails at ${failure.level}: ${failure.text} [${failure.code}]`;
    throw new VaultError("POINT_BAD", `point ${evidence.point} ${reason}`);
  }
  return { point: evidence.point, reached, evidence: evidence.id, inconclusive: inconclusive?.text ?? null };
}

/**
 * A new point in the place of a bad one, once. One that is bad itself is not replaced: what makes points bad is still there, and stopping nodes
 * again and again mends nothing.
 */
async function replace({ id, trigger }: RecoveryPoint, { keeper, submit }: JobContextOf): Promise<void> {
  const replaced = keeper?.get().replaced ?? [];
  if (replaced.includes(id) || trigger === "replacement") return;
  await keeper?.set({ replaced: [...replaced, id].slice(-200) });
  submit({ kind: "backup", trigger: "replacement" });
}

async function drill(
  { point, from }: Extract<VaultJobRequest, { kind: "drill" }>,
  context: JobContextOf,
  job: JobContext,
): Promise<unknown> {
  const { world, work, keeper, list } = context;
  const asked = { ...(point === undefined ? {} : { point }), ...(from === undefined ? {} : { from }) };
  const ended = (ok: boolean, text: string) => keeper?.set({ lastDrill: { at: world.now() / 1000, ok, text } });
  let report: DrillReport;
  try {
    report = await work.runDrill(world, asked, job);
  } catch (error) {
    const { code, message } = asVaultError(error);
    const askedWrong = code === "DRILL_NO_POINT" || code === "POINT_UNKNOWN";
    if (!job.signal.aborted && !askedWrong) await ended(false, message);
    throw error;
  }
  if (job.signal.aborted) throw new VaultError("JOB_CANCELLED", "cancelled before the drill had ended");
  const { rtoSeconds, reached, evidence } = report;
  await ended(rtoSeconds !== null, `${report.point} held to ${reached ?? "nothing"}, report ${report.id}`);
  if (rtoSeconds !== null) await keeper?.set({ lastRestoreSeconds: rtoSeconds });
  if (report.from !== "vault") return report;
  const drilled = (await list.fresh()).points.find(({ id }) => id === report.point);
  const bad = drilled?.verification.evidence === evidence ? drilled.verification.bad : null;
  if (!drilled || !bad) return report;
  // Found by a drill, it is as bad as when a verification finds it.
  const text = `found by a drill: ${bad.text}`;
  await keeper?.set({
    lastVerification: { at: world.now() / 1000, point: drilled.id, level: drilled.verification.level, ok: false, text },
  });
  await replace(drilled, context);
  return report;
}

async function restore(
  { node, point, forceUnverified }: Extract<VaultJobRequest, { kind: "restore" }>,
  { world, work, keeper }: JobContextOf,
  job: JobContext,
): Promise<unknown> {
  const forced = forceUnverified === undefined ? {} : { forceUnverified };
  const result = await work.restoreNode(world, { node, point, ...forced }, job);
  await keeper?.set({ lastRestoreSeconds: result.seconds });
  return result;
}
