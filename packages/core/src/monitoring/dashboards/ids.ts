import { createHash } from "node:crypto";
import type { DashboardId } from "../types";

/** Number of a panel or a row: follows from its key and not from its place, so that links outlive new neighbours. */
export function panelId(board: DashboardId, key: string): number {
  const digits = createHash("sha256").update(`${board}/${key}`).digest("hex").slice(0, 7);
  return Number.parseInt(digits, 16) + 1;
}
