import {
  body,
  common,
  DISCORD,
  firing,
  first,
  MAIL,
  PLAIN,
  resolved,
  SLACK,
  subject,
  TEAMS,
  TELEGRAM,
  title,
} from "../message-templates";
import type { ReceiverArgs } from "./args";

/** Other addresses of services that have one address for everybody: a proxy of one's own, or a test. */
export interface ServiceUrls {
  readonly telegram?: string;
  readonly pagerduty?: string;
  readonly opsgenie?: string;
  readonly sns?: string;
}

type Config = Readonly<Record<string, unknown>>;

/** A receiver as alertmanager.yml has it. */
export interface Receiver {
  readonly name: string;
  readonly [configs: `${string}_configs`]: readonly Config[];
}

/** A user's receiver. Keys and defaults: Alertmanager 0.28.1. Secrets stay in their files. */
export function receiverConfig(name: string, args: ReceiverArgs, urls: ServiceUrls = {}): Receiver {
  const sent = { send_resolved: args.sendResolved ?? true };
  const { slack, discord, telegram, pagerduty, opsgenie, email, msteams, sns, webhook } = args;
  const one = (kind: string, config: Config | undefined) =>
    config === undefined ? {} : { [`${kind}_configs`]: [{ ...sent, ...config }] };
  return {
    name,
    ...one("slack", slack && slackConfig(slack)),
    ...one(
      "discord",
      discord && { webhook_url_file: discord.webhookUrlFile, title: title(DISCORD.text), message: body(DISCORD) },
    ),
    ...one("telegram", telegram && telegramConfig(telegram, urls.telegram)),
    ...one("pagerduty", pagerduty && pagerdutyConfig(pagerduty, urls.pagerduty)),
    ...one("opsgenie", opsgenie && opsgenieConfig(opsgenie, urls.opsgenie)),
    ...one("email", email && emailConfig(email)),
    ...one(
      "msteamsv2",
      msteams && { webhook_url_file: msteams.webhookUrlFile, title: title(TEAMS.text), text: body(TEAMS) },
    ),
    ...one("sns", sns && snsConfig(sns, urls.sns)),
    ...one("webhook", webhook && webhookConfig(webhook)),
  };
}

type Args<K extends keyof ReceiverArgs> = NonNullable<ReceiverArgs[K]>;

function slackConfig({ webhookUrlFile, channel }: Args<"slack">): Config {
  return {
    api_url_file: webhookUrlFile,
    ...(channel === undefined ? {} : { channel }),
    username: "Chainkeep",
    color: `{{ if eq .Status "resolved" }}good{{ else if eq .CommonLabels.severity "critical" }}danger{{ else }}warning{{ end }}`,
    title: title(SLACK.text),
    title_link: first("dashboard_url"),
    text: body(SLACK),
    fallback: title(SLACK.text),
  };
}

function telegramConfig({ botTokenFile, chatId }: Args<"telegram">, url: string | undefined): Config {
  return {
    ...(url === undefined ? {} : { api_url: url }),
    bot_token_file: botTokenFile,
    chat_id: chatId,
    parse_mode: "HTML",
    message: `<b>${title()}</b>\n${body(TELEGRAM)}`,
  };
}

const SEVERITY_OF_EVENTS = `{{ if match "^(critical|warning|info)$" .CommonLabels.severity }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}`;

/** Events API v2, which a routing key stands for. */
function pagerdutyConfig({ routingKeyFile }: Args<"pagerduty">, url: string | undefined): Config {
  return {
    ...(url === undefined ? {} : { url }),
    routing_key_file: routingKeyFile,
    client: "Chainkeep",
    client_url: first("dashboard_url"),
    description: `${title()}{{ with .CommonAnnotations.summary }}: {{ . }}{{ end }}`,
    severity: SEVERITY_OF_EVENTS,
    source: common("node", "{{ .CommonLabels.network }}"),
    class: common("alertname", "alert"),
    component: common("client", ""),
    group: common("network", ""),
    links: [
      { href: first("runbook_url"), text: "Runbook" },
      { href: first("dashboard_url"), text: "Dashboard" },
    ],
    details: { firing: firing(PLAIN), resolved: resolved(PLAIN), owner: common("owner", "") },
  };
}

const OPSGENIE = { us: "https://api.opsgenie.com/", eu: "https://api.eu.opsgenie.com/" } as const;

function opsgenieConfig({ apiKeyFile, region }: Args<"opsgenie">, url: string | undefined): Config {
  return {
    api_key_file: apiKeyFile,
    api_url: url ?? OPSGENIE[region === "eu" ? "eu" : "us"],
    message: title(),
    description: body(PLAIN),
    source: "Chainkeep",
    entity: common("node", ""),
    tags: ["network", "stack", "owner"].map((label) => common(label, "")).join(","),
    priority: `{{ if eq .CommonLabels.severity "critical" }}P1{{ else if eq .CommonLabels.severity "info" }}P5{{ else }}P3{{ end }}`,
  };
}

function emailConfig({ to, from, smarthost, username, passwordFile, requireTls }: Args<"email">): Config {
  return {
    to: to.join(", "),
    from,
    smarthost,
    ...(username === undefined ? {} : { auth_username: username }),
    ...(passwordFile === undefined ? {} : { auth_password_file: passwordFile }),
    require_tls: requireTls ?? true,
    headers: { Subject: title() },
    text: `${title()}\n\n${body(PLAIN)}`,
    html: `<!DOCTYPE html>\n<html><body style="font-family: sans-serif"><h2>${title()}</h2>\n${body(MAIL)}</body></html>\n`,
  };
}

/** AWS takes no empty attributes. */
function snsConfig({ topicArn, region }: Args<"sns">, url: string | undefined): Config {
  const attribute = (label: string) => common(label, "none");
  return {
    ...(url === undefined ? {} : { api_url: url }),
    sigv4: { region: region ?? topicArn.split(":")[3] },
    topic_arn: topicArn,
    subject: subject(),
    message: `${title()}\n\n${body(PLAIN)}`,
    attributes: { severity: attribute("severity"), alertname: attribute("alertname"), status: "{{ .Status }}" },
  };
}

function webhookConfig({ url, urlFile, bearerTokenFile }: Args<"webhook">): Config {
  return {
    ...(urlFile === undefined ? { url } : { url_file: urlFile }),
    ...(bearerTokenFile === undefined
      ? {}
      : { http_config: { authorization: { type: "Bearer", credentials_file: bearerTokenFile } } }),
  };
}
