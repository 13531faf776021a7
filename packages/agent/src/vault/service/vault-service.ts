import {
  didYouMean,
  isProvenTo,
  type Problem,
  type RecoveryPoint,
  type RestorePlan,
  type StatusPoint,
  type StatusVault,
  show,
  statusPoint,
  type VaultJob,
  type VaultJobRequest,
} from "@chainkeep/core";
import type { TornRecord, VaultWorld } from "../contracts";
import { asVaultError } from "../vault-error";
import { ControlToken } from "./control-token";
import { JobQueue } from "./job-queue";
import { type JobContextOf, jobOf } from "./jobs";
import { Mirrors } from "./mirrors";
import { PointList } from "./point-list";
import { dueNow, nextBackupAt } from "./schedule";
import { type ServiceState, StateKeeper } from "./service-state";
import type { RestoreRequest, VaultWork } from "./work";

export interface VaultServiceInput {
  readonly world: VaultWorld;
  readonly work: VaultWork;
  /** Mirrors that serve for now. */
  readonly promoted: () => ReadonlySet<string>;
  /** How often it is looked what is due. Default 5 s. */
  readonly tickMs?: number;
  /** How often leftovers of proofs are looked for. Default 60 s. */
  readonly reapMs?: number;
  /** After so long it is tried again to put right what a dead agent has left. Default 15 s. */
  readonly recoverAgainMs?: number;
}

const RECOVER_AGAIN_MS = 15_000;
const REAP_EVERY_MS = 60_000;
const STOP_GRACE_MS = 120_000;

/** Everything that the agent does with the vault of its cluster: by the clock, by height, and when somebody asks for it. */
export class VaultService {
  readonly queue: JobQueue;
  private readonly mirrors = new Mirrors();
  private readonly list: PointList;
  private keeper: StateKeeper | undefined;
  private token: ControlToken | undefined;
  private timers: NodeJS.Timeout[] = [];
  private recovered = false;
  private stopped = false;

  constructor(private readonly input: VaultServiceInput) {
    const { world } = input;
    this.queue = new JobQueue(world.log, world.now);
    this.list = new PointList(world);
  }

  /** Returns at once; what a dead agent left behind is put right before anything else begins. */
  async start(): Promise<void> {
    const { world } = this.input;
    const { directory } = world.vault();
    try {
      this.keeper = await StateKeeper.open(directory, world.log, world.now() / 1000);
      this.token = await ControlToken.open(directory);
    } catch (error) {
      // A full disk here must not keep the agent from watching its nodes; it is tried again.
      world.log("error", "vault_not_started", { directory, error: (error as Error).message });
      this.later(() => void this.start());
      return;
    }
    await this.recover();
    if (this.stopped) return;
    this.repeat(() => this.tick(), this.input.tickMs ?? 5000);
    this.repeat(() => void this.reap(), this.input.reapMs ?? REAP_EVERY_MS);
  }

  /** Takes nothing in any more and waits until the node that is being copied runs again. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.queue.close(STOP_GRACE_MS);
  }

  /** Whether a header lets somebody ask for jobs. */
  allows(authorization: string | undefined): boolean {
    return this.token?.allows(authorization) ?? false;
  }

  submit(request: VaultJobRequest): VaultJob | { readonly problems: readonly Problem[] } {
    const problems = this.problemsOf(request);
    if (problems.length > 0) return { problems };
    return this.queue.add(jobOf(request, this.context()));
  }

  planRestore(request: RestoreRequest): Promise<RestorePlan> {
    return this.input.work.planRestore(this.input.world, request);
  }

  async points(): Promise<{ readonly points: readonly RecoveryPoint[]; readonly torn: readonly TornRecord[] }> {
    return this.list.fresh();
  }

  /** As they were last seen; no store is asked. */
  statusPoints(): StatusPoint[] {
    return this.list.known().map(statusPoint);
  }

  known(): readonly RecoveryPoint[] {
    return this.list.known();
  }

  storeBytes(): number | undefined {
    return this.list.usedBytes;
  }

  state(): ServiceState | undefined {
    return this.keeper?.get();
  }

  status(): StatusVault {
    const { world, promoted } = this.input;
    const { name, policy } = world.vault();
    const state = this.keeper?.get();
    const now = world.now() / 1000;
    return {
      name,
      rpoSeconds: policy.rpoSeconds,
      rtoSeconds: policy.rtoSeconds,
      pointsAt: this.list.knownAt ?? null,
      lastAttempt: state?.lastAttempt ?? null,
      lastVerification: state?.lastVerification ?? null,
      lastDrill: state?.lastDrill ?? null,
      lastCheck: state?.lastCheck ? lookedOver(state.lastCheck) : null,
      nextBackupAt: state ? nextBackupAt({ policy, marks: state.marks, now }) : null,
      mirrors: this.mirrors.lags(world.fleet(), world.inventory().nodes, promoted()),
      job: this.queue.current(),
      controlTokenFile: this.token?.file ?? "",
    };
  }

  private context(): JobContextOf {
    const { world, work } = this.input;
    const submit = (request: VaultJobRequest) => void this.submit(request);
    return { world, work, list: this.list, keeper: this.keeper, submit, stopping: () => this.stopped };
  }

  private problemsOf(request: VaultJobRequest): Problem[] {
    const { world } = this.input;
    const nodes = world.inventory().nodes.map((n) => n.name);
    const node = "node" in request ? request.node : undefined;
    const problems: Problem[] = [];
    if (node !== undefined && !nodes.includes(node)) {
      const message = `got ${show(node)}; use one of ${nodes.join(", ")}${didYouMean(node, nodes)}`;
      problems.push({ path: "node", message, code: "NODE_UNKNOWN" });
    }
    const from = request.kind === "drill" ? request.from : undefined;
    const places = ["vault", ...Object.keys(world.vault().copies)];
    if (from !== undefined && !places.includes(from)) {
      const message = `got ${show(from)}; use one of ${places.join(", ")}${didYouMean(from, places)}`;
      problems.push({ path: "from", message, code: "DRILL_FROM" });
    }
    return problems;
  }

  private async recover(): Promise<void> {
    const { world, work } = this.input;
    try {
      await work.recover(world);
      // Only now: a job that begins earlier would be taken for one of a dead agent.
      this.recovered = true;
      this.queue.open();
      await this.list.refresh();
    } catch (error) {
      const { code, message } = asVaultError(error);
      world.log("error", "vault_recovery_failed", { code, error: message });
      if (!this.stopped) this.later(() => void this.recover());
    }
  }

  private async reap(): Promise<void> {
    const { world, work } = this.input;
    await work.reap(world).catch((error: Error) => world.log("error", "vault_reap_failed", { error: error.message }));
    // A store that could not be asked at the start; nothing goes by height before.
    if (this.recovered && this.list.knownAt === undefined) await this.list.refresh();
  }

  /** Looks what is due. What is under way or waits already is not asked for again. */
  private tick(): void {
    const { world } = this.input;
    const fleet = world.fleet();
    this.mirrors.observe(fleet);
    const keeper = this.keeper;
    if (!keeper || !this.recovered || this.stopped) return;
    const now = world.now() / 1000;
    const { policy } = world.vault();
    const newestHeight = this.list.known()[0]?.height;
    // A store that has not answered yet is not an empty one.
    const height = this.list.knownAt === undefined ? undefined : fleet.height;
    const moment = { now, policy, marks: keeper.get().marks, height, newestHeight };
    for (const due of dueNow(moment)) {
      const kind = due === "blocks" ? "backup" : due;
      if (this.queue.has(kind)) continue;
      if (kind === "verify") void keeper.set({ marks: { verify: now } });
      if (kind === "drill") void keeper.set({ marks: { drill: now } });
      if (kind === "check") void keeper.set({ marks: { check: now } });
      if (kind === "backup") this.submit({ kind, trigger: due === "blocks" ? "blocks" : "schedule" });
      else if (kind === "verify") this.verifyEach();
      else if (kind !== "drill" || this.list.known().length > 0) this.submit({ kind });
    }
  }

  /** The newest point of each lineage that is not proven: data of an archive says nothing of that of a full node. */
  private verifyEach(): void {
    const { policy, lineages } = this.input.world.vault();
    const level = policy.verify?.level ?? "chain";
    const open = this.list.known().filter(({ verification: v }) => v.bad === null && !isProvenTo(v.level, level));
    const newest = lineages.flatMap(({ id }) => open.find((p) => p.lineage === id) ?? []);
    for (const { id } of newest) this.submit({ kind: "verify", point: id });
  }

  private repeat(action: () => void, ms: number): void {
    const timer = setInterval(action, ms);
    timer.unref();
    this.timers.push(timer);
  }

  private later(action: () => void): void {
    const timer = setTimeout(action, this.input.recoverAgainMs ?? RECOVER_AGAIN_MS);
    timer.unref();
    this.timers.push(timer);
  }
}

function lookedOver({ at, damaged, text }: NonNullable<ServiceState["lastCheck"]>): StatusVault["lastCheck"] {
  return { at, ok: damaged.length === 0, text };
}
