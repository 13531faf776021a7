import { lstat, mkdir } from "node:fs/promises";
import * as path from "node:path";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { type MonitoringFile, monitoringFiles } from "../monitoring/files";
import { replaceFile } from "../project/files";
import { plannedResources } from "../project/preview";
import { prepare } from "./setup";

export interface RenderOptions {
  readonly stack: string;
  readonly cluster?: string;
  readonly json?: boolean;
}

/** Writes the monitoring of a stack's program as files: what `pulumi up` would deploy, deployed or not. */
export async function renderMonitoring(directory: string, options: RenderOptions, context: Context): Promise<number> {
  const root = path.resolve(directory);
  await checkPlace(root);
  const { pulumi, stack } = await prepare(options);
  const all = monitoringFiles(await plannedResources(pulumi, stack));
  const files = chosen(all, options.cluster, stack);
  for (const file of files) {
    const full = path.join(root, file.cluster, file.path);
    // Prometheus and Grafana often run as users of their own, who must get in.
    await mkdir(path.dirname(full), { recursive: true }).catch((error: Error) => {
      throw new CliError(`${full} cannot be written: ${error.message}; see to it and run again`, "FILE_FAILED");
    });
    await replaceFile(full, file.content, 0o644);
  }
  if (options.json) {
    const listed = files.map((file) => path.join(file.cluster, file.path));
    context.out(JSON.stringify({ schemaVersion: 1, directory: root, files: listed }, undefined, 2));
  } else {
    for (const file of files) context.out(path.join(directory, file.cluster, file.path));
  }
  return EXIT.ok;
}

async function checkPlace(root: string): Promise<void> {
  const found = await lstat(root).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return;
  throw new CliError(
    `${root} is no directory; name one, or a place where there is nothing`,
    "NO_DIRECTORY",
    EXIT.usage,
  );
}

function chosen(all: readonly MonitoringFile[], cluster: string | undefined, stack: string): MonitoringFile[] {
  const clusters = [...new Set(all.map((file) => file.cluster))];
  if (clusters.length === 0) {
    const message = `no cluster of stack ${stack} has monitoring; turn it on with monitoring: { receivers: ... }`;
    throw new CliError(message, "NO_MONITORING", EXIT.usage);
  }
  if (cluster === undefined || clusters.includes(cluster))
    return all.filter((file) => cluster === undefined || file.cluster === cluster);
  const message = `--cluster: got ${JSON.stringify(cluster)}; this stack has ${clusters.join(", ")}`;
  throw new CliError(message, "NO_CLUSTER", EXIT.usage);
}
