import type { Silence } from "../monitoring/alertmanager";
import type { AlertRow } from "../monitoring/board";
import { plain, type Style } from "./style";
import { type Cell, table } from "./table";
import { duration, oneLine } from "./text";

/** What a person reads of the alerts of a stack. */
export function alertsText(rows: readonly AlertRow[], now: number, style: Style = plain): string {
  if (rows.length === 0) return style.good("No alert fires, and none is about to.");
  const clusters = new Set(rows.map((row) => row.cluster)).size > 1;
  const head = ["STATE", "SINCE", "SEVERITY", "OWNER", ...(clusters ? ["CLUSTER"] : []), "ALERT", "SUMMARY"].map(
    (text): Cell => ({ text, dress: style.dim }),
  );
  const list = table([head, ...rows.map((row) => alertRow(row, now, clusters, style))]);
  const first = rows.find((row) => row.state === "firing") ?? rows[0];
  return `${list}\n\nWhat to do: npx chainkeep explain ${first?.name}`;
}

function alertRow(row: AlertRow, now: number, clusters: boolean, style: Style): Cell[] {
  const bad = row.state === "firing" && row.severity === "critical";
  const dress = bad ? style.bad : row.state === "firing" ? style.warn : style.dim;
  return [
    { text: row.state === "firing" ? "FIRING" : row.state, dress },
    { text: duration(now - row.activeAt) },
    { text: row.severity },
    { text: row.owner },
    ...(clusters ? [{ text: row.cluster }] : []),
    { text: row.name },
    { text: row.summary },
  ];
}

/** Silences that are in force or will be. */
export function silencesText(silences: readonly Silence[], now: number, style: Style = plain): string {
  if (silences.length === 0) return "Nothing is silenced.";
  const head = ["ID", "ALERTS", "ENDS IN", "BY", "COMMENT"].map((text): Cell => ({ text, dress: style.dim }));
  const rows = silences.map((silence): Cell[] => [
    { text: silence.id },
    { text: silence.matchers.map(matcherText).join(" ") },
    { text: duration(Date.parse(silence.endsAt) / 1000 - now) },
    { text: silence.createdBy },
    { text: silence.comment },
  ]);
  return table([head, ...rows]);
}

function matcherText({ name, value, isRegex, isEqual }: Silence["matchers"][number]): string {
  const operator = `${isEqual ? "=" : "!"}${isRegex ? "~" : isEqual ? "" : "="}`;
  return oneLine(name === "alertname" && operator === "=" ? value : `${name}${operator}${value}`);
}
