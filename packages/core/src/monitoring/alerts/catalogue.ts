import type { AlertDefinition } from "../types";
import { AVAILABILITY } from "./availability";
import { BEHIND } from "./behind";
import { BUDGET } from "./budget";
import { ENGINE } from "./engine";
import { FORKS } from "./forks";
import { PEERS } from "./peers";
import { PROGRESS } from "./progress";
import { RESTARTS } from "./restarts";
import { RPC } from "./rpc";

/** Every alert that there is. Sources: facts on monitoring, part 2; tested one by one in test/integration/rules. */
export const ALERTS: readonly AlertDefinition[] = [
  ...AVAILABILITY,
  ...RESTARTS,
  ...PROGRESS,
  ...BEHIND,
  ...FORKS,
  ...ENGINE,
  ...PEERS,
  ...RPC,
  ...BUDGET,
];
