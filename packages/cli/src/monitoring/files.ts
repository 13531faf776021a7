import type { PlannedResource } from "../project/preview";

/** A file of a cluster's monitoring. */
export interface MonitoringFile {
  readonly cluster: string;
  /** Below the cluster's folder, with forward slashes. */
  readonly path: string;
  readonly content: string;
}

const MONITORING = /:index:Monitoring\$/;
/** Children of the component are called `<cluster>-monitoring-<part>`. */
const NAME = /::([a-z][a-z0-9-]*)-monitoring-[a-z0-9-]+$/;

/** Files that the Monitoring components of a program declare, where they lie below the cluster's directory on the target. */
export function monitoringFiles(resources: readonly PlannedResource[]): MonitoringFile[] {
  return resources
    .filter(({ urn, type }) => MONITORING.test(urn) && type.endsWith(":index:FileSet"))
    .flatMap(({ urn, inputs }) => filesOf(NAME.exec(urn)?.[1] ?? "", inputs))
    .sort((a, b) => (a.cluster + a.path < b.cluster + b.path ? -1 : 1));
}

function filesOf(cluster: string, { directory, files }: PlannedResource["inputs"]): MonitoringFile[] {
  if (typeof directory !== "string" || typeof files !== "object" || files === null) return [];
  const below = directory.split(`/${cluster}/`).at(-1) ?? "";
  return Object.entries(files).flatMap(([name, file]) => {
    const content = (file as { content?: unknown } | null)?.content;
    return typeof content === "string" ? [{ cluster, path: `${below}/${name}`, content }] : [];
  });
}
