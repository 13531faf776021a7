import { inventoryRules } from "../canonical/inventory";
import { canonicalRules } from "../canonical/rules";
import { clusterAlerts, type RulesInput } from "../rules";
import { backupsBoard } from "./boards/backups";
import type { BoardContext } from "./boards/context";
import { costBoard } from "./boards/cost";
import { fleetBoard } from "./boards/fleet";
import { metaBoard } from "./boards/meta";
import { nodeBoard } from "./boards/node";
import { validatorBoard } from "./boards/validator";
import type { Board, Panel } from "./model";
import { seriesOf } from "./select";

const BOARDS = [fleetBoard, nodeBoard, validatorBoard, backupsBoard, costBoard, metaBoard] as const;

/**
 * The boards of a cluster. What its clients have no series for is left out, because an empty graph says nothing: a graph loses the
 * query, a panel without queries is not made, nor a row without panels.
 */
export function dashboards(input: RulesInput): Board[] {
  const { parameters, presets } = clusterAlerts(input);
  const context: BoardContext = { parameters, presets, links: input.links };
  const rules = [...inventoryRules(input.plan, parameters, presets), ...canonicalRules(input.plan, presets)];
  const recorded = new Set(["ALERTS", ...rules.map((rule) => rule.record)]);
  return BOARDS.map((board) => withData(board(context), recorded));
}

function withData(board: Board, recorded: ReadonlySet<string>): Board {
  const rows = board.rows
    .map((row) => ({ ...row, panels: row.panels.flatMap((panel) => panelWithData(panel, recorded)) }))
    .filter((row) => row.panels.length > 0);
  return { ...board, rows };
}

function panelWithData(panel: Panel, recorded: ReadonlySet<string>): Panel[] {
  if (panel.kind === "text") return [panel];
  const targets = panel.targets.filter(({ expr }) => seriesOf(expr).every((name) => recorded.has(name)));
  return targets.length === 0 ? [] : [{ ...panel, targets }];
}
