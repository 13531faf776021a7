import type { AlertDefinition } from "../types";
import { AVAILABILITY } from "./availability";
import { PEERS } from "./peers";
import { PROGRESS } from "./progress";

/** Every alert that there is. Sources: facts on monitoring, part 2; tested one by one in test/integration/rules. */
export const ALERTS: readonly AlertDefinition[] = [...AVAILABILITY, ...PROGRESS, ...PEERS];
