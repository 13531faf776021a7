import { ask, askJson } from "../agent/http";
import { CliError, EXIT } from "../errors";
import type { Labels } from "./prometheus";

/** An alert as Alertmanager has it: told, or kept back. */
export interface RoutedAlert {
  readonly labels: Labels;
  readonly status: {
    readonly state: "active" | "suppressed" | "unprocessed";
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
    readonly mutedBy?: readonly string[];
  };
}

export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** What is asked for: who, how long, why, and by whom. Times are RFC 3339. */
export interface NewSilence {
  readonly matchers: readonly Matcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

export interface Silence extends NewSilence {
  readonly id: string;
  readonly status: { readonly state: "expired" | "active" | "pending" };
}

const CODE = "ALERTMANAGER_UNREACHABLE";

export async function routedAlerts(alertmanagerUrl: string): Promise<readonly RoutedAlert[]> {
  return askJson<RoutedAlert[]>(`${alertmanagerUrl}/api/v2/alerts`, { code: CODE }, Array.isArray);
}

/** Silences that are in force or will be. */
export async function silences(alertmanagerUrl: string): Promise<readonly Silence[]> {
  const all = await askJson<Silence[]>(`${alertmanagerUrl}/api/v2/silences`, { code: CODE }, Array.isArray);
  return all.filter(({ status }) => status.state !== "expired").sort((a, b) => (a.endsAt < b.endsAt ? -1 : 1));
}

/** @returns Id of the silence. */
export async function addSilence(alertmanagerUrl: string, silence: NewSilence): Promise<string> {
  const address = `${alertmanagerUrl}/api/v2/silences`;
  const fits = (value: unknown) => typeof (value as { silenceID?: unknown } | null)?.silenceID === "string";
  return (await askJson<{ silenceID: string }>(address, { method: "POST", body: silence, code: CODE }, fits)).silenceID;
}

/** Ends a silence now. */
export async function endSilence(alertmanagerUrl: string, id: string): Promise<void> {
  const address = `${alertmanagerUrl}/api/v2/silence/${encodeURIComponent(id)}`;
  // 422: what is no id; 404: an id that nobody has; 500: one that is over.
  const { status } = await ask(address, { method: "DELETE", code: CODE, expects: [400, 404, 422, 500] });
  if (status === 200) return;
  const message = `--end: got ${JSON.stringify(id)}, which is no silence in force; list them with "npx chainkeep silence"`;
  throw new CliError(message, "SILENCE_UNKNOWN", EXIT.usage);
}
