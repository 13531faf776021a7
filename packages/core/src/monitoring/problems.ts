import type { Problem } from "../errors/errors";
import type { MonitoringArgs } from "./args";
import { maintenanceProblems } from "./maintenance-problems";
import { overrideProblems } from "./overrides";
import { receiverProblems } from "./receivers/problems";
import { remoteWriteProblems } from "./remote-write-problems";
import { scrapeProblems } from "./scrape-problems";

/** What monitoring's settings say about each other. Their shapes are checked elsewhere; broken ones are passed over. */
export function monitoringProblems(monitoring: MonitoringArgs | undefined): Problem[] {
  if (
    monitoring !== undefined &&
    (typeof monitoring !== "object" || monitoring === null || Array.isArray(monitoring))
  ) {
    return [];
  }
  return [
    ...overrideProblems(monitoring?.alerts),
    ...receiverProblems(monitoring),
    ...maintenanceProblems(monitoring?.maintenance),
    ...remoteWriteProblems(monitoring?.remoteWrite),
    ...scrapeProblems(monitoring?.scrape),
  ];
}
