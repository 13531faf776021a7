import type { Problem } from "../errors/errors";
import type { MonitoringArgs } from "./args";
import { overrideProblems } from "./overrides";
import { receiverProblems } from "./receivers/problems";

/** What monitoring's settings say about each other. Their shapes are checked elsewhere; broken ones are passed over. */
export function monitoringProblems(monitoring: MonitoringArgs | undefined): Problem[] {
  if (monitoring !== undefined && (typeof monitoring !== "object" || monitoring === null)) return [];
  return [...overrideProblems(monitoring?.alerts), ...receiverProblems(monitoring)];
}
