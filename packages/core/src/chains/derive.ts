import { hkdfSync } from "node:crypto";

const SALT = "chainkeep/v1";

/**
 * Bytes that follow from the cluster's secret seed and a stable name: HKDF-SHA256. The same two give the same bytes for
 * ever, and different names give bytes that say nothing of each other.
 */
export function deriveBytes(seed: string, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", seed, SALT, info, length));
}
