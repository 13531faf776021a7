import type { RecoveryPoint } from "@chainkeep/core";
import type { FetchRequest, OnProgress } from "../contracts";
import { asVaultError, VaultError } from "../vault-error";
import { ProgressMeter } from "./progress-meter";
import type { Restic } from "./restic";
import { isS3 } from "./restic-env";
import type { ResticMessage } from "./restic-lines";
import { TarCounter } from "./tar-counter";

/** More at once than restic's own two: writing one file must not wait for reading another. */
const connections = (restic: Restic): string[] => [
  "-o",
  isS3(restic.options.destination) ? "s3.connections=16" : "local.connections=8",
];

/** Writes a process's data. Every piece is compared with its SHA-256 sum before it is written. */
export async function fetchProcess(
  restic: Restic,
  { point, process: name, target, onProgress, signal, onChild }: FetchRequest,
  snapshot: string,
  now: () => number,
): Promise<{ bytes: number; seconds: number }> {
  const process = point.processes.find((p) => p.name === name);
  if (process === undefined) {
    const names = point.processes.map((p) => p.name).join(", ");
    throw new VaultError("POINT_PROCESS", `point ${point.id} holds no process ${name}; it holds ${names}`);
  }
  const began = now();
  const meter = new ProgressMeter(onProgress, now);
  let summary: ResticMessage | undefined;
  const args = ["restore", `${snapshot}:${process.home}`, "--target", target, "--json", ...connections(restic)];
  try {
    await restic.run({
      args,
      onMessage: (message) => {
        if (message.message_type === "summary") summary = message;
        if (message.total_bytes !== undefined) meter.update(message.bytes_restored ?? 0, message.total_bytes);
      },
      ...(signal ? { signal } : {}),
      ...(onChild ? { onChild } : {}),
    });
  } catch (error) {
    throw atTarget(asVaultError(error), target);
  }
  const { bytes_restored: bytes = 0, total_bytes: total = 0, files_restored: files, total_files: of } = summary ?? {};
  if (summary === undefined || bytes !== total || files !== of) {
    const text = `of ${of ?? "?"} files with ${total} bytes, ${files ?? 0} with ${bytes} were written to ${target}`;
    throw new VaultError("STORE_FAILED", `the restore is not whole: ${text}`);
  }
  return { bytes, seconds: (now() - began) / 1000 };
}

/** A disk that is full on this side is no fault of the store. */
function atTarget(error: VaultError, target: string): VaultError {
  if (error.code !== "STORE_FULL" || !error.message.includes(target)) return error;
  return new VaultError("TARGET_FULL", `no room is left in ${target}`, [], { cause: error });
}

/** Reads everything of a snapshot and compares it with its sums, without writing it anywhere. */
export async function readSnapshot(
  restic: Restic,
  point: RecoveryPoint,
  snapshot: string,
  now: () => number,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const listed = { files: 0, bytes: 0 };
  for await (const { size } of filesOf(restic, snapshot)) {
    listed.files += 1;
    listed.bytes += size;
  }
  const meter = new ProgressMeter(onProgress, now);
  const read = new TarCounter();
  await restic.run({
    args: ["dump", snapshot, "/", "--archive", "tar", ...connections(restic)],
    output: "bytes",
    onBytes: (piece) => {
      read.feed(piece);
      meter.update(Math.min(read.bytes, listed.bytes), listed.bytes);
    },
    gentle: true,
    ...(signal ? { signal } : {}),
  });
  const whole = read.files === listed.files && read.bytes === listed.bytes && read.bytes >= point.sizeBytes;
  if (whole) return;
  const text = `of ${listed.files} files with ${Math.max(listed.bytes, point.sizeBytes)} bytes, only ${read.files} with ${read.bytes} can be read`;
  throw new VaultError("STORE_CORRUPT", `${restic.repository} is damaged: ${text}`);
}

/** Regular files of a snapshot. */
export async function* filesOf(restic: Restic, snapshot: string): AsyncGenerator<{ path: string; size: number }> {
  for await (const line of restic.lines(["ls", "--json", snapshot])) {
    // Directories are not parsed for nothing.
    if (!line.includes('"type":"file"')) continue;
    const { type, path, size = 0 } = JSON.parse(line) as { type?: string; path: string; size?: number };
    if (type === "file") yield { path, size };
  }
}
