import { type MonitoringArgs, PRESETS, type ReceiverArgs, ROLES } from "@chainkeep/core";
import fc from "fast-check";

const whole = (min: number, max: number) => fc.integer({ min, max });
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const some = <T extends string>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1 });

/** Files of secrets must be there, on the machine that reads them: any file will do. */
const file = fc.constant(__filename);
const host = fc.stringMatching(/^[a-z]{1,8}(\.[a-z]{1,8}){0,2}$/);
const hostPort = fc.tuple(host, whole(1, 65_535)).map(([name, port]) => `${name}:${port}`);
const url = fc
  .tuple(fc.constantFrom("http", "https"), host, fc.stringMatching(/^(\/[a-z0-9]{1,5}){0,3}$/))
  .map(([s, h, p]) => `${s}://${h}${p}`);
const mail = host.map((name) => `chain.keep+${name.length}@${name}.example`);

const email = fc
  .record({
    to: fc.array(mail, { minLength: 1, maxLength: 3 }),
    from: mail,
    smarthost: hostPort,
    login: fc.option(file, { nil: undefined }),
    requireTls: fc.boolean(),
  })
  .map(({ login, ...rest }) => (login === undefined ? rest : { ...rest, username: "me", passwordFile: login }));

const destination: fc.Arbitrary<ReceiverArgs> = fc.oneof(
  file.map((webhookUrlFile) => ({ slack: { webhookUrlFile, channel: "#alerts" } })),
  file.map((webhookUrlFile) => ({ discord: { webhookUrlFile } })),
  fc.record({ botTokenFile: file, chatId: whole(-(2 ** 40), -1) }).map((telegram) => ({ telegram })),
  file.map((routingKeyFile) => ({ pagerduty: { routingKeyFile } })),
  fc.record({ apiKeyFile: file, region: fc.constantFrom("us", "eu") }).map((opsgenie) => ({ opsgenie })),
  email.map((made) => ({ email: made })),
  file.map((webhookUrlFile) => ({ msteams: { webhookUrlFile } })),
  fc
    .constantFrom("alerts", "alerts.fifo")
    .map((topic) => ({ sns: { topicArn: `arn:aws:sns:eu-west-1:123456789012:${topic}` } })),
  fc.oneof(
    file.map((urlFile) => ({ webhook: { urlFile } })),
    url.map((made) => ({ webhook: { url: made } })),
  ),
);

const receiver = fc
  .tuple(
    destination,
    fc.record(
      {
        severities: some("critical", "warning", "info"),
        roles: some(...ROLES),
        sendResolved: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([made, choice]): ReceiverArgs => ({ ...made, ...choice }));

/** Somebody must hear of critical alerts of operations; the others are as they like. Names of inherited properties are sound. */
const receivers: fc.Arbitrary<MonitoringArgs["receivers"]> = fc.oneof(
  fc.constant("none" as const),
  fc
    .tuple(
      destination,
      fc.dictionary(fc.constantFrom("chat", "night", "constructor", "toString", "A_b-1"), receiver, { maxKeys: 3 }),
    )
    .map(([oncall, others]) => ({ ...others, oncall })),
);

const override = fc.record(
  { enabled: fc.boolean(), forSeconds: whole(0, 604_800), severity: fc.constantFrom("critical", "warning", "info") },
  { requiredKeys: [] },
);

const clock = whole(0, 22).map((hour) => ({
  from: `${String(hour).padStart(2, "0")}:30`,
  to: hour === 22 ? "24:00" : `${String(hour + 1).padStart(2, "0")}:15`,
}));
const maintenance = fc
  .record({
    times: clock,
    days: fc.option(some("saturday", "sunday", "monday"), { nil: undefined }),
    timeZone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Etc/GMT+3", undefined),
  })
  .map(({ times, days, timeZone }) => ({
    ...times,
    ...(days === undefined ? {} : { days }),
    ...(timeZone === undefined ? {} : { timeZone }),
  }));

const login = fc.oneof(
  fc.constant({}),
  file.map((bearerTokenFile) => ({ bearerTokenFile })),
  file.map((passwordFile) => ({ username: "7", passwordFile })),
  fc.constant({ sigv4Region: "eu-central-1" }),
);
const remoteWrite = fc
  .uniqueArray(url, { maxLength: 3 })
  .chain((urls) => fc.tuple(...urls.map((one) => login.map((auth) => ({ url: one, canonicalOnly: true, ...auth })))));

const scrape = fc.dictionary(
  fc.constantFrom("tenderduty", "signer", "constructor", "a-1"),
  fc.record(
    {
      targets: fc.uniqueArray(hostPort, { minLength: 1, maxLength: 3 }),
      path: fc.constantFrom("/metrics", "/probe"),
      params: fc.constantFrom<Record<string, string>>(
        {},
        { module: "http_2xx", target: "https://rpc.example.org/a?b=c" },
      ),
      drop: fc.constantFrom("go_.*", "(?i)go_.*|process_[a-z]+"),
    },
    { requiredKeys: ["targets"] },
  ),
  { maxKeys: 3 },
);

/** Monitoring as a user may ask for it. It is never left out: who is told must be said. */
export const soundMonitoring: fc.Arbitrary<MonitoringArgs> = fc.record(
  {
    receivers,
    enabled: fc.boolean(),
    presets: fc.subarray([...PRESETS]),
    alerts: fc.record(
      { NodeDown: fc.oneof(override, fc.boolean()), NetworkHalted: fc.oneof(override, fc.boolean()) },
      { requiredKeys: [] },
    ),
    slo: fc.oneof(
      fc.constant(false as const),
      fc.record({ availability: between(0.5, 0.99999), latencySeconds: between(0.001, 60) }, { requiredKeys: [] }),
    ),
    objectives: fc.record(
      { rpoSeconds: whole(60, 31_536_000), rtoSeconds: whole(60, 31_536_000) },
      { requiredKeys: [] },
    ),
    reference: url.map((made) => ({ url: made })),
    deadMan: fc.record({ urlFile: file, intervalSeconds: whole(10, 300) }),
    maintenance: fc.array(maintenance, { maxLength: 3 }),
    scrapeIntervalSeconds: whole(1, 60),
    retentionDays: whole(1, 3650),
    retentionGiB: between(1, 100_000),
    remoteWrite,
    scrape,
    runbookUrl: url,
    grafanaUrl: url,
  },
  { requiredKeys: ["receivers"] },
);
