import type { Problem } from "../../errors/errors";
import type { MonitoringArgs } from "../args";

/** Monitoring that tells nobody, and receivers that cannot be told. */
export function receiverProblems(monitoring: MonitoringArgs | undefined): Problem[] {
  if (monitoring?.enabled === false || monitoring?.receivers !== undefined) return [];
  const message =
    'missing; give receivers by name, e.g. { oncall: { slack: { webhookUrlFile: "/run/secrets/slack" } } }, or write "none" where nobody is to be told';
  return [{ path: "monitoring.receivers", message, code: "RECEIVERS_MISSING" }];
}
