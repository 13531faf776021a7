import type { Board, Row, Variable } from "../model";
import { chosenBy } from "../select";
import type { BoardContext } from "./context";
import { fleetDuties, notWatched } from "./fleet-duties";
import { fleetChain, fleetNodes } from "./fleet-nodes";
import { alertTable, alertTimeline, noneIsGood, stat, target } from "./parts";
import { rpcRow } from "./rpc";
import { securityRow } from "./security";

const VARIABLES: readonly Variable[] = ["stack", "network", "role", "client"];

/** Is everything well, and if not, where? */
export function fleetBoard(context: BoardContext): Board {
  const chosen = chosenBy(VARIABLES);
  return {
    id: "fleet",
    title: "Chainkeep / Fleet",
    description: "All nodes of the stack at a glance: what fires, who lags, what is left of the promises.",
    variables: VARIABLES,
    range: "6h",
    rows: [
      now(),
      { key: "alerts", title: "Alerts", panels: [alertTable(chosen, context), alertTimeline(chosen)] },
      fleetNodes(chosen),
      fleetChain(chosen, context),
      ...rpcRow(context),
      ...fleetDuties(context),
      ...securityRow(context),
      ...notWatched(context),
    ],
  };
}

function now(): Row {
  const chosen = chosenBy(VARIABLES);
  const firing = (severity: string) =>
    target(`count(${chosen("ALERTS", `alertstate="firing",severity="${severity}"`)}) or vector(0)`, severity);
  const processes = chosen("chain:expected_process");
  const up = `sum(min by (stack, network, node) (${chosen("chain:up")}))`;
  return {
    key: "now",
    title: "Now",
    panels: [
      stat("critical", "Critical alerts", "Alerts that somebody is woken for.", "number", [firing("critical")], {
        width: 3,
        meanings: noneIsGood("bad"),
      }),
      stat("warning", "Warnings", "Alerts that somebody should look at today.", "number", [firing("warning")], {
        width: 3,
        meanings: noneIsGood("warning"),
      }),
      stat("info", "Notes", "Alerts that only tell what goes on.", "number", [firing("info")], {
        width: 3,
        meanings: noneIsGood("info"),
      }),
      stat(
        "nodes",
        "Nodes up and expected",
        "Nodes all of whose processes tell their head, beside the nodes that this stack should have.",
        "number",
        [
          target(`${up} or vector(0)`, "up"),
          target(`count(count by (stack, network, node) (${processes}))`, "expected"),
        ],
        { width: 5 },
      ),
      stat(
        "ready",
        "Nodes ready",
        "Nodes that can be trusted with requests: they answer, keep up with their siblings and have peers.",
        "number",
        [target(`sum(max by (stack, network, node) (${chosen("chain:healthy")})) or vector(0)`, "ready")],
        { width: 4 },
      ),
      stat(
        "height",
        "Height",
        "Highest block that a node of each network has.",
        "blocks",
        [target(`max by (network) (${chosen("chain:network_height")})`, "{{network}}")],
        { width: 6 },
      ),
    ],
  };
}
