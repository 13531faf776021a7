/** Writes one event as a JSON line. Only changes of state are events; a line per request would drown them. */
export type Log = (level: "info" | "warn" | "error", event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Lines to a stream; by default standard output, where a supervisor collects them. */
export function jsonLog(write: (line: string) => void = (line) => process.stdout.write(line), now = Date.now): Log {
  return (level, event, fields = {}) => {
    write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields })}\n`);
  };
}
