import { z } from "zod";
import { chosen } from "../../errors/chosen";
import { choice, flag, objectOf, text, whole, words } from "../../errors/fields";
import { concealed, httpUrl, secretFile } from "../secret-file";
import { ROLES, SEVERITIES } from "../types";

const MAIL = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;

const slack = z.strictObject(
  { webhookUrlFile: secretFile(), channel: words("a channel, e.g. #alerts", "SLACK_CHANNEL").optional() },
  concealed('an object like { webhookUrlFile: "/run/secrets/slack" }', "RECEIVER_FORM"),
);
const discord = z.strictObject(
  { webhookUrlFile: secretFile() },
  concealed('an object like { webhookUrlFile: "/run/secrets/discord" }', "RECEIVER_FORM"),
);
const telegram = z.strictObject(
  { botTokenFile: secretFile(), chatId: whole(-(2 ** 53) + 1, 2 ** 53 - 1, "TELEGRAM_CHAT") },
  concealed('an object like { botTokenFile: "/run/secrets/telegram", chatId: -1001234567 }', "RECEIVER_FORM"),
);
const pagerduty = z.strictObject(
  { routingKeyFile: secretFile() },
  concealed('an object like { routingKeyFile: "/run/secrets/pagerduty" }', "RECEIVER_FORM"),
);
const opsgenie = z.strictObject(
  { apiKeyFile: secretFile(), region: choice(["us", "eu"], "OPSGENIE_REGION").optional() },
  concealed('an object like { apiKeyFile: "/run/secrets/opsgenie" }', "RECEIVER_FORM"),
);
const email = z.strictObject(
  {
    to: z
      .array(text(MAIL, "a mail address", "EMAIL_ADDRESS"), objectOf("a list of mail addresses", "EMAIL_TO"))
      .min(1, objectOf("at least one mail address", "EMAIL_TO")),
    from: text(MAIL, "a mail address", "EMAIL_ADDRESS"),
    smarthost: text(/^[^\s:@/]+:\d{1,5}$/, "host:port of an SMTP server", "EMAIL_SMARTHOST"),
    username: words("a user name", "EMAIL_USER").optional(),
    passwordFile: secretFile().optional(),
    requireTls: flag("EMAIL_TLS").optional(),
  },
  concealed("an object with to, from and smarthost", "RECEIVER_FORM"),
);
const msteams = z.strictObject(
  { webhookUrlFile: secretFile() },
  concealed('an object like { webhookUrlFile: "/run/secrets/teams" }', "RECEIVER_FORM"),
);
const sns = z.strictObject(
  {
    topicArn: text(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/, "the ARN of an SNS topic", "SNS_TOPIC"),
    region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region like "eu-central-1"', "SNS_REGION").optional(),
  },
  concealed("an object with topicArn", "RECEIVER_FORM"),
);
const webhook = z.strictObject(
  {
    url: httpUrl("WEBHOOK_URL").optional(),
    urlFile: secretFile().optional(),
    bearerTokenFile: secretFile().optional(),
  },
  concealed("an object with url or urlFile", "RECEIVER_FORM"),
);

/** Destinations that a receiver may have: exactly one of them. */
export const destinations = { slack, discord, telegram, pagerduty, opsgenie, email, msteams, sns, webhook };

const list = (values: readonly [string, ...string[]], code: string) =>
  z
    .array(choice(values, code), objectOf(`a list of ${values.join(", ")}`, code))
    .min(1, objectOf("at least one", code));

export const receiverSchema = z.strictObject(
  {
    slack: slack.optional(),
    discord: discord.optional(),
    telegram: telegram.optional(),
    pagerduty: pagerduty.optional(),
    opsgenie: opsgenie.optional(),
    email: email.optional(),
    msteams: msteams.optional(),
    sns: sns.optional(),
    webhook: webhook.optional(),
    severities: list(SEVERITIES, "RECEIVER_SEVERITY").optional(),
    roles: list(ROLES, "RECEIVER_ROLE").optional(),
    sendResolved: flag("SEND_RESOLVED").optional(),
  },
  concealed('an object like { slack: { webhookUrlFile: "/run/secrets/slack" } }', "RECEIVER_FORM"),
);

const receiverName = text(
  /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
  "a name of 1 to 40 letters, digits, dashes and underscores, starting with a letter",
  "RECEIVER_NAME",
);

const FORM = concealed('receivers by name, or the word "none"', "RECEIVERS_FORM");
const byName = z.record(receiverName, receiverSchema, FORM);
const none = z.literal("none", FORM);

/** Receivers by name, or the word that says that nobody is told. */
export const receiversSchema = chosen<Record<string, z.infer<typeof receiverSchema>> | "none">((value) =>
  typeof value === "string" ? none : byName,
);
