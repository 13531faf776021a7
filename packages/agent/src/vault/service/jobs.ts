import type { RecoveryPoint, Trigger, VaultJobRequest } from "@chainkeep/core";
import type { JobContext, VaultWorld } from "../contracts";
import { asVaultError, VaultError } from "../vault-error";
import type { Work } from "./job-queue";
import type { PointList } from "./point-list";
import { checkPart } from "./schedule";
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
}

/** The piece of work that a request asks for. Whatever it comes to, the list of points is read anew. */
export function jobOf(request: VaultJobRequest, context: JobContextOf): Work {
  const run = runOf(request, context);
  return {
    kind: request.kind,
    subject: subjectOf(request),
    urgent: request.kind === "restore",
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
      return (job) => work.afterPoint(world, undefined, job);
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
    try {
      await world.store.ensure();
      const named = node === undefined ? {} : { node };
      points.push(await work.takePoint(world, { lineage: id, ...named, trigger }, job));
    } catch (error) {
      failures.push(asVaultError(error));
    }
  }
  const [first] = failures;
  const ok = first === undefined && points.length > 0;
  const text = first ? first.message : points.map((p) => p.id).join(", ");
  const failed = keeper?.get().marks.failures ?? 0;
  await keeper?.set({
    lastAttempt: { at: world.now() / 1000, ok, text },
    ...(points[0] ? { lastDowntimeSeconds: points[0].downtimeSeconds } : {}),
    marks: ok
      ? { backup: startedAt, failures: 0, failedAt: null }
      : { backup: startedAt, failures: failed + 1, failedAt: world.now() / 1000 },
  });
  let after = { transferErrors: 0, removed: [] as readonly string[] };
  for (const point of points) after = await afterwards(point, context, job);
  if (world.vault().policy.verify?.afterEach) for (const p of points) context.submit({ kind: "verify", point: p.id });
  if (first) throw first;
  if (points.length === 0) throw new VaultError("BACKUP_NO_SOURCE", "no node of this cluster may be copied");
  return { points: points.map((p) => p.id), removed: after.removed };
}

/** What goes wrong here takes nothing away from the point that was taken. */
async function afterwards(point: RecoveryPoint, { world, work, keeper }: JobContextOf, job: JobContext) {
  try {
    const after = await work.afterPoint(world, point, job);
    if (after.transferErrors > 0) {
      await keeper?.set({ transferErrors: (keeper.get().transferErrors ?? 0) + after.transferErrors });
    }
    return after;
  } catch (error) {
    const { code, message } = asVaultError(error);
    world.log("error", "vault_retention_failed", { code, error: message });
    return { transferErrors: 0, removed: [] };
  }
}

async function verify(
  request: Extract<VaultJobRequest, { kind: "verify" }>,
  context: JobContextOf,
  job: JobContext,
): Promise<unknown> {
  const { world, work, keeper } = context;
  const { point, level } = request;
  const asked = { ...(point === undefined ? {} : { point }), ...(level === undefined ? {} : { level }) };
  const result = await work.verifyPoint(world, asked, job);
  if (!result) return { point: null, text: "every point is proven already" };
  const { evidence } = result;
  const { failure, inconclusive, reached } = evidence;
  const text = failure?.text ?? inconclusive?.text ?? `proven to ${reached ?? "nothing"}`;
  await keeper?.set({
    lastVerification: { at: world.now() / 1000, point: evidence.point, level: reached, ok: !failure, text },
  });
  if (failure) await replace(evidence.point, context);
  if (failure) {
    throw new VaultError(
      "POINT_BAD",
      `point ${evidence.point} fails at ${failure.level}: ${failure.text} [${failure.code}]`,
    );
  }
  return { point: evidence.point, reached, evidence: evidence.id, inconclusive: inconclusive?.text ?? null };
}

/** A new point in the place of a bad one, once. */
async function replace(bad: string, { keeper, submit }: JobContextOf): Promise<void> {
  const replaced = keeper?.get().replaced ?? [];
  if (replaced.includes(bad)) return;
  await keeper?.set({ replaced: [...replaced, bad].slice(-200) });
  submit({ kind: "backup", trigger: "replacement" });
}

async function drill(
  { point, from }: Extract<VaultJobRequest, { kind: "drill" }>,
  { world, work, keeper }: JobContextOf,
  job: JobContext,
): Promise<unknown> {
  const asked = { ...(point === undefined ? {} : { point }), ...(from === undefined ? {} : { from }) };
  const report = await work.runDrill(world, asked, job);
  if (report.rtoSeconds !== null) await keeper?.set({ lastRestoreSeconds: report.rtoSeconds });
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

async function check({ world }: JobContextOf, job: JobContext): Promise<unknown> {
  const part = checkPart(world.now() / 1000);
  job.step(`check part ${part.n} of ${part.t} of the store`);
  await world.store.ensure();
  await world.store.check(part, (progress) => job.progress(progress), job.signal);
  return part;
}
