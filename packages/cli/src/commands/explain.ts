import { ALERTS, didYouMean, findAlert, inventoryFigures, runbookPage } from "@chainkeep/core";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { type ExplainedCluster, explainedCluster } from "../monitoring/explained";
import { type ClusterOptions, monitoringPlaces } from "../monitoring/place";
import { explainText } from "../render/explain";

export interface ExplainOptions extends ClusterOptions {
  readonly json?: boolean;
}

/** An alert's runbook, with the figures of the stack and what they are now. Without a running stack, the runbook alone. */
export async function explain(name: string, options: ExplainOptions, context: Context): Promise<number> {
  const alert = findAlert(name) ?? unknown(name);
  const clusters = await clustersOf(name, options, context);
  const columns = clusters.flatMap(({ cluster, figures }) =>
    figures ? [{ title: cluster, alert: inventoryFigures(figures) }] : [],
  );
  const page = runbookPage(alert, columns, ALERTS);
  context.out(
    options.json
      ? JSON.stringify({ schemaVersion: 1, ...page, clusters }, undefined, 2)
      : explainText(page, clusters, alert.threshold?.unit, context.style),
  );
  return EXIT.ok;
}

/** What cannot be asked is said, and the runbook is printed all the same: it is read when things are broken. */
async function clustersOf(name: string, options: ExplainOptions, { note }: Context): Promise<ExplainedCluster[]> {
  try {
    const places = await monitoringPlaces(options);
    return await Promise.all(places.map((place) => explainedCluster(place, name)));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    note(`chainkeep: without current values: ${error.message} [${error.code}]\n`);
    return [];
  }
}

function unknown(name: string): never {
  const names = ALERTS.map((alert) => alert.name);
  const message = `got ${JSON.stringify(name)}, which is no alert${didYouMean(name, names)}; use one of ${names.join(", ")}`;
  throw new CliError(message, "ALERT_UNKNOWN", EXIT.usage);
}
