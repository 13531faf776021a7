import { spawn } from "node:child_process";
import { CliError } from "../errors";
import { type ClusterOptions, clusterDir } from "./logs";

/** The supervisor's terminal interface, until the user leaves it. Its processes run on. */
export async function attach(options: ClusterOptions): Promise<number> {
  const stateDir = await clusterDir(options);
  const { liveDaemon } = await import("@chainkeep/local");
  const daemon = await liveDaemon(stateDir);
  if (daemon === undefined)
    throw new CliError(`no supervisor runs in ${stateDir}; start it with "npm start"`, "NO_SUPERVISOR");
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new CliError(`attach needs a terminal; use "npx chainkeep logs <process>" here`, "NO_TERMINAL");
  const child = spawn(daemon.binary, ["attach", "-u", daemon.socket], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", (error) =>
      reject(new CliError(`${daemon.binary} cannot be started: ${error.message}`, "ATTACH_FAILED")),
    );
    child.on("close", (code) => resolve(code ?? 1));
  });
}
