import { LOG_CONFIGURATION, type ProjectEntry } from "./launch";
import { PROCESS_MARK } from "./process-table";

/** Name of the helper process; users' names start with a letter or a digit. */
export const LOG_KEEPER = "_supervisor-log";

const MAX_BYTES = 10 * 1024 * 1024;
const EVERY_SECONDS = 60;

/**
 * Keeps the supervisor's own log below its limit, with one older copy. process-compose rotates the logs of its processes but not
 * its own, to which a process that crashes over and over adds three lines each time. It appends, so the file can be emptied.
 */
export function logKeeper(maxBytes = MAX_BYTES, everySeconds = EVERY_SECONDS): ProjectEntry {
  const script = [
    "log=supervisor.log",
    `while sleep ${everySeconds}; do`,
    `  if [ "$(wc -c < "$log")" -gt ${maxBytes} ]; then cp "$log" "$log.1" && : > "$log"; fi`,
    "done",
  ].join("\n");
  return {
    entrypoint: ["/bin/sh", "-c", script],
    environment: [`${PROCESS_MARK}=${LOG_KEEPER}`],
    availability: { restart: "always", backoff_seconds: 60 },
    shutdown: { signal: 15, timeout_seconds: 5 },
    log_location: "logs/_supervisor-log.log",
    log_configuration: LOG_CONFIGURATION,
    disable_ansi_colors: true,
    is_dotenv_disabled: true,
    "x-chainkeep-restart": "",
  };
}
