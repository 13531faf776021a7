import { type Problem, show } from "../../errors/errors";
import { pathText } from "../../errors/from-zod";
import type { MonitoringArgs } from "../args";
import { loginProblems } from "../login-problems";
import { OWN_RECEIVERS, severitiesOf } from "../routes";
import { given, isText, items, record } from "../shapes";
import type { ReceiverArgs } from "./args";
import { destinations, receiverSchema } from "./schema";

const AT = ["monitoring", "receivers"] as const;
const KINDS = Object.keys(destinations);
const EXAMPLE = '{ oncall: { slack: { webhookUrlFile: "/run/secrets/slack" } } }';
const OURS: readonly string[] = Object.values(OWN_RECEIVERS);

/** Monitoring that tells nobody, and receivers that cannot be told. */
export function receiverProblems(monitoring: MonitoringArgs | undefined): Problem[] {
  const receivers: unknown = monitoring?.receivers;
  if (receivers === undefined) return monitoring?.enabled === false ? [] : [missing()];
  const entries = Object.entries(record(receivers));
  return [
    ...nameProblems(entries.map(([name]) => name)),
    ...entries.flatMap(([name, receiver]) => destinationProblems(name, record(receiver))),
    ...untoldProblems(receivers, entries),
  ];
}

function missing(): Problem {
  const message = `missing; give receivers by name, e.g. ${EXAMPLE}, or write "none" where nobody is to be told`;
  return { path: pathText(AT), message, code: "RECEIVERS_MISSING" };
}

/** Files and tools that look names up without regard to case must find one of them. */
function nameProblems(names: readonly string[]): Problem[] {
  return names.flatMap((name, i) => {
    const path = pathText([...AT, name]);
    const same = names.slice(0, i).find((other) => other.toLowerCase() === name.toLowerCase());
    if (same !== undefined) {
      const message = `got a second receiver of the name ${show(same)}; use names that differ in more than upper and lower case`;
      return [{ path, message, code: "RECEIVER_NAME_TWICE" }];
    }
    if (!OURS.includes(name.toLowerCase())) return [];
    const message = `got ${show(name)}, which is a receiver of our own; use a name other than ${OURS.join(", ")}`;
    return [{ path, message, code: "RECEIVER_NAME_OURS" }];
  });
}

function destinationProblems(name: string, receiver: Readonly<Record<string, unknown>>): Problem[] {
  const kinds = given(receiver, KINDS);
  const at = [...AT, name];
  const problem = (path: readonly string[], message: string, code: string) => ({ path: pathText(path), message, code });
  const inside = [
    ...(receiver.webhook === undefined ? [] : webhookProblems(record(receiver.webhook))).map((m) =>
      problem([...at, "webhook"], m, "WEBHOOK_ADDRESS"),
    ),
    ...loginProblems(record(receiver.email)).map(([key, m]) => problem([...at, "email", key], m, "EMAIL_LOGIN")),
    ...portProblems(record(receiver.email).smarthost).map((m) =>
      problem([...at, "email", "smarthost"], m, "EMAIL_SMARTHOST"),
    ),
  ];
  if (kinds.length === 1) return inside;
  if (kinds.length > 1) {
    const message = `got ${kinds.join(" and ")}; use one destination per receiver, and give each receiver a name of its own`;
    return [...inside, problem(at, message, "RECEIVER_TWO_DESTINATIONS")];
  }
  const message = `got no destination; give one of ${KINDS.join(", ")}, or remove the receiver`;
  return [problem(at, message, "RECEIVER_NO_DESTINATION")];
}

function webhookProblems({ url, urlFile }: Readonly<Record<string, unknown>>): string[] {
  if (url !== undefined && urlFile !== undefined) {
    return ["got url and urlFile; use urlFile if the address is a secret, else url"];
  }
  if (url !== undefined || urlFile !== undefined) return [];
  return ["got no address; give urlFile, a file with the address, or url if it is no secret"];
}

function portProblems(smarthost: unknown): string[] {
  const port = isText(smarthost) ? /^[^\s:@/]+:(\d{1,5})$/.exec(smarthost)?.[1] : undefined;
  if (port === undefined || (Number(port) >= 1 && Number(port) <= 65_535)) return [];
  return [`got ${show(smarthost)}; use a port from 1 to 65535`];
}

/** Somebody must hear that a node is down. Receivers of a broken shape might be the ones. */
function untoldProblems(receivers: unknown, entries: readonly [string, unknown][]): Problem[] {
  if (typeof receivers !== "object" || receivers === null || Array.isArray(receivers)) return [];
  const path = pathText(AT);
  if (entries.length === 0) {
    return [
      { path, message: `got {}; use at least one receiver, e.g. ${EXAMPLE}, or "none"`, code: "RECEIVERS_EMPTY" },
    ];
  }
  if (entries.some(([, receiver]) => !receiverSchema.safeParse(receiver).success)) return [];
  const hears = (receiver: ReceiverArgs) =>
    severitiesOf(receiver).includes("critical") &&
    (items(receiver.roles).length === 0 || items(receiver.roles).includes("ops"));
  if (entries.some(([, receiver]) => hears(receiver as ReceiverArgs))) return [];
  const message =
    'got no receiver that is told of critical alerts of the role "ops", e.g. that a node is down; add "critical" to its severities and "ops" to its roles, or leave both out';
  return [{ path, message, code: "OPS_UNTOLD" }];
}
