import type { DrillReport, Level, VaultJob } from "@chainkeep/core";
import { followJob } from "../agent/follow-job";
import { submitJob, type VaultOptions, vaultPlace } from "../agent/vault";
import type { Context } from "../context";
import { EXIT } from "../errors";
import { duration } from "../render/text";

/** Takes a recovery point now. */
export async function backup(node: string | undefined, options: VaultOptions, context: Context): Promise<number> {
  const place = await vaultPlace(options);
  const asked = await submitJob(place, { kind: "backup", trigger: "manual", ...(node === undefined ? {} : { node }) });
  const job = await followJob(place, asked, context);
  const { points } = job.result as { points: string[] };
  return ended(job, options, context, `Took ${points.join(" and ")}.`);
}

/** Proves a point. Exit code: 0 it holds, 1 it is bad or could not be proven so far. */
export async function verify(
  point: string | undefined,
  options: VaultOptions & { readonly level?: Level },
  context: Context,
): Promise<number> {
  const place = await vaultPlace(options);
  const { level } = options;
  const asked = await submitJob(place, {
    kind: "verify",
    ...(point === undefined ? {} : { point }),
    ...(level === undefined ? {} : { level }),
  });
  const job = await followJob(place, asked, context);
  const result = job.result as { point: string | null; reached?: Level | null; inconclusive?: string | null };
  if (result.point === null) return ended(job, options, context, "Every point is proven that far already.");
  const more = result.inconclusive ? `; no further, because ${result.inconclusive}` : "";
  const code = ended(job, options, context, `${result.point} is proven to ${result.reached ?? "nothing"}${more}.`);
  return result.inconclusive ? EXIT.problem : code;
}

/** Carries out a restore in isolation, and measures it. Exit code: 0 the objectives are met, 1 they are not. */
export async function drill(
  point: string | undefined,
  options: VaultOptions & { readonly from?: string },
  context: Context,
): Promise<number> {
  const place = await vaultPlace(options);
  const { from } = options;
  const asked = await submitJob(place, {
    kind: "drill",
    ...(point === undefined ? {} : { point }),
    ...(from === undefined ? {} : { from }),
  });
  const job = await followJob(place, asked, context);
  const report = job.result as DrillReport;
  const rto = report.rtoSeconds === null ? "not reached" : duration(report.rtoSeconds);
  const text = `${report.met ? "Objectives met" : "Objectives MISSED"}: recovered in ${rto} (limit ${duration(report.objectives.rtoSeconds)}), ${duration(report.rpoSeconds)} of chain would be lost (limit ${duration(report.objectives.rpoSeconds)}); proven to ${report.reached ?? "nothing"}. Report: ${place.url}/vault/reports/${report.id}`;
  ended(job, options, context, text);
  return report.met ? EXIT.ok : EXIT.problem;
}

/** Lets a mirror serve users, or no longer. */
export async function promote(
  node: string,
  options: VaultOptions & { readonly undo?: boolean },
  context: Context,
): Promise<number> {
  const place = await vaultPlace(options);
  const undo = options.undo === true;
  const job = await followJob(place, await submitJob(place, { kind: "promote", node, undo }), context);
  const { group } = job.result as { group: string };
  const text = undo
    ? `${node} serves no more.`
    : `${node} serves in group ${group} until: npx chainkeep promote ${node} --undo`;
  return ended(job, options, context, text);
}

export function ended(job: VaultJob, { json }: VaultOptions, context: Context, text: string): number {
  context.out(json ? JSON.stringify({ schemaVersion: 1, job }, undefined, 2) : text);
  return EXIT.ok;
}
