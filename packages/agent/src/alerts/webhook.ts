import { createHash } from "node:crypto";
import type { StatusAlert } from "@chainkeep/core";
import { clean } from "../probe/failure";

/** An alert with what tells it from others. */
export interface ReceivedAlert extends StatusAlert {
  readonly key: string;
}

/** More in one message is no Alertmanager of ours. */
const MAX_PER_MESSAGE = 10_000;

/**
 * Reads a message of Alertmanager's webhook, version 4.
 *
 * @returns Its alerts, or what is wrong with it.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function parseWebhook(body: string): { alerts: ReceivedAlert[] } | { problem: string } {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return { problem: "body is no JSON; send an Alertmanager webhook message" };
  }
  if (!isObject(message)) return { problem: "body is no object; send an Alertmanager webhook message" };
  if (message.version !== "4") return { problem: `version: got ${show(message.version)}; use "4"` };
  const list = message.alerts;
  if (!Array.isArray(list)) return { problem: `alerts: got ${show(list)}; use a list of alerts` };
  if (list.length > MAX_PER_MESSAGE) return { problem: `alerts: got ${list.length}; use at most ${MAX_PER_MESSAGE}` };
  const alerts: ReceivedAlert[] = [];
  for (const [index, entry] of list.entries()) {
    const alert = readAlert(entry);
    if (typeof alert === "string") return { problem: `alerts[${index}]${alert}` };
    alerts.push(alert);
  }
  return { alerts };
}

function readAlert(entry: unknown): ReceivedAlert | string {
  if (!isObject(entry)) return `: got ${show(entry)}; use an object`;
  const state = entry.status;
  if (state !== "firing" && state !== "resolved") return `.status: got ${show(state)}; use "firing" or "resolved"`;
  const labels = entry.labels;
  if (!isObject(labels) || typeof labels.alertname !== "string")
    return ".labels.alertname: missing; give the alert's name";
  const annotations = isObject(entry.annotations) ? entry.annotations : {};
  const startsAt = seconds(entry.startsAt);
  if (startsAt === undefined) return `.startsAt: got ${show(entry.startsAt)}; use an RFC 3339 time`;
  const node = labels.node;
  return {
    key: keyOf(entry.fingerprint, labels),
    name: clean(labels.alertname, 200),
    state,
    severity: text(labels.severity, 40) ?? "none",
    node: typeof node === "string" ? clean(node, 200) : null,
    summary: text(annotations.summary, 500) ?? text(annotations.description, 500) ?? "",
    startsAt,
    endsAt: state === "resolved" ? (seconds(entry.endsAt) ?? null) : null,
  };
}

function keyOf(fingerprint: unknown, labels: Record<string, unknown>): string {
  if (typeof fingerprint === "string" && /^[0-9a-f]{1,64}$/.test(fingerprint)) return fingerprint;
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}

function seconds(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) / 1000 : Number.NaN;
  // Go's zero time stands for "not yet".
  return Number.isFinite(time) && time > 0 ? Math.round(time) : undefined;
}

function text(value: unknown, limit: number): string | undefined {
  return typeof value === "string" && value !== "" ? clean(value, limit) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : clean(JSON.stringify(value), 60);
}
