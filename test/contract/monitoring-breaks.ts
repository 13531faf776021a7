import {
  type Accepts,
  alone,
  type Break,
  between,
  flag,
  list,
  nothing,
  object,
  type Path,
  put,
  text,
  whole,
} from "./break-parts";

const YEAR = 31_536_000;
/** Files of secrets must be there; any file will do. */
const FILE = __filename;
const slack = { slack: { webhookUrlFile: FILE } };
const url = "https://store.example.org/push";

/** A receiver that no sound args have, so that what is broken in it is broken alone. */
const CHAT = ["receivers", "broken"];
const destination = (kind: string, fields: Readonly<Record<string, Accepts>>): [Path, Accepts][] => [
  [[...CHAT, kind], object],
  ...Object.entries(fields).map(([field, accepts]): [Path, Accepts] => [[...CHAT, kind, field], accepts]),
];

/** Below `monitoring`: what each place takes. An object whose fields are required is told at its fields. */
const PLACES: readonly [Path, Accepts][] = [
  [["enabled"], flag],
  // What is wrong inside of an object or a list is told there; empty ones are refused as a whole.
  [["receivers"], (value) => object(value) && Object.keys(value as object).length > 0],
  [CHAT, nothing],
  [[...CHAT, "severities"], (value) => Array.isArray(value) && value.length > 0],
  [[...CHAT, "roles"], (value) => Array.isArray(value) && value.length > 0],
  [[...CHAT, "sendResolved"], flag],
  ...destination("slack", { webhookUrlFile: nothing, channel: text }),
  ...destination("discord", { webhookUrlFile: nothing }),
  ...destination("telegram", { botTokenFile: nothing, chatId: whole(-(2 ** 53) + 1, 2 ** 53 - 1) }),
  ...destination("pagerduty", { routingKeyFile: nothing }),
  ...destination("opsgenie", { apiKeyFile: nothing, region: nothing }),
  ...destination("email", {
    from: nothing,
    smarthost: nothing,
    username: text,
    passwordFile: nothing,
    requireTls: flag,
  }),
  ...destination("msteams", { webhookUrlFile: nothing }),
  ...destination("sns", { topicArn: nothing, region: nothing }),
  ...destination("webhook", { url: nothing, urlFile: nothing, bearerTokenFile: nothing }),
  [["presets"], list],
  [["alerts"], object],
  [["alerts", "NodeDown"], (value) => object(value) || flag(value)],
  [["alerts", "NodeDown", "enabled"], flag],
  [["alerts", "NodeDown", "threshold"], (value) => typeof value === "number" && Math.abs(value) <= 1e18],
  [["alerts", "NodeDown", "forSeconds"], whole(0, 604_800)],
  [["alerts", "NodeDown", "severity"], nothing],
  [["slo"], (value) => object(value) || value === false],
  [["slo", "availability"], between(0.5, 0.99999)],
  [["slo", "latencySeconds"], between(0.001, 60)],
  [["objectives"], object],
  ...["rpoSeconds", "rtoSeconds", "verifySeconds"].map((name): [Path, Accepts] => [
    ["objectives", name],
    whole(60, YEAR),
  ]),
  [["reference"], object],
  [["reference", "url"], nothing],
  [["deadMan"], object],
  [["deadMan", "urlFile"], nothing],
  [["deadMan", "intervalSeconds"], whole(10, 300)],
  [["maintenance"], list],
  [["scrapeIntervalSeconds"], whole(1, 60)],
  [["retentionDays"], whole(1, 3650)],
  [["retentionGiB"], between(1, 100_000)],
  [["remoteWrite"], list],
  [["scrape"], object],
  [["scrape", "broken"], object],
  [["scrape", "broken", "targets"], list],
  [["scrape", "broken", "path"], nothing],
  [["scrape", "broken", "params"], object],
  [["scrape", "broken", "node"], text],
  [["scrape", "broken", "drop"], (value) => text(value)],
  [["runbookUrl"], nothing],
  [["grafanaUrl"], nothing],
];

export const MONITORING_PLACES: readonly [Path, Accepts][] = [
  [["monitoring"], object],
  ...PLACES.map(([path, accepts]): [Path, Accepts] => [["monitoring", ...path], accepts]),
];

/** Objects with keys of their own. */
export const MONITORING_OBJECTS: readonly Path[] = [
  [],
  ["alerts", "NodeDown"],
  CHAT,
  [...CHAT, "slack"],
  ["slo"],
  ["objectives"],
  ["reference"],
  ["deadMan"],
  ["scrape", "broken"],
].map((path) => ["monitoring", ...path]);

/** Records of things by names that users choose. */
export const MONITORING_RECORDS: readonly Path[] = ["alerts", "receivers", "scrape"].map((name) => [
  "monitoring",
  name,
]);

const at = (...path: string[]): Path => ["monitoring", ...path];

/** Sound each by itself, and wrong beside the rest. */
export function monitoringMeanings(): Break[] {
  const receiver = (value: object, told = "monitoring.receivers.broken") => put(at(...CHAT), value, told);
  const receivers = (value: object, told = "monitoring.receivers") => alone(at("receivers"), value, told);
  const window = (value: object, told: string) => put(at("maintenance"), [{ from: "02:00", to: "04:00" }, value], told);
  const store = (value: object, told: string) => put(at("remoteWrite"), [{ url }, { url: `${url}/2`, ...value }], told);
  const job = (value: object, told: string) =>
    put(at("scrape", "broken"), { targets: ["127.0.0.1:9100"], ...value }, `monitoring.scrape.broken${told}`);
  return [
    // Monitoring that tells nobody.
    alone(["monitoring"], {}, "monitoring.receivers"),
    receivers({}),
    receivers({ chat: { ...slack, severities: ["warning"] } }),
    receivers({ chat: { ...slack, roles: ["dev", "business"] }, night: { ...slack, severities: ["info"] } }),
    receivers({ chat: slack, Chat: slack }, "monitoring.receivers.Chat"),
    ...["agent", "none", "dead-man", "Agent"].map((name) => put(at("receivers", name), slack)),
    ...["1st", "a b", "a".repeat(41), "ä"].map((name) => put(at("receivers", name), slack)),
    receiver({}),
    receiver({ severities: ["critical"] }),
    receiver({ ...slack, discord: slack.slack }),
    receiver({ webhook: {} }, "monitoring.receivers.broken.webhook"),
    receiver({ webhook: { url, urlFile: FILE } }, "monitoring.receivers.broken.webhook"),
    receiver({ ...slack, severities: ["critical", "urgent"] }, "monitoring.receivers.broken.severities[1]"),
    receiver({ ...slack, roles: [] }, "monitoring.receivers.broken.roles"),
    ...mails(receiver),
    put(at("alerts", "NodeDwn"), {}),
    put(at("alerts", "NodeDown", "threshold"), 5),
    put(at("alerts", "PeersLow", "threshold"), -1),
    put(at("slo"), { availability: 99.9 }, "monitoring.slo.availability"),
    put(at("slo"), { availability: 1 }, "monitoring.slo.availability"),
    put(at("reference"), {}, "monitoring.reference.url"),
    put(at("reference", "url"), "https://user:key@example.org"),
    put(at("deadMan"), {}, "monitoring.deadMan.urlFile"),
    window({ from: "04:00", to: "02:00" }, "monitoring.maintenance[1].to"),
    window({ from: "24:00", to: "24:00" }, "monitoring.maintenance[1].to"),
    window({ from: "24:30", to: "25:00" }, "monitoring.maintenance[1].from"),
    window({ from: "01:00", to: "02:00", days: ["Sunday"] }, "monitoring.maintenance[1].days[0]"),
    ...["Mars/Olympus", "europe/berlin", "+01:00", "Europe/berlin"].map((timeZone) =>
      window({ from: "01:00", to: "02:00", timeZone }, "monitoring.maintenance[1].timeZone"),
    ),
    window({ from: "00:00", to: "24:00" }, "monitoring.maintenance"),
    store({ bearerTokenFile: FILE, sigv4Region: "eu-central-1" }, "monitoring.remoteWrite[1]"),
    store({ username: "me" }, "monitoring.remoteWrite[1].passwordFile"),
    store({ passwordFile: FILE }, "monitoring.remoteWrite[1].username"),
    store({ url }, "monitoring.remoteWrite[1].url"),
    ...["chainkeep-agent", "chain-node-geth", "Tenderduty"].map((name) =>
      put(at("scrape", name), { targets: ["a:1"] }),
    ),
    job({ targets: ["127.0.0.1"] }, ".targets[0]"),
    job({ targets: ["127.0.0.1:70000"] }, ".targets[0]"),
    job({ targets: ["a:1", "a:1"] }, ".targets[1]"),
    job({ drop: "a(?=b)" }, ".drop"),
    // Whose nodes are unknown, because their group is broken, is not told of strangers among them.
    { ...job({ node: "stranger-0" }, ".node"), alone: true },
  ];
}

function mails(receiver: (value: object, told: string) => Break): Break[] {
  const email = { to: ["a@example.org"], from: "b@example.org", smarthost: "mail.example.org:587" };
  const wrong = (value: object, told: string) =>
    receiver({ email: { ...email, ...value } }, `monitoring.receivers.broken.email.${told}`);
  return [
    wrong({ username: "me" }, "passwordFile"),
    wrong({ passwordFile: FILE }, "username"),
    wrong({ to: [] }, "to"),
    wrong({ to: ["a@example.org", "nobody"] }, "to[1]"),
    wrong({ smarthost: "mail.example.org:99999" }, "smarthost"),
  ];
}
