import type { MonitoringArgs, Problem } from "@chainkeep/core";
import { openFileWarnings, type SecretFile, secretFilesBelow, unreadableProblems } from "../layout/secret-files";

/** Files that Prometheus or Alertmanager reads secrets from. Broken shapes are passed over: they are told elsewhere. */
export function secretFilesOf(monitoring: unknown): SecretFile[] {
  if (typeof monitoring !== "object" || monitoring === null) return [];
  const { enabled, receivers, deadMan, remoteWrite } = monitoring as Partial<Record<keyof MonitoringArgs, unknown>>;
  return enabled === false ? [] : [...secretFilesBelow({ receivers, deadMan, remoteWrite }, ["monitoring"])];
}

export function secretFileProblems(monitoring: unknown): Problem[] {
  return unreadableProblems(secretFilesOf(monitoring));
}

/** What to say of secrets that every user of this machine can read. */
export function openSecrets(monitoring: unknown): string[] {
  return openFileWarnings(secretFilesOf(monitoring));
}
