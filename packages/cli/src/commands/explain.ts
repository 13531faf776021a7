import type { Context } from "../context";
import type { ClusterOptions } from "../monitoring/place";

export interface ExplainOptions extends ClusterOptions {
  readonly json?: boolean;
}

export async function explain(_alert: string, _options: ExplainOptions, _context: Context): Promise<number> {
  throw new Error("being written");
}
