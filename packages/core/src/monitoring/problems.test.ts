import type { MonitoringArgs } from "./args";
import { monitoringProblems } from "./problems";
import { scrapeNodeProblems } from "./scrape-problems";

const slack = { webhookUrlFile: "/run/secrets/slack" };
const email = { to: ["a@example.org"], from: "b@example.org", smarthost: "mail.example.org:587" };
const url = "https://mimir.example.org/api/v1/push";

const lines = (monitoring: unknown) =>
  monitoringProblems(monitoring as MonitoringArgs).map((p) => `${p.path}: ${p.message} [${p.code}]`);
const receivers = (given: unknown) => lines({ receivers: given });
/** Receivers of which one is sound, so that what is told is about the other. */
const beside = (name: string, given: unknown) => receivers({ chat: { slack }, [name]: given });
const rest = (monitoring: object) => lines({ receivers: "none", ...monitoring });

describe("receivers", () => {
  it("must be said, unless monitoring is off", () => {
    const missing = [
      expect.stringMatching(/^monitoring\.receivers: missing; give receivers by name.*"none".*\[RECEIVERS_MISSING\]$/),
    ];
    expect(lines(undefined)).toEqual(missing);
    expect(lines({})).toEqual(missing);
    expect(lines({ enabled: true })).toEqual(missing);
    expect(lines({ enabled: false })).toEqual([]);
    expect(receivers("none")).toEqual([]);
    expect(receivers({ chat: { slack } })).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    [
      "receivers that are none",
      'monitoring.receivers: got {}; use at least one receiver, e.g. { oncall: { slack: { webhookUrlFile: "/run/secrets/slack" } } }, or "none" [RECEIVERS_EMPTY]',
      receivers({}),
    ],
    [
      "a receiver without a destination",
      "monitoring.receivers.mute: got no destination; give one of slack, discord, telegram, pagerduty, opsgenie, email, msteams, sns, webhook, or remove the receiver [RECEIVER_NO_DESTINATION]",
      beside("mute", { roles: ["dev"] }),
    ],
    [
      "a receiver with two",
      "monitoring.receivers.both: got slack and discord; use one destination per receiver, and give each receiver a name of its own [RECEIVER_TWO_DESTINATIONS]",
      beside("both", { slack, discord: slack }),
    ],
    [
      "a name that differs in case only",
      'monitoring.receivers.Chat: got a second receiver of the name "chat"; use names that differ in more than upper and lower case [RECEIVER_NAME_TWICE]',
      beside("Chat", { slack }),
    ],
    [
      "a name of our own",
      'monitoring.receivers.agent: got "agent", which is a receiver of our own; use a name other than agent, dead-man, none [RECEIVER_NAME_OURS]',
      beside("agent", { slack }),
    ],
    [
      "the same in capitals",
      'monitoring.receivers.Dead-Man: got "Dead-Man", which is a receiver of our own; use a name other than agent, dead-man, none [RECEIVER_NAME_OURS]',
      beside("Dead-Man", { slack }),
    ],
    [
      "a webhook without an address",
      "monitoring.receivers.hook.webhook: got no address; give urlFile, a file with the address, or url if it is no secret [WEBHOOK_ADDRESS]",
      beside("hook", { webhook: { bearerTokenFile: "/t" } }),
    ],
    [
      "a webhook with two",
      "monitoring.receivers.hook.webhook: got url and urlFile; use urlFile if the address is a secret, else url [WEBHOOK_ADDRESS]",
      beside("hook", { webhook: { url, urlFile: "/u" } }),
    ],
    [
      "a mail user without a password",
      "monitoring.receivers.mail.email.passwordFile: missing beside username; give the file with the password, or remove username [EMAIL_LOGIN]",
      beside("mail", { email: { ...email, username: "me" } }),
    ],
    [
      "a mail password without a user",
      `monitoring.receivers.mail.email.username: missing beside passwordFile; give the user's name, or remove passwordFile [EMAIL_LOGIN]`,
      beside("mail", { email: { ...email, passwordFile: "/p" } }),
    ],
    [
      "a port that does not exist",
      'monitoring.receivers.mail.email.smarthost: got "mail.example.org:0"; use a port from 1 to 65535 [EMAIL_SMARTHOST]',
      beside("mail", { email: { ...email, smarthost: "mail.example.org:0" } }),
    ],
    [
      "nobody who hears of critical alerts of operations",
      'monitoring.receivers: got no receiver that is told of critical alerts of the role "ops", e.g. that a node is down; add "critical" to its severities and "ops" to its roles, or leave both out [OPS_UNTOLD]',
      receivers({ a: { slack, roles: ["dev"] }, b: { slack, severities: ["warning"] } }),
    ],
  ])("are refused: %s", (_, line, told) => {
    expect(told).toEqual([line]);
  });

  it("tell everything that is wrong at once", () => {
    const told = receivers({
      agent: { slack },
      both: { slack, discord: slack, email: { ...email, username: "me" } },
      Both: {},
    });
    expect(told.map((line) => /^(\S+):.*\[(\w+)\]$/.exec(line)?.slice(1))).toEqual([
      ["monitoring.receivers.agent", "RECEIVER_NAME_OURS"],
      ["monitoring.receivers.Both", "RECEIVER_NAME_TWICE"],
      ["monitoring.receivers.both.email.passwordFile", "EMAIL_LOGIN"],
      ["monitoring.receivers.both", "RECEIVER_TWO_DESTINATIONS"],
      ["monitoring.receivers.Both", "RECEIVER_NO_DESTINATION"],
    ]);
  });

  it("say nothing of who is told while one of them is broken: it might be the one", () => {
    expect(receivers({ a: { slack: 5 }, b: { slack, roles: ["dev"] } })).toEqual([]);
  });
});

const maintenance = (...windows: object[]) => rest({ maintenance: windows });

describe("maintenance", () => {
  it("is sound by day and night, in any zone that there is", () => {
    expect(
      maintenance(
        { from: "02:00", to: "04:00" },
        { from: "22:00", to: "24:00", days: ["sunday"], timeZone: "Europe/Berlin" },
        { from: "00:00", to: "24:00", days: ["saturday", "sunday"], timeZone: "Asia/Kolkata" },
        { from: "00:00", to: "01:00", timeZone: "Etc/GMT+3" },
        { from: "00:00", to: "01:00", timeZone: "America/Argentina/Buenos_Aires" },
      ),
    ).toEqual([]);
  });

  it("ends after it begins", () => {
    const told = [
      expect.stringMatching(
        /^monitoring\.maintenance\[1\]\.to: got "02:00", which is not after "22:00"; use .* two entries.*\[MAINTENANCE_ORDER\]$/,
      ),
    ];
    expect(maintenance({ from: "01:00", to: "02:00" }, { from: "22:00", to: "02:00" })).toEqual(told);
    expect(maintenance({ from: "24:00", to: "24:00" })).toHaveLength(1);
    expect(maintenance({ from: "10:00", to: "10:00" })).toHaveLength(1);
  });

  it.each(["Mars/Olympus", "europe/berlin", "Europe/berlin", "UTC+1", "+01:00", "CEST", "Local", "utc"])(
    "knows no zone %s",
    (timeZone) => {
      expect(maintenance({ from: "01:00", to: "02:00", timeZone })).toEqual([
        `monitoring.maintenance[0].timeZone: got "${timeZone}", which the IANA database does not have; use a name like "Europe/Berlin" or "UTC" [MAINTENANCE_ZONE]`,
      ]);
    },
  );

  it("is an exception: times that overlap count once", () => {
    const all = { from: "00:00", to: "24:00" };
    expect(maintenance(all)).toEqual([
      expect.stringMatching(
        /^monitoring\.maintenance: got times that cover 100 % of the week.*\[MAINTENANCE_ALWAYS\]$/,
      ),
    ]);
    expect(maintenance({ from: "00:00", to: "12:00" }, { from: "10:00", to: "21:00" })).toHaveLength(1);
    expect(maintenance({ from: "00:00", to: "12:00" }, { from: "01:00", to: "12:00" })).toEqual([]);
    expect(maintenance({ ...all, days: ["saturday", "sunday", "friday", "monday", "tuesday"] })).toEqual([]);
  });
});

describe("stores", () => {
  it.each([
    [
      { bearerTokenFile: "/t", username: "a", passwordFile: "/p" },
      "monitoring.remoteWrite[0]: got bearerTokenFile and username; use one of bearerTokenFile, username with passwordFile, sigv4Region [REMOTE_WRITE_AUTH]",
    ],
    [
      { username: "a" },
      "monitoring.remoteWrite[0].passwordFile: missing beside username; give the file with the password, or remove username [REMOTE_WRITE_LOGIN]",
    ],
    [
      { passwordFile: "/p" },
      "monitoring.remoteWrite[0].username: missing beside passwordFile; give the user's name, or remove passwordFile [REMOTE_WRITE_LOGIN]",
    ],
  ])("are refused with %j", (auth, told) => {
    expect(rest({ remoteWrite: [{ url, ...auth }] })).toEqual([told]);
  });

  it("are refused when one is there twice", () => {
    expect(rest({ remoteWrite: [{ url }, { url: `${url}/2` }, { url }] })).toEqual([
      `monitoring.remoteWrite[2].url: got "${url}", which is the address of remoteWrite[0] as well; remove one of them [REMOTE_WRITE_TWICE]`,
    ]);
  });

  it("may log in in any one way", () => {
    const ways = [{}, { bearerTokenFile: "/t" }, { username: "a", passwordFile: "/p" }, { sigv4Region: "eu-west-1" }];
    expect(rest({ remoteWrite: ways.map((way, i) => ({ url: `${url}/${i}`, ...way })) })).toEqual([]);
  });
});

describe("jobs", () => {
  const targets = ["127.0.0.1:9100"];

  it("have names of their own", () => {
    expect(rest({ scrape: { "chain-node-geth": { targets }, chainwatch: { targets } } })).toEqual([
      'monitoring.scrape.chain-node-geth: got "chain-node-geth", but jobs of our own are called so; use a name that does not begin with chainkeep- or chain- [SCRAPE_JOB_OURS]',
    ]);
  });

  it("have targets once, at ports that exist", () => {
    expect(rest({ scrape: { a: { targets: ["h:1", "h:65536", "h:1"] } } })).toEqual([
      'monitoring.scrape.a.targets[1]: got "h:65536"; use a port from 1 to 65535 [SCRAPE_TARGET]',
      'monitoring.scrape.a.targets[2]: got "h:1" a second time; remove it [SCRAPE_TARGET]',
    ]);
  });

  it.each(["go_.*", "(?i)go_.*|a", "(?<x>a)", "[a-z]{1,3}", "a\\.b"])("may drop %s", (drop) => {
    expect(rest({ scrape: { a: { targets, drop } } })).toEqual([]);
  });

  it.each([
    ["(", "Unterminated group"],
    ["a(?!b)", "it cannot look ahead or behind"],
    ["(?<=a)b", "it cannot look ahead or behind"],
    ["(a)\\1", "it cannot refer back to a group"],
  ])("may not drop %s", (drop, why) => {
    const [told, ...more] = rest({ scrape: { a: { targets, drop } } });
    expect(more).toEqual([]);
    expect(told).toContain(why);
    expect(told).toMatch(/^monitoring\.scrape\.a\.drop: got .*; use one like .* \[SCRAPE_DROP\]$/);
  });

  it("are about nodes that there are", () => {
    const scrape = { a: { targets, node: "rpc-0" }, b: { targets, node: "rcp-1" }, c: { targets } };
    expect(scrapeNodeProblems(scrape, ["rpc-0", "rpc-1"]).map((p) => `${p.path}: ${p.message} [${p.code}]`)).toEqual([
      'monitoring.scrape.b.node: got "rcp-1", which is no node of this cluster; did you mean "rpc-1"; use one of rpc-0, rpc-1 [SCRAPE_NODE_UNKNOWN]',
    ]);
  });

  it("of a large cluster name a few nodes", () => {
    const nodes = Array.from({ length: 200 }, (_, i) => `rpc-${i}`);
    expect(scrapeNodeProblems({ a: { node: "stranger" } }, nodes)[0]?.message).toMatch(
      /use one of rpc-0, .*, rpc-11, \.\.\.$/,
    );
  });
});

describe("settings of a broken shape", () => {
  it.each([null, 5, "x", []])("%j is left to the schema", (broken) => {
    expect(lines(broken)).toEqual([]);
    for (const key of ["maintenance", "remoteWrite", "scrape", "alerts"]) {
      expect(rest({ [key]: broken })).toEqual([]);
      expect(rest({ [key]: [broken] })).toEqual([]);
    }
    expect(receivers(broken)).toEqual([]);
  });
});
