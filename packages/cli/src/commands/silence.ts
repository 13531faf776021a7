import { userInfo } from "node:os";
import { ALERTS, didYouMean, findAlert } from "@chainkeep/core";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { addSilence, endSilence, type Matcher, silences } from "../monitoring/alertmanager";
import { type ClusterOptions, type MonitoringPlace, monitoringPlaces, onePlace } from "../monitoring/place";
import { silencesText } from "../render/alerts";
import { duration } from "../render/text";

export interface SilenceOptions extends ClusterOptions {
  readonly node?: string;
  readonly for: number;
  readonly comment?: string;
  readonly by?: string;
  readonly end?: string;
  readonly json?: boolean;
}

/** Longest silence: one that is meant for ever belongs into the program, where a review sees it. */
const LONGEST_MS = 30 * 24 * 3_600_000;

/** Keeps an alert back for a while, ends that again, or lists what is kept back. */
export async function silence(alert: string | undefined, options: SilenceOptions, context: Context): Promise<number> {
  if (options.end !== undefined) return end(options.end, alert, options, context);
  if (alert === undefined && options.node === undefined) return list(options, context);
  if (alert !== undefined) checkAlert(alert);
  if (options.for > LONGEST_MS)
    throw new CliError(
      "--for: got more than 30 days; use monitoring.alerts in the program for what is meant to last",
      "SILENCE_LONG",
      EXIT.usage,
    );
  const place = await onePlace(options);
  if (options.node !== undefined) checkNode(options.node, place);
  const startsAt = new Date();
  const endsAt = new Date(startsAt.getTime() + options.for);
  const matchers = matchersOf(alert, options.node, place);
  const id = await addSilence(place.alertmanagerUrl, {
    matchers,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    createdBy: options.by ?? userName(),
    comment: options.comment ?? "by chainkeep silence",
  });
  if (options.json) {
    context.out(JSON.stringify({ schemaVersion: 1, id, endsAt: endsAt.toISOString(), matchers }, undefined, 2));
    return EXIT.ok;
  }
  const what = [alert ?? "all alerts", ...(options.node === undefined ? [] : [`of ${options.node}`])].join(" ");
  context.out(`Silenced ${what} for ${duration(options.for / 1000)}. End it with: npx chainkeep silence --end ${id}`);
  return EXIT.ok;
}

async function end(id: string, alert: string | undefined, options: SilenceOptions, context: Context): Promise<number> {
  if (alert !== undefined || options.node !== undefined)
    throw new CliError("--end takes the id alone; leave alert and --node out", "USAGE", EXIT.usage);
  const { alertmanagerUrl } = await onePlace(options);
  await endSilence(alertmanagerUrl, id);
  context.out(options.json ? JSON.stringify({ schemaVersion: 1, id, ended: true }) : `Ended ${id}.`);
  return EXIT.ok;
}

async function list(options: SilenceOptions, context: Context): Promise<number> {
  const places = await monitoringPlaces(options);
  const all = (await Promise.all(places.map((place) => silences(place.alertmanagerUrl)))).flat();
  context.out(
    options.json
      ? JSON.stringify({ schemaVersion: 1, silences: all }, undefined, 2)
      : silencesText(all, Date.now() / 1000, context.style),
  );
  return EXIT.ok;
}

/** Without the stack, a silence of one would keep back another one's alerts where they share an Alertmanager. */
function matchersOf(
  alert: string | undefined,
  node: string | undefined,
  { stack, network }: MonitoringPlace,
): Matcher[] {
  const equal = (name: string, value: string): Matcher => ({ name, value, isRegex: false, isEqual: true });
  return [
    ...(alert === undefined ? [] : [equal("alertname", alert)]),
    ...(node === undefined ? [] : [equal("node", node)]),
    equal("network", network),
    equal("stack", stack),
  ];
}

function checkAlert(alert: string): void {
  if (alert === "Watchdog")
    throw new CliError(
      "Watchdog cannot be silenced: its silence is what tells that monitoring is dead",
      "SILENCE_WATCHDOG",
      EXIT.usage,
    );
  if (findAlert(alert)) return;
  const hint = didYouMean(
    alert,
    ALERTS.map((a) => a.name),
  );
  throw new CliError(
    `got ${JSON.stringify(alert)}, which is no alert${hint}; see docs/runbooks, or npx chainkeep alerts`,
    "ALERT_UNKNOWN",
    EXIT.usage,
  );
}

function checkNode(node: string, { nodes, cluster }: MonitoringPlace): void {
  if (nodes.includes(node)) return;
  const message = `--node: got ${JSON.stringify(node)}; ${cluster} has ${nodes.join(", ")}${didYouMean(node, nodes)}`;
  throw new CliError(message, "UNKNOWN_NODE", EXIT.usage);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user that the system has no entry of, as in some containers.
    return "chainkeep";
  }
}
