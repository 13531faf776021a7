import * as path from "node:path";
import type { RecoveryPoint } from "@chainkeep/core";
import type { Capture, CaptureRequest, FetchRequest, OnProgress, PointStore, TornRecord } from "../contracts";
import { VaultError } from "../vault-error";
import { DataCopier } from "./capture";
import { checkRepository } from "./check";
import { copySnapshot } from "./copy";
import { Damage } from "./damage";
import { fetchProcess, filesOf, readSnapshot } from "./fetch";
import { Records } from "./records";
import { forgetAttempt, freeRoom, removePoints } from "./remove";
import { ensureRepository, type Model, nameOf } from "./repository";
import { Reserve } from "./reserve";
import type { Restic } from "./restic";
import { isS3 } from "./restic-env";
import { bytesBelow, bytesFree } from "./room";
import { bytesInBucket } from "./s3-room";
import { SnapshotList } from "./snapshot-list";

export interface ResticStoreOptions {
  readonly restic: Restic;
  /** Name of the copy that this is; undefined for the vault's own place. */
  readonly copy?: string;
  readonly model: Model;
  /** Directory with what the agent remembers of repositories. */
  readonly memory: string;
  /** Directory with the records that were read. */
  readonly records: string;
  readonly now: () => number;
}

/** Recovery points in a repository of restic: one snapshot with the data, one with the record. */
export class ResticStore implements PointStore {
  readonly #records: Records;
  readonly #snapshots: SnapshotList;
  readonly #copier: DataCopier;
  readonly #reserve: Reserve;
  readonly #damage: Damage;

  constructor(private readonly options: ResticStoreOptions) {
    this.#snapshots = new SnapshotList(options.restic);
    this.#records = new Records(this.#snapshots, options.records);
    this.#copier = new DataCopier(this.#snapshots, options.now);
    this.#damage = new Damage(
      options.restic,
      path.join(options.memory, `${nameOf(this.restic.options.destination)}.damage`),
    );
    this.#reserve = new Reserve(options.restic.options.destination);
  }

  get restic(): Restic {
    return this.options.restic;
  }

  async ensure(): Promise<void> {
    await ensureRepository(this.restic, { directory: this.options.memory }, this.options.model);
    await this.#reserve.spend(() => this.restic.unlock());
    await this.#reserve.hold();
  }

  async warm(request: CaptureRequest): Promise<Capture> {
    await this.#mend(request.signal);
    return this.#damage.noting(() => this.#copier.warm(request));
  }

  async capture(request: CaptureRequest): Promise<Capture> {
    await this.#mend(request.signal);
    return this.#damage.noting(() => this.#copier.capture(request));
  }

  async digest(snapshot: string): Promise<string> {
    const known = (await this.#snapshots.with()).find(({ id }) => id === snapshot);
    return known?.tree ?? (await this.restic.json<{ tree: string }>(["cat", "snapshot", snapshot])).tree;
  }

  files(snapshot: string): AsyncGenerator<{ path: string; size: number }> {
    return filesOf(this.restic, snapshot);
  }

  putRecord(point: RecoveryPoint): Promise<void> {
    return this.#reserve.spend(() => this.#records.put(point));
  }

  records(cluster?: string): Promise<{ points: RecoveryPoint[]; torn: TornRecord[] }> {
    return this.#records.list(cluster);
  }

  fetch(request: FetchRequest): Promise<{ bytes: number; seconds: number }> {
    const snapshot = this.#snapshotOf(request.point);
    return this.#damage.noting(() => fetchProcess(this.restic, request, snapshot, this.options.now));
  }

  readAll(point: RecoveryPoint, onProgress?: OnProgress, signal?: AbortSignal): Promise<void> {
    const snapshot = this.#snapshotOf(point);
    return this.#damage.noting(() => readSnapshot(this.restic, point, snapshot, this.options.now, onProgress, signal));
  }

  async check(
    part: { readonly n: number; readonly t: number },
    onProgress?: OnProgress,
    signal?: AbortSignal,
  ): Promise<void> {
    this.#snapshots.distrust();
    const { usedBytes } = await this.room();
    await this.#damage.noting(() =>
      checkRepository(this.restic, part, usedBytes, this.options.now, onProgress, signal),
    );
  }

  async remove(points: readonly RecoveryPoint[], prune: boolean): Promise<void> {
    await this.#reserve.spend(() => removePoints(this.#snapshots, points, this.options.now()));
    if (!prune) return;
    await this.#reserve.spend(() => freeRoom(this.#snapshots, this.options.now()));
    await this.#reserve.hold();
  }

  forgetAttempt(attempt: string): Promise<void> {
    return this.#reserve.spend(() => forgetAttempt(this.#snapshots, attempt));
  }

  async copyTo(
    other: PointStore,
    point: RecoveryPoint,
    onProgress?: OnProgress,
    signal?: AbortSignal,
  ): Promise<string> {
    if (!(other instanceof ResticStore)) {
      throw new VaultError(
        "COPY_KIND",
        `${this.restic.repository}: points can only be copied to another restic repository`,
      );
    }
    const snapshot = await copySnapshot({
      from: this.restic,
      to: other.#snapshots,
      snapshot: this.#snapshotOf(point),
      point,
      now: this.options.now,
      ...(onProgress ? { onProgress } : {}),
      ...(signal ? { signal } : {}),
    });
    // The record there leads to the data there, for an agent that has nothing but the copy.
    await other.putRecord({ ...point, storage: { ...point.storage, snapshot } });
    return snapshot;
  }

  async room(): Promise<{ usedBytes: number | undefined; freeBytes: number | undefined }> {
    const { destination } = this.restic.options;
    if (isS3(destination)) return { usedBytes: await bytesInBucket(destination), freeBytes: undefined };
    const [usedBytes, freeBytes] = await Promise.all([
      bytesBelow(destination.repository),
      bytesFree(destination.repository),
    ]);
    return { usedBytes, freeBytes };
  }

  /** What is damaged must not become a part of a new point. */
  async #mend(signal: AbortSignal | undefined): Promise<void> {
    if (await this.#damage.mend(signal)) this.#copier.distrust();
  }

  /** The same data has another name in each repository. */
  #snapshotOf(point: RecoveryPoint): string {
    const { copy } = this.options;
    const here = copy === undefined ? undefined : point.copies.find(({ destination }) => destination === copy);
    return here?.snapshot ?? point.storage.snapshot;
  }
}
