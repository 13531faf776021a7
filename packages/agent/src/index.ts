import * as path from "node:path";

/**
 * Path of the agent as one file, which runs on a plain Node.js 20 or newer: `node <path> run --inventory agent.json`.
 *
 * @returns Absolute path. The file is there once the workspace is built.
 *
 * @example execFileSync(process.execPath, [agentBundlePath(), "check", "--inventory", "agent.json"])
 */
export function agentBundlePath(): string {
  return path.resolve(__dirname, "..", "dist", "agent.cjs");
}
