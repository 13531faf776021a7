import type { RecoveryPoint } from "@chainkeep/core";
import type { OnProgress } from "../contracts";
import { VaultError } from "../vault-error";
import { ProgressMeter } from "./progress-meter";
import type { Restic } from "./restic";
import { isS3, s3Env } from "./restic-env";
import { shareIn } from "./restic-lines";
import type { SnapshotList } from "./snapshot-list";

export interface CopyRequest {
  readonly from: Restic;
  readonly to: SnapshotList;
  readonly snapshot: string;
  readonly point: RecoveryPoint;
  readonly now: () => number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Copies a snapshot; what the other repository has already is not sent. Returns its name there. */
export async function copySnapshot(request: CopyRequest): Promise<string> {
  const { from, snapshot, point, signal } = request;
  const to = request.to.restic;
  const meter = new ProgressMeter(request.onProgress, request.now);
  await to.run({
    args: ["copy", snapshot],
    env: { RESTIC_FROM_REPOSITORY: from.repository, ...(await sourceEnv(from, to)) },
    gentle: true,
    onLine: (line) => {
      const share = shareIn(line);
      if (share?.what !== "packs") return;
      const total = point.storage.addedBytes;
      meter.update(Math.round((total * share.done) / Math.max(1, share.of)), total);
    },
    ...(signal ? { signal } : {}),
  });
  const there = await request.to.with("data", `cluster=${point.cluster}`);
  const found = there.findLast(({ id, original }) => original === snapshot || id === snapshot);
  if (found === undefined)
    throw new VaultError("STORE_FAILED", `${to.repository} does not hold point ${point.id} after the copy`);
  return found.id;
}

/** restic has one pair of S3 keys for both sides. */
async function sourceEnv(from: Restic, to: Restic): Promise<NodeJS.ProcessEnv> {
  const own = { RESTIC_FROM_PASSWORD_FILE: from.options.passwordFile };
  if (!isS3(from.options.destination)) return own;
  const source = await s3Env(from.options.destination, process.env);
  if (!isS3(to.options.destination)) return { ...own, ...source };
  const target = await s3Env(to.options.destination, process.env);
  const differs = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].some((name) => source[name] !== target[name]);
  if (differs) {
    const ways = "use a pair that may read the one and write the other, or a directory for one of the two";
    throw new VaultError("COPY_KEYS", `${from.repository} and ${to.repository} have different access keys; ${ways}`);
  }
  // Each bucket is asked for its own region.
  return { ...own, ...(source.AWS_DEFAULT_REGION === target.AWS_DEFAULT_REGION ? {} : { AWS_DEFAULT_REGION: "" }) };
}
