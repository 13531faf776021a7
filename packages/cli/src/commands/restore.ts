import { createInterface } from "node:readline/promises";
import type { PointSelector, RestorePlan, RestoreResult } from "@chainkeep/core";
import { followJob } from "../agent/follow-job";
import { askRestorePlan, submitJob, type VaultOptions, vaultPlace } from "../agent/vault";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { duration, size } from "../render/text";
import { ended } from "./vault-jobs";

export interface RestoreOptions extends VaultOptions {
  readonly point?: string;
  readonly newestVerified?: boolean;
  readonly atHeight?: number;
  readonly forceUnverified?: boolean;
  readonly discardOld?: boolean;
  /** Only shows what would happen. */
  readonly plan?: boolean;
  readonly yes?: boolean;
}

/** Brings a node's data back from a recovery point. Exit code: 0 the node is ready, 1 refused or failed, 2 wrong usage. */
export async function restore(node: string, options: RestoreOptions, context: Context): Promise<number> {
  const place = await vaultPlace(options);
  if (options.discardOld) {
    const job = await followJob(place, await submitJob(place, { kind: "discard-old", node }), context);
    const { freedBytes } = job.result as { freedBytes: number };
    return ended(job, options, context, `Deleted the data that ${node} had before: ${size(freedBytes)}.`);
  }
  const request = {
    node,
    point: selectorOf(options),
    ...(options.forceUnverified === undefined ? {} : { forceUnverified: options.forceUnverified }),
  };
  const plan = await askRestorePlan(place, request);
  if (plan.problems.length > 0) {
    if (options.json) context.out(JSON.stringify({ schemaVersion: 1, plan }, undefined, 2));
    throw refused(plan);
  }
  if (!options.json) context.out(planText(plan));
  else if (options.plan) context.out(JSON.stringify({ schemaVersion: 1, plan }, undefined, 2));
  if (options.plan) return EXIT.ok;
  await confirm(plan, options, context);
  // The point that was shown, also when a newer one has come meanwhile.
  const point = plan.point ? { id: plan.point.id } : request.point;
  const job = await followJob(place, await submitJob(place, { kind: "restore", ...request, point }), context);
  const result = job.result as RestoreResult;
  const old =
    result.oldData.length > 0
      ? ` The old data is kept; delete it with: npx chainkeep restore ${node} --discard-old`
      : "";
  const text = `${node} is ready from ${result.point} after ${duration(result.seconds)} (stood still for ${duration(result.downtimeSeconds)}).${old}`;
  return ended(job, options, context, text);
}

function selectorOf({ point, newestVerified, atHeight }: RestoreOptions): PointSelector {
  const given = [point, newestVerified, atHeight].filter((value) => value !== undefined).length;
  if (given > 1) {
    throw new CliError("got several of --point, --newest-verified and --at-height; give one", "USAGE", EXIT.usage);
  }
  if (point !== undefined) return { id: point };
  return atHeight === undefined ? { newestVerified: true } : { atHeight };
}

function refused({ node, problems }: RestorePlan): CliError {
  const lines = problems.map((p) => `  ${p.path}: ${p.message} [${p.code}]`);
  const count = problems.length === 1 ? "1 reason" : `${problems.length} reasons`;
  const text = `restore of ${node} is refused for ${count}; nothing was touched:\n${lines.join("\n")}`;
  return new CliError(text, "RESTORE_REFUSED", EXIT.problem);
}

export function planText(plan: RestorePlan): string {
  const { node, point, steps, warnings, behindBlocks, behindSeconds, estimatedSeconds } = plan;
  const behind = behindBlocks === null ? "" : `, ${behindBlocks} blocks to fetch again`;
  const takes = estimatedSeconds === null ? "" : `; about ${duration(estimatedSeconds)}`;
  return [
    `Restore of ${node} from ${point?.id} (height ${point?.height}, ${duration(behindSeconds)} old${behind}, proven to ${point?.verified ?? "nothing"})${takes}:`,
    ...steps.map((step, i) => `  ${i + 1}. ${step}`),
    ...warnings.map((warning) => `  Mind: ${warning}`),
  ].join("\n");
}

/** Nobody is asked where nobody sits: then it must have been said. */
async function confirm(plan: RestorePlan, { yes }: RestoreOptions, context: Context): Promise<void> {
  if (yes) return;
  if (!context.isTerminal || process.stdin.isTTY !== true) {
    throw new CliError(
      "nobody is there to confirm; look at the plan with --plan, then give --yes",
      "NOT_CONFIRMED",
      EXIT.usage,
    );
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`Replace the data of ${plan.node}? The old data is kept. [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new CliError("not confirmed; nothing was touched", "NOT_CONFIRMED", EXIT.problem);
  } finally {
    reader.close();
  }
}
