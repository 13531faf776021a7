import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { alertmanagerYaml } from "@chainkeep/core";
import { describeWith, findProgram } from "./find-program";
import { chainPlan } from "./monitored-plan";
import { type Labels, RunningAlertmanager } from "./running-alertmanager";
import { MailServer, readMail, Services } from "./stand-ins";

const alertmanager = findProgram("alertmanager");
const MINUTE = 60_000;

const RUNBOOK = "http://127.0.0.1:26680/runbooks/NodeDown";
const board = (node: string) => `http://127.0.0.1:3000/d/chainkeep-node?var-network=private&var-node=${node}`;
/** What a node answers ends up in texts: it must not become part of the form. */
const HOSTILE = `a <b>bold</b> & "quoted" *star* _line_ [link](http://evil.example) answer`;

const labels = (node: string) => ({
  alertname: "NodeDown",
  severity: "critical",
  owner: "ops",
  network: "private",
  stack: "dev",
  client: "cometbft",
  node,
});
const down = (node: string, description: string) => ({
  labels: labels(node),
  annotations: {
    summary: `${node} of private is down`,
    description,
    runbook_url: RUNBOOK,
    dashboard_url: board(node),
  },
  startsAt: "2025-01-02T03:04:05Z",
});
const ALERTS = [down("rpc-0", "Nothing answers for 90 s."), down("rpc-1", HOSTILE)];
const SINCE = "Since 2025-01-02 03:04:05 UTC";

const KINDS = ["slack", "discord", "telegram", "pagerduty", "opsgenie", "msteams", "sns", "webhook", "agent"];

/** Everything is told by one Alertmanager, once: two alerts, then their end. */
describeWith({ alertmanager })("receivers", () => {
  let directory = "";
  const file = (name: string, content: string) => {
    const at = path.join(directory, name);
    writeFileSync(at, `${content}\n`);
    return at;
  };
  let services: Services;
  let mail: MailServer;
  let running: RunningAlertmanager | undefined;

  const bodies = (service: string) => services.of(service).map(({ body }) => JSON.parse(body));

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "chainkeep-receivers-"));
    services = await Services.start();
    mail = await MailServer.start();
    const secret = (service: string) => file(service, services.url(service));
    const config = alertmanagerYaml({
      plan: chainPlan(),
      stack: "dev",
      agentWebhook: services.url("agent"),
      apiUrls: {
        telegram: services.url("telegram"),
        pagerduty: services.url("pagerduty/v2/enqueue"),
        opsgenie: services.url("opsgenie/"),
        sns: services.url("sns"),
      },
      monitoring: {
        deadMan: { urlFile: secret("dead-man"), intervalSeconds: 10 },
        receivers: {
          slack: { slack: { webhookUrlFile: secret("slack"), channel: "#alerts" } },
          discord: { discord: { webhookUrlFile: secret("discord") } },
          telegram: { telegram: { botTokenFile: file("telegram-token", "12:sesame"), chatId: -1001 } },
          pagerduty: { pagerduty: { routingKeyFile: file("pagerduty-key", "R0UT1NG") } },
          opsgenie: { opsgenie: { apiKeyFile: file("opsgenie-key", "0PS") } },
          teams: { msteams: { webhookUrlFile: secret("msteams") } },
          sns: { sns: { topicArn: "arn:aws:sns:eu-central-1:123456789012:alerts" } },
          webhook: { webhook: { urlFile: secret("webhook"), bearerTokenFile: file("webhook-token", "T0KEN") } },
          quiet: { webhook: { urlFile: secret("quiet") }, sendResolved: false },
          mail: {
            email: {
              to: ["ops@example.org", "night@example.org"],
              from: "chainkeep@example.org",
              smarthost: mail.address,
              username: "chainkeep",
              passwordFile: file("mail-password", "s3same"),
              requireTls: false,
            },
          },
        },
      },
    });
    file("alertmanager.yml", config);
    running = await RunningAlertmanager.start(alertmanager ?? "", directory, {
      // No machine has these: requests are signed with something, and never leave this one.
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    const each = (least: number) =>
      running?.until(
        `each is told ${least} times`,
        () => [...KINDS.map((kind) => services.of(kind).length), mail.mails.length],
        (counts) => counts.every((count) => count >= least),
      );
    const watchdog: Labels = { alertname: "Watchdog", severity: "none", network: "private", stack: "dev" };
    await running.post({ labels: watchdog }, ...ALERTS);
    await each(1);
    await running.post(...ALERTS.map((alert) => ({ ...alert, endsAt: "2025-01-02T03:05:35Z" })));
    await each(2);
    await running.until(
      "the dead-man's switch is called again",
      () => services.of("dead-man").length,
      (n) => n >= 2,
    );
  }, 2 * MINUTE);

  afterAll(async () => {
    await running?.stop();
    await services?.stop();
    await mail?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("Slack: a coloured message with links, in which nothing of a node's answer is markup", () => {
    const [told, over] = bodies("slack");
    expect(told).toMatchObject({ channel: "#alerts", username: "Chainkeep" });
    expect(told.attachments[0]).toMatchObject({
      color: "danger",
      title: "CRITICAL (2): NodeDown on private (dev)",
      title_link: board("rpc-0"),
      fallback: "CRITICAL (2): NodeDown on private (dev)",
      text: [
        `*rpc-0 of private is down*\nNothing answers for 90 s.\n${SINCE}`,
        `<${RUNBOOK}|Runbook> <${board("rpc-0").replace("&", "&amp;")}|Dashboard> \n`,
        `*rpc-1 of private is down*\na &lt;b&gt;bold&lt;/b&gt; &amp; "quoted" *star* _line_ [link](http://evil.example) answer\n${SINCE}`,
        `<${RUNBOOK}|Runbook> <${board("rpc-1").replace("&", "&amp;")}|Dashboard> \n\n`,
      ].join("\n"),
    });
    expect(over.attachments[0]).toMatchObject({
      color: "good",
      title: "RESOLVED: NodeDown on private (dev)",
      text: "Resolved: rpc-0 of private is down, after 1m 30s\nResolved: rpc-1 of private is down, after 1m 30s\n",
    });
  });

  it("Discord: an embed with links, in which nothing of a node's answer is markup", () => {
    const [told, over] = bodies("discord");
    const [embed] = told.embeds;
    expect(embed.title).toBe("CRITICAL (2): NodeDown on private (dev)");
    expect(embed.description).toContain(`**rpc-0 of private is down**\nNothing answers for 90 s.\n${SINCE}\n`);
    expect(embed.description).toContain(`[Runbook](${RUNBOOK}) [Dashboard](${board("rpc-0")})`);
    expect(embed.description).toContain(String.raw`\*star\* \_line\_ \[link\](http://evil.example)`);
    expect(over.embeds[0]).toMatchObject({
      title: "RESOLVED: NodeDown on private (dev)",
      description: expect.stringContaining("Resolved: rpc-1 of private is down, after 1m 30s"),
    });
  });

  it("Telegram: HTML that Telegram can read, to the chat, by the token of the file", () => {
    const [told, over] = bodies("telegram");
    expect(services.of("telegram")[0]?.path).toBe("/telegram/bot12:sesame/sendMessage");
    expect(told).toMatchObject({ chat_id: "-1001", parse_mode: "HTML" });
    const text: string = told.text;
    expect(text).toMatch(/^<b>CRITICAL \(2\): NodeDown on private \(dev\)<\/b>\n<b>rpc-0 of private is down<\/b>\n/);
    expect(text).toContain(`<a href="${RUNBOOK}">Runbook</a>`);
    expect(text).toContain(`<a href="${board("rpc-0").replace("&", "&amp;")}">Dashboard</a>`);
    expect(text).toContain("a &lt;b&gt;bold&lt;/b&gt; &amp; &#34;quoted&#34; *star*");
    expect([...text.matchAll(/<\/?(\w+)/g)].map(([, tag]) => tag).filter((tag) => tag !== "b" && tag !== "a")).toEqual(
      [],
    );
    expect(over.text).toMatch(
      /^<b>RESOLVED: NodeDown on private \(dev\)<\/b>\nResolved: rpc-0 of private is down, after 1m 30s/,
    );
  });

  it("PagerDuty: one incident that is opened and closed", () => {
    const [told, over] = bodies("pagerduty");
    expect(services.of("pagerduty")[0]?.path).toBe("/pagerduty/v2/enqueue");
    expect(told).toMatchObject({
      routing_key: "R0UT1NG",
      event_action: "trigger",
      client: "Chainkeep",
      client_url: board("rpc-0"),
      payload: {
        summary: "CRITICAL (2): NodeDown on private (dev)",
        severity: "critical",
        source: "private",
        class: "NodeDown",
        component: "cometbft",
        group: "private",
      },
      links: [
        { href: RUNBOOK, text: "Runbook" },
        { href: board("rpc-0"), text: "Dashboard" },
      ],
    });
    expect(told.payload.custom_details.firing).toContain(`rpc-1 of private is down\n${HOSTILE}\n${SINCE}`);
    expect(over).toMatchObject({ event_action: "resolve", dedup_key: told.dedup_key });
  });

  it("Opsgenie: one alert that is opened and closed", () => {
    const [told, over] = services.of("opsgenie");
    const { alias, ...sent } = JSON.parse(told?.body ?? "");
    expect(told).toMatchObject({
      method: "POST",
      path: "/opsgenie/v2/alerts",
      headers: { authorization: "GenieKey 0PS" },
    });
    expect(sent).toMatchObject({
      message: "CRITICAL (2): NodeDown on private (dev)",
      description: expect.stringContaining(
        `rpc-0 of private is down\nNothing answers for 90 s.\n${SINCE}\nRunbook: ${RUNBOOK}`,
      ),
      priority: "P1",
      source: "Chainkeep",
      tags: ["private", "dev", "ops"],
    });
    expect(over?.path).toBe(`/opsgenie/v2/alerts/${alias}/close?identifierType=alias`);
  });

  it("Microsoft Teams: a card", () => {
    const [told, over] = bodies("msteams");
    const [title, text] = told.attachments[0].content.body;
    expect(title).toMatchObject({ text: "CRITICAL (2): NodeDown on private (dev)", color: "Attention" });
    expect(text.text).toContain(
      `**rpc-0 of private is down**\n\nNothing answers for 90 s.\n\n${SINCE}\n\n[Runbook](${RUNBOOK})`,
    );
    expect(text.text).toContain(String.raw`\*star\* \_line\_ \[link\]`);
    expect(over.attachments[0].content.body[0]).toMatchObject({
      text: "RESOLVED: NodeDown on private (dev)",
      color: "Good",
    });
  });

  it("Amazon SNS: a signed message with a subject that AWS takes", () => {
    const [told, over] = services.of("sns").map(({ body }) => new URLSearchParams(body));
    expect(services.of("sns")[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/sns\/aws4_request,/,
    );
    expect(Object.fromEntries(told ?? [])).toMatchObject({
      Action: "Publish",
      TopicArn: "arn:aws:sns:eu-central-1:123456789012:alerts",
      Subject: "CRITICAL (2): NodeDown on private (dev)",
      Message: expect.stringContaining(`rpc-1 of private is down\n${HOSTILE}\n${SINCE}\nRunbook: ${RUNBOOK}`),
    });
    expect(over?.get("Subject")).toBe("RESOLVED: NodeDown on private (dev)");
    expect([...(told?.values() ?? [])]).not.toContain("");
  });

  it("a webhook: Alertmanager's own JSON, with the token of the file", () => {
    const [told, over] = bodies("webhook");
    expect(services.of("webhook")[0]?.headers.authorization).toBe("Bearer T0KEN");
    expect(told).toMatchObject({ version: "4", status: "firing", groupLabels: { alertname: "NodeDown" } });
    expect(told.alerts.map((a: { labels: Labels }) => a.labels)).toEqual([labels("rpc-0"), labels("rpc-1")]);
    expect(over.status).toBe("resolved");
  });

  it("no end where none is wanted", () => {
    expect(bodies("quiet").map(({ status }) => status)).toEqual(["firing"]);
  });

  it("e-mail: text and HTML, to every address, with a login", () => {
    const [told, over] = mail.mails;
    expect(told).toMatchObject({
      from: "chainkeep@example.org",
      to: ["ops@example.org", "night@example.org"],
      login: "chainkeep s3same",
    });
    const { subject, text, html } = readMail(told ?? never());
    expect(subject).toBe("CRITICAL (2): NodeDown on private (dev)");
    expect(text).toContain(`rpc-1 of private is down\n${HOSTILE}\n${SINCE}\nRunbook: ${RUNBOOK}`);
    expect(html).toContain("<b>rpc-0 of private is down</b><br>");
    expect(html).toContain("a &lt;b&gt;bold&lt;/b&gt; &amp; &#34;quoted&#34;");
    expect(html).toContain(`<a href="${RUNBOOK}">Runbook</a>`);
    const end = readMail(over ?? never());
    expect(end.subject).toBe("RESOLVED: NodeDown on private (dev)");
    expect(end.text).toContain("Resolved: rpc-0 of private is down, after 1m 30s");
  });

  it("the dead-man's switch: nothing but the watchdog, again and again, and nobody else hears of it", () => {
    expect(
      bodies("dead-man").flatMap(({ alerts }) => alerts.map((a: { labels: Labels }) => a.labels.alertname)),
    ).toEqual(Array(services.of("dead-man").length).fill("Watchdog"));
    const others = [
      ...services.requests.filter(({ path }) => path !== "/dead-man").map((r) => r.body),
      ...mail.mails.map((m) => m.data),
    ];
    expect(others.filter((body) => body.includes("Watchdog"))).toEqual([]);
  });

  it("a region that is lost: one message, which no service has to cut off", async () => {
    const lost = Array.from({ length: 60 }, (_, i) => {
      const { labels: named, ...rest } = down(`node-${i}`, "x & y < z ".repeat(100));
      return {
        ...rest,
        // Now: Alertmanager does not wait for the rest of a group whose first alert is old.
        startsAt: new Date().toISOString(),
        labels: { ...named, alertname: "A".repeat(60), network: "ключ".repeat(20), stack: "s".repeat(60) },
      };
    });
    const before = services.of("telegram").length;
    await running?.post(...lost);
    await running?.until(
      "it is told",
      () => Math.min(...["telegram", "discord", "sns"].map((s) => services.of(s).length)),
      (n) => n > before,
    );
    const text: string = bodies("telegram")[before].text;
    expect([...text].length).toBeLessThanOrEqual(4096);
    expect(text).toMatch(/\nand more: 60 in all\n$/);
    for (const tag of ["a", "b"]) expect(text.split(`<${tag}`).length).toBe(text.split(`</${tag}>`).length);
    const description: string = bodies("discord")[before].embeds[0].description;
    expect(description).toMatch(/\nand more: 60 in all\n$/);
    // AWS: at most 100 signs of printable ASCII.
    expect(new URLSearchParams(services.of("sns")[before]?.body).get("Subject")).toMatch(
      /^CRITICAL \(60\): A{30} on \? \(s{20}\)$/,
    );
  });
});

function never(): never {
  throw new Error("no mail");
}
