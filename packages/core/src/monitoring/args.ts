import type { RemoteWriteArgs, ScrapeArgs } from "./prometheus-args";
import type { ReceiverArgs } from "./receivers/args";

/** Change of one alert, by name. */
export interface AlertOverrideArgs {
  /**
   * False leaves the alert out.
   *
   * @default true
   */
  enabled?: boolean;
  /**
   * Figure that the alert compares with, in its own unit; the alert's page tells unit and range.
   *
   * @default - the catalogue's figure, which follows from the network
   */
  threshold?: number;
  /**
   * Seconds for which the condition must hold before the alert fires, 0 to 604800.
   *
   * @default - the catalogue's figure
   */
  forSeconds?: number;
  /**
   * `critical`, `warning` or `info`, for all nodes alike.
   *
   * @default - the catalogue's figure, which is one step lower for nodes that others of their role can stand in for
   */
  severity?: string;
}

/** What the RPC service promises to its users. */
export interface SloArgs {
  /**
   * Share of requests that must be answered well over 30 days, 0.5 to 0.99999.
   *
   * @default 0.999
   */
  availability?: number;
  /**
   * Seconds within which 95 of 100 health questions must be answered, 0.001 to 60.
   *
   * @default 1
   */
  latencySeconds?: number;
}

/** What the backups must achieve. Alerts of the preset `backup` are held against it. */
export interface ObjectivesArgs {
  /**
   * Recovery point objective: seconds that the newest recovery point may be old, 60 to 31536000.
   *
   * @default 86400
   */
  rpoSeconds?: number;
  /**
   * Recovery time objective: seconds that a restore may take, 60 to 31536000.
   *
   * @default 14400
   */
  rtoSeconds?: number;
  /**
   * Seconds that the newest verification of a recovery point may be old, 60 to 31536000.
   *
   * @default 604800
   */
  verifySeconds?: number;
}

/** A node outside of this cluster that tells where the network is. */
export interface ReferenceArgs {
  /**
   * Address that is asked the same questions as the cluster's own nodes. It must serve the same protocol; a key inside of the
   * address would be readable by everybody who may see the agent's configuration.
   *
   * @default - required
   * @example "https://ethereum-rpc.example.org"
   */
  url: string;
}

/** A service outside whose push message must keep coming: it tells when this whole monitoring is dead. */
export interface DeadManArgs {
  /**
   * File with the address that is called by POST, e.g. of a healthchecks.io check. The address is a secret: who has it can keep the
   * dead-man's switch quiet.
   *
   * @default - required
   */
  urlFile: string;
  /**
   * Seconds between two calls, 10 to 300. The service outside should wait for about three of them.
   *
   * @default 60
   */
  intervalSeconds?: number;
}

/**
 * A weekly time in which work on the nodes is usual. Alerts that can wait are not sent then, but shown by `chainkeep alerts`; those that
 * still fire at its end are sent then.
 */
export interface MaintenanceArgs {
  /**
   * Days of the week, in English and lower case.
   *
   * @default - every day
   * @example ["saturday", "sunday"]
   */
  days?: string[];
  /**
   * Start, "HH:MM".
   *
   * @default - required
   */
  from: string;
  /**
   * End, "HH:MM", later than the start on the same day; "24:00" is the end of the day. A night takes two entries.
   *
   * @default - required
   */
  to: string;
  /**
   * Name of the time zone as in the IANA database.
   *
   * @default "UTC"
   */
  timeZone?: string;
}

/** Prometheus, Alertmanager, alerts and dashboards beside the nodes. */
export interface MonitoringArgs {
  /**
   * False leaves Prometheus, Alertmanager and dashboards out; the agent still answers `/status` and `/metrics`.
   *
   * @default true
   */
  enabled?: boolean;
  /**
   * Who is told of alerts, by name; or "none", written out, for a network that nobody is woken for. At least one of them must be told
   * of critical alerts of the role `ops`. Names of our own, which are taken: `agent`, `dead-man`, `none`.
   *
   * @default - required, unless monitoring is off
   * @example { oncall: { pagerduty: { routingKeyFile: "/run/secrets/pagerduty" } }, chat: { slack: { webhookUrlFile: "/run/secrets/slack" } } }
   */
  receivers?: Record<string, ReceiverArgs> | "none";
  /**
   * Sets of alerts: `core`, `validator`, `bft`, `backup`, `cost`, `security`.
   *
   * @default - core; validator where there are validators; bft where all validators of a network are in this cluster; cost with a budget
   */
  presets?: string[];
  /**
   * Changes of alerts by name; false leaves one out. An unknown name is refused.
   *
   * @default - the catalogue as it is
   * @example { NodeSyncLag: { threshold: 5, severity: "critical" }, MempoolGrowing: false }
   */
  alerts?: Record<string, AlertOverrideArgs | boolean>;
  /**
   * What RPC promises, for groups that serve it; false leaves the promise and its alerts out.
   *
   * @default - 99.9 % of requests over 30 days
   */
  slo?: SloArgs | false;
  /**
   * What the backups must achieve.
   *
   * @default - a day, four hours to restore, verified each week
   */
  objectives?: ObjectivesArgs;
  /**
   * A node outside that tells where the network is: only with it a fleet that stands still as a whole, or follows a fork, is seen.
   *
   * @default - none
   */
  reference?: ReferenceArgs;
  /**
   * Service outside that is called all the time and raises its own alarm when the calls stop.
   *
   * @default - none: nobody notices when monitoring itself is dead
   */
  deadMan?: DeadManArgs;
  /**
   * Weekly times in which alerts that can wait are not sent, together at most 80 % of the week.
   *
   * @default - none
   */
  maintenance?: MaintenanceArgs[];
  /**
   * Seconds between two scrapes and between two rule evaluations, 1 to 60. Rates are taken over five minutes, which must hold several.
   *
   * @default 15; 2 on private networks
   */
  scrapeIntervalSeconds?: number;
  /**
   * Days that Prometheus keeps samples, 1 to 3650. Shortening it deletes older samples.
   *
   * @default 15
   */
  retentionDays?: number;
  /**
   * Size of Prometheus's data in GiB at which the oldest samples are deleted, 1 to 100000.
   *
   * @default - no limit but the days
   */
  retentionGiB?: number;
  /**
   * Stores that get all samples as well.
   *
   * @default - none
   */
  remoteWrite?: RemoteWriteArgs[];
  /**
   * Further programs whose series are scraped, by name of the job; `chainkeep-` and `chain-` begin the names of our own.
   *
   * @default - none
   * @example { tenderduty: { targets: ["127.0.0.1:28686"] } }
   */
  scrape?: Record<string, ScrapeArgs>;
  /**
   * Address below which runbook pages lie, if you keep your own: `<address>/<Alert>`.
   *
   * @default - the agent's own pages
   */
  runbookUrl?: string;
  /**
   * Address of your own Grafana, for links in alerts; import the dashboards from the files.
   *
   * @default - Grafana of this stack where it has one, else the agent's status page
   */
  grafanaUrl?: string;
}
