import type { AlertDefinition } from "../types";
import { AVAILABILITY } from "./availability";
import { BACKUP_POINTS } from "./backup";
import { BACKUP_PROOFS } from "./backup-proofs";
import { BEHIND } from "./behind";
import { BUDGET } from "./budget";
import { COST } from "./cost";
import { DISK } from "./disk";
import { ENGINE } from "./engine";
import { FORKS } from "./forks";
import { HOST_ALERTS } from "./host";
import { META } from "./meta";
import { PEERS } from "./peers";
import { PROGRESS } from "./progress";
import { QUORUM } from "./quorum";
import { RESTARTS } from "./restarts";
import { RPC } from "./rpc";
import { SECURITY } from "./security";
import { VALIDATOR_DUTIES } from "./validator";
import { VALIDATOR_KEYS } from "./validator-keys";

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
  ...VALIDATOR_DUTIES,
  ...VALIDATOR_KEYS,
  ...QUORUM,
  ...DISK,
  ...HOST_ALERTS,
  ...BACKUP_POINTS,
  ...BACKUP_PROOFS,
  ...SECURITY,
  ...COST,
  ...META,
];
