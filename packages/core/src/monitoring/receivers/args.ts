/** Messages into a Slack channel, by an incoming webhook. */
export interface SlackArgs {
  /**
   * File with the webhook's address.
   *
   * @default - required
   */
  webhookUrlFile: string;
  /**
   * Channel, if the webhook lets one choose.
   *
   * @default - the webhook's own
   */
  channel?: string;
}

/** Messages into a Discord channel. */
export interface DiscordArgs {
  /**
   * File with the webhook's address.
   *
   * @default - required
   */
  webhookUrlFile: string;
}

/** Messages of a Telegram bot. */
export interface TelegramArgs {
  /**
   * File with the bot's token.
   *
   * @default - required
   */
  botTokenFile: string;
  /**
   * Number of the chat; groups have negative ones.
   *
   * @default - required
   */
  chatId: number;
}

/** Incidents in PagerDuty, by Events API v2. */
export interface PagerdutyArgs {
  /**
   * File with the integration's routing key.
   *
   * @default - required
   */
  routingKeyFile: string;
}

/** Alerts in Opsgenie. */
export interface OpsgenieArgs {
  /**
   * File with the API key.
   *
   * @default - required
   */
  apiKeyFile: string;
  /**
   * `us` or `eu`.
   *
   * @default "us"
   */
  region?: string;
}

/** Mail by your SMTP server. */
export interface EmailArgs {
  /**
   * Addresses that get the mail, without names.
   *
   * @default - required, at least one
   */
  to: string[];
  /**
   * Address of the sender.
   *
   * @default - required
   */
  from: string;
  /**
   * SMTP server, host:port.
   *
   * @default - required
   */
  smarthost: string;
  /**
   * User of the server.
   *
   * @default - none
   */
  username?: string;
  /**
   * File with that user's password.
   *
   * @default - none
   */
  passwordFile?: string;
  /**
   * False allows a server without TLS: mail and password travel in the open.
   *
   * @default true
   */
  requireTls?: boolean;
}

/** Cards in a Microsoft Teams channel, by a workflow's webhook. */
export interface TeamsArgs {
  /**
   * File with the workflow's address.
   *
   * @default - required
   */
  webhookUrlFile: string;
}

/** Messages to an Amazon SNS topic, signed with the role or the credentials that Alertmanager finds on its machine. */
export interface SnsArgs {
  /**
   * ARN of the topic.
   *
   * @default - required
   */
  topicArn: string;
  /**
   * Region of the topic.
   *
   * @default - the ARN's
   */
  region?: string;
}

/** Alertmanager's own JSON to an address of yours. */
export interface WebhookArgs {
  /**
   * Address, if it is no secret.
   *
   * @default - required, unless `urlFile` is given
   */
  url?: string;
  /**
   * File with the address.
   *
   * @default - required, unless `url` is given
   */
  urlFile?: string;
  /**
   * File with a bearer token that is sent.
   *
   * @default - none
   */
  bearerTokenFile?: string;
}

/** One receiver: where it is told, and of what. Exactly one destination; secrets lie in files that Alertmanager reads. */
export interface ReceiverArgs {
  /**
   * Slack.
   *
   * @default - none
   */
  slack?: SlackArgs;
  /**
   * Discord.
   *
   * @default - none
   */
  discord?: DiscordArgs;
  /**
   * Telegram.
   *
   * @default - none
   */
  telegram?: TelegramArgs;
  /**
   * PagerDuty.
   *
   * @default - none
   */
  pagerduty?: PagerdutyArgs;
  /**
   * Opsgenie.
   *
   * @default - none
   */
  opsgenie?: OpsgenieArgs;
  /**
   * E-mail.
   *
   * @default - none
   */
  email?: EmailArgs;
  /**
   * Microsoft Teams.
   *
   * @default - none
   */
  msteams?: TeamsArgs;
  /**
   * Amazon SNS.
   *
   * @default - none
   */
  sns?: SnsArgs;
  /**
   * A webhook of your own.
   *
   * @default - none
   */
  webhook?: WebhookArgs;
  /**
   * Severities that are told: `critical`, `warning`, `info`. Alerts of your own rules without one of these count as warnings. Critical
   * ones are told again after 4 hours, warnings after 12, info after 24.
   *
   * @default - critical for PagerDuty and Opsgenie; critical and warning for all others
   */
  severities?: string[];
  /**
   * Roles whose alerts are told: `dev`, `ops`, `security`, `business`. Alerts without an owner are those of `ops`. That a receiver cannot
   * be told is told to all others, whatever their roles.
   *
   * @default - all of them
   */
  roles?: string[];
  /**
   * Whether the end of an alert is told as well.
   *
   * @default true
   */
  sendResolved?: boolean;
}
