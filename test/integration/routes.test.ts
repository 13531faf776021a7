import { ALERTS, alertmanagerYaml, type MonitoringArgs, type ReceiverArgs, ROLES, SEVERITIES } from "@chainkeep/core";
import { describeWith, findProgram } from "./find-program";
import { chainPlan } from "./monitored-plan";
import { inDirectory, type Outcome, runProgram } from "./rules/promtool";

const amtool = findProgram("amtool");
const plan = chainPlan();
const MINUTE = 60_000;

const slack = { webhookUrlFile: "/run/secrets/slack", channel: "#alerts" };
/** One of each kind, with its own defaults. */
const KINDS: Readonly<Record<string, ReceiverArgs>> = {
  slack: { slack },
  discord: { discord: { webhookUrlFile: "/run/secrets/discord" } },
  telegram: { telegram: { botTokenFile: "/run/secrets/telegram", chatId: -1001 } },
  pagerduty: { pagerduty: { routingKeyFile: "/run/secrets/pagerduty" } },
  opsgenie: { opsgenie: { apiKeyFile: "/run/secrets/opsgenie", region: "eu" } },
  email: {
    email: {
      to: ["ops@example.org", "night@example.org"],
      from: "chainkeep@example.org",
      smarthost: "mail.example.org:587",
      username: "chainkeep",
      passwordFile: "/run/secrets/mail",
    },
  },
  msteams: { msteams: { webhookUrlFile: "/run/secrets/teams" } },
  sns: { sns: { topicArn: "arn:aws:sns:eu-central-1:123456789012:alerts" } },
  webhook: { webhook: { urlFile: "/run/secrets/webhook", bearerTokenFile: "/run/secrets/token" } },
};

const PAGERS = ["pagerduty", "opsgenie"];
const CHATS = Object.keys(KINDS).filter((kind) => !PAGERS.includes(kind));
const ALL = Object.keys(KINDS);

const yaml = (monitoring: MonitoringArgs, agent = true) =>
  alertmanagerYaml({
    plan,
    stack: "dev",
    monitoring,
    ...(agent ? { agentWebhook: "http://127.0.0.1:26680/alerts/webhook" } : {}),
  });

/** Asks amtool who is told of an alert; it fails where that is not who is expected. */
async function inConfig(
  monitoring: MonitoringArgs,
  action: (told: (labels: Record<string, string>, receivers: readonly string[]) => Promise<Outcome>) => Promise<void>,
  agent = true,
): Promise<void> {
  await inDirectory({ "alertmanager.yml": yaml(monitoring, agent) }, async (directory) => {
    const check = await runProgram(amtool ?? "", ["check-config", "alertmanager.yml"], directory);
    expect(check).toEqual({ code: 0, output: expect.stringContaining("SUCCESS") });
    await action((labels, receivers) => {
      const words = Object.entries({ network: "private", stack: "dev", ...labels }).map(([k, v]) => `${k}=${v}`);
      const expected = `--verify.receivers=${receivers.join(",")}`;
      const args = ["config", "routes", "test", "--config.file=alertmanager.yml", expected, ...words];
      return runProgram(amtool ?? "", args, directory);
    });
  });
}

const ok = (receivers: readonly string[]) => ({ code: 0, output: `${receivers.join(",")}\n` });

describeWith({ amtool })("routes, judged by amtool", () => {
  it(
    "tell each kind of receiver of what it is for, whoever has to act",
    () =>
      inConfig({ receivers: KINDS }, async (told) => {
        const table: Record<string, readonly string[]> = {
          critical: ["agent", ...ALL],
          warning: ["agent", ...CHATS],
          info: ["agent"],
        };
        for (const severity of SEVERITIES) {
          for (const owner of ROLES) {
            const expected = table[severity] ?? [];
            expect(await told({ alertname: "NodeDown", node: "rpc-0", severity, owner }, expected)).toEqual(
              ok(expected),
            );
          }
        }
      }),
    MINUTE,
  );

  it(
    "tell each role what is its own, each severity where it is asked for",
    () => {
      const receivers = {
        dev: { slack, roles: ["dev"] },
        ops: { slack, roles: ["ops"], severities: ["critical"] },
        security: { slack, roles: ["security", "ops"], severities: ["critical", "info"] },
        business: { slack, roles: ["business"], severities: ["warning"] },
      };
      const wanted: Record<string, string[]> = {
        "critical dev": ["dev"],
        "critical ops": ["ops", "security"],
        "critical security": ["security"],
        "critical business": [],
        "warning dev": ["dev"],
        "warning ops": [],
        "warning security": [],
        "warning business": ["business"],
        "info dev": [],
        "info ops": ["security"],
        "info security": ["security"],
        "info business": [],
      };
      return inConfig({ receivers }, async (told) => {
        for (const severity of SEVERITIES) {
          for (const owner of ROLES) {
            const expected = ["agent", ...(wanted[`${severity} ${owner}`] ?? ["missing in the table"])];
            expect(await told({ alertname: "NodeDown", severity, owner }, expected)).toEqual(ok(expected));
          }
        }
      });
    },
    MINUTE,
  );

  it(
    "tell of every alert of the catalogue, as severe as it can be, where somebody hears of all",
    () =>
      inConfig({ receivers: { ops: { slack } } }, async (told) => {
        for (const { name, severity, owner } of ALERTS) {
          if (name === "Watchdog") continue;
          const expected = ["agent", ...(severity === "info" ? [] : ["ops"])];
          expect(await told({ alertname: name, severity, owner }, expected)).toEqual(ok(expected));
        }
      }),
    MINUTE,
  );

  it("lose no alert that lacks labels, or has some that nobody knows", () =>
    inConfig({ receivers: { ops: { slack, roles: ["ops"] }, dev: { slack, roles: ["dev"] } } }, async (told) => {
      const expected = ["agent", "ops"];
      expect(await told({ alertname: "MyOwn" }, expected)).toEqual(ok(expected));
      expect(await told({ alertname: "MyOwn", severity: "page", owner: "team-a" }, expected)).toEqual(ok(expected));
    }));

  it("tell of the watchdog the dead-man's switch alone", async () => {
    const watchdog = { alertname: "Watchdog", severity: "none", owner: "ops" };
    const deadMan = { urlFile: "/run/secrets/dead-man" };
    await inConfig({ receivers: KINDS, deadMan }, async (told) => {
      expect(await told(watchdog, ["dead-man"])).toEqual(ok(["dead-man"]));
    });
    await inConfig({ receivers: KINDS }, async (told) => {
      expect(await told(watchdog, ["none"])).toEqual(ok(["none"]));
    });
  });

  it("tell everybody that a delivery fails, since one of them is the one that fails", () => {
    const receivers = { dev: { slack, roles: ["dev"], severities: ["info"] }, ops: { slack, roles: ["ops"] } };
    const failing = { alertname: "AlertDeliveryFailing", severity: "critical", owner: "ops" };
    return inConfig({ receivers }, async (told) => {
      expect(await told(failing, ["agent", "dev", "ops"])).toEqual(ok(["agent", "dev", "ops"]));
    });
  });

  it("tell the same people during maintenance; only when differs", () =>
    inConfig({ receivers: KINDS, maintenance: [{ from: "00:00", to: "05:00" }] }, async (told) => {
      // NetworkHalted is told even then, by a route of its own below the muted one; both must lead to the same place.
      for (const alertname of ["NetworkHalted", "NodeDown"]) {
        const expected = ["agent", ...ALL];
        expect(await told({ alertname, severity: "critical", owner: "ops" }, expected)).toEqual(ok(expected));
      }
    }));

  it("tell nobody where nobody is to be told", async () => {
    const alert = { alertname: "NodeDown", severity: "critical", owner: "ops" };
    await inConfig({ receivers: "none" }, async (told) => {
      expect(await told(alert, ["agent"])).toEqual(ok(["agent"]));
    });
    await inConfig(
      { receivers: "none" },
      async (told) => {
        expect(await told(alert, ["none"])).toEqual(ok(["none"]));
      },
      false,
    );
  });

  it("are wrong where amtool says so", () =>
    inConfig({ receivers: KINDS }, async (told) => {
      const { code } = await told({ alertname: "NodeDown", severity: "warning", owner: "ops" }, ["agent", "pagerduty"]);
      expect(code).not.toBe(0);
    }));
});
