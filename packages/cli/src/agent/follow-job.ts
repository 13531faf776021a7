import { setTimeout as sleep } from "node:timers/promises";
import type { VaultJob, VaultProgress } from "@chainkeep/core";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { duration, size } from "../render/text";
import { askJob, type VaultPlace } from "./vault";

const POLL_MS = 500;
/** Between two lines about the same step: somebody watches, and logs are not flooded. */
const LINE_MS = 5000;

/**
 * Follows a job to its end, with a line for each step and, while bytes move, one each five seconds. Ctrl-C leaves the job running.
 *
 * @throws CliError with the agent's code when it failed
 */
export async function followJob(place: VaultPlace, first: VaultJob, context: Context): Promise<VaultJob> {
  let told = 0;
  let lineAt = 0;
  for (let job = first; ; job = await askJob(place, first.id)) {
    for (const step of job.steps.slice(told)) context.note(`${since(job, step.startedAt)} ${step.name}`);
    if (job.steps.length > told) lineAt = Date.now();
    told = job.steps.length;
    if (job.progress && Date.now() - lineAt >= LINE_MS) {
      context.note(`${since(job, Date.now() / 1000)}   ${progressText(job.progress)}`);
      lineAt = Date.now();
    }
    if (job.state === "done") return job;
    if (job.state === "failed") throw failed(job);
    await sleep(POLL_MS);
  }
}

function since({ createdAt }: VaultJob, at: number): string {
  const seconds = Math.max(0, Math.round(at - createdAt));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function progressText({ doneBytes, totalBytes, bytesPerSecond, secondsLeft }: VaultProgress): string {
  const share = totalBytes === null ? "" : ` of ${size(totalBytes)}`;
  const rate = bytesPerSecond === null ? "" : `, ${size(bytesPerSecond)}/s`;
  const left = secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`;
  return `${size(doneBytes)}${share}${rate}${left}`;
}

function failed({ kind, error }: VaultJob): CliError {
  const lines = (error?.problems ?? []).map((line) => `\n  ${line}`).join("");
  return new CliError(
    `${kind} failed: ${error?.text ?? "no reason given"}${lines}`,
    error?.code ?? "JOB_FAILED",
    EXIT.problem,
  );
}
