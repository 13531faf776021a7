import { runbookUrl } from "../links";
import { scrapeSeconds } from "../parameters";
import { clusterAlerts, type RulesInput } from "../rules";
import { dashboards } from "./boards";
import { linesOf } from "./lines";

/** Grafana's JSON of every board by file name, `fleet.json` and so on: for provisioning, and for import by hand. */
export function dashboardFiles(input: RulesInput): Record<string, string> {
  // Grafana's SDK takes some hundredths of a second to load: only those who write boards wait for it.
  const { renderBoard } = require("./render") as typeof import("./render");
  const { alerts, parameters } = clusterAlerts(input);
  const options = {
    lineOf: linesOf(alerts, parameters),
    refreshSeconds: scrapeSeconds(input.plan, input.monitoring) < 15 ? 10 : 30,
    runbooks: runbookUrl(input.links, "").replace(/\/$/, ""),
  };
  return Object.fromEntries(dashboards(input).map((board) => [`${board.id}.json`, renderBoard(board, options)]));
}
