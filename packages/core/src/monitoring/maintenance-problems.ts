import { type Problem, show } from "../errors/errors";
import { pathText } from "../errors/from-zod";
import { isText, items, record } from "./shapes";
import { WEEKDAYS } from "./weekdays";

const AT = ["monitoring", "maintenance"] as const;
const MINUTES_PER_DAY = 24 * 60;
/** Share of the week beyond which maintenance is no exception any more. */
const MOST = 0.8;

/** Times that end before they begin, zones that nobody knows, and silence that is nearly always. */
export function maintenanceProblems(maintenance: unknown): Problem[] {
  const windows = items(maintenance).map(record);
  return [
    ...windows.flatMap(({ from, to, timeZone }, i) => [
      ...orderProblems([...AT, i, "to"], minutesOf(from), minutesOf(to), from, to),
      ...zoneProblems([...AT, i, "timeZone"], timeZone),
    ]),
    ...alwaysProblems(windows),
  ];
}

type Path = readonly (string | number)[];

function orderProblems(
  path: Path,
  start: number | undefined,
  end: number | undefined,
  from: unknown,
  to: unknown,
): Problem[] {
  if (start === undefined || end === undefined || end > start) return [];
  const message = `got ${show(to)}, which is not after ${show(from)}; use a later time of the same day, and give a night two entries: until "24:00", and from "00:00" of the next day`;
  return [{ path: pathText(path), message, code: "MAINTENANCE_ORDER" }];
}

function minutesOf(clock: unknown): number | undefined {
  const found = isText(clock) ? /^(\d\d):(\d\d)$/.exec(clock) : null;
  return found ? 60 * Number(found[1]) + Number(found[2]) : undefined;
}

function zoneProblems(path: Path, zone: unknown): Problem[] {
  if (!isText(zone) || zone === "" || isZone(zone)) return [];
  const message = `got ${show(zone)}, which the IANA database does not have; use a name like "Europe/Berlin" or "UTC"`;
  return [{ path: pathText(path), message, code: "MAINTENANCE_ZONE" }];
}

/** JavaScript takes names in any case, and offsets. Alertmanager looks for a file of exactly this name. */
function isZone(zone: string): boolean {
  if (!/^(?:UTC|[A-Z][A-Za-z]*(?:\/[A-Z][A-Za-z0-9_+-]*)+)$/.test(zone)) return false;
  try {
    const known = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
    return known === zone || known.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}

/** Minutes of a week in which no window mutes; zones are left aside, since a few hours change nothing. */
function alwaysProblems(windows: readonly Readonly<Record<string, unknown>>[]): Problem[] {
  const muted = new Set<number>();
  for (const { days, from, to } of windows) {
    const start = minutesOf(from) ?? 0;
    const end = minutesOf(to) ?? 0;
    for (const [index, day] of WEEKDAYS.entries()) {
      if (days !== undefined && !items(days).includes(day)) continue;
      for (let minute = start; minute < end; minute++) muted.add(index * MINUTES_PER_DAY + minute);
    }
  }
  const share = muted.size / (7 * MINUTES_PER_DAY);
  if (share <= MOST) return [];
  const message = `got times that cover ${Math.round(100 * share)} % of the week, so that hardly anything is ever told; use at most ${100 * MOST} %, or leave out the receivers that are not to be told`;
  return [{ path: pathText(AT), message, code: "MAINTENANCE_ALWAYS" }];
}
