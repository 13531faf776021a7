import type { Board, Row, Variable } from "../model";
import { type Chosen, chosenBy } from "../select";
import { graph, noneIsGood, stat, target, timeline } from "./parts";

const VARIABLES: readonly Variable[] = ["stack"];

/** Can the other boards be believed? */
export function metaBoard(): Board {
  const chosen = chosenBy(VARIABLES);
  return {
    id: "meta",
    title: "Chainkeep / Monitoring itself",
    description: "Is everything scraped, are all rules evaluated, and do alerts reach people?",
    variables: VARIABLES,
    range: "6h",
    rows: [way(chosen), scrapes(chosen)],
  };
}

function way(chosen: Chosen): Row {
  const watchdog = chosen("ALERTS", 'alertname="Watchdog",alertstate="firing"');
  return {
    key: "way",
    title: "The way of an alert",
    panels: [
      stat(
        "watchdog",
        "Watchdog",
        "An alert that always fires. Where it is missing, no alert of this stack comes through.",
        "number",
        [target(`count(${watchdog}) or vector(0)`, "watchdog")],
        {
          width: 6,
          meanings: [
            { value: 0, text: "missing", mood: "bad" },
            { from: 1, text: "firing, as it should", mood: "good" },
          ],
        },
      ),
      stat(
        "rule-failures-now",
        "Rules that fail now",
        "Evaluations of rules that failed within the last five minutes. A rule that fails cannot alert.",
        "number",
        [target(`max by (stack) (${chosen("chain:rule_failures:increase5m")})`, "{{stack}}")],
        { width: 6, decimals: 0, meanings: noneIsGood("bad") },
      ),
      graph(
        "notifications",
        "Notifications sent",
        "Notifications per second that Alertmanager sent or tried to send, by the kind of receiver.",
        "perSecond",
        [target(`sum by (integration) (${chosen("chain:notifications:rate5m")})`, "{{integration}}")],
        { min: 0, height: 8, empty: "until Alertmanager has been scraped" },
      ),
      graph(
        "notifications-failed",
        "Notifications that failed",
        "Notifications within five minutes that could not be delivered, by the kind of receiver. Any is somebody who is not told.",
        "number",
        [target(`300 * sum by (integration) (${chosen("chain:notifications_failed:rate5m")})`, "{{integration}}")],
        {
          min: 0,
          decimals: 0,
          empty: "until Alertmanager has been scraped",
          limits: [{ alert: "AlertDeliveryFailing", when: "above" }],
        },
      ),
      graph(
        "rule-failures",
        "Rules that failed",
        "Evaluations of rules within five minutes that failed.",
        "number",
        [target(`max by (stack) (${chosen("chain:rule_failures:increase5m")})`, "{{stack}}")],
        {
          min: 0,
          decimals: 0,
          limits: [{ alert: "RuleEvaluationFailing", when: "above" }],
        },
      ),
    ],
  };
}

function scrapes(chosen: Chosen): Row {
  return {
    key: "scrapes",
    title: "Scrapes",
    panels: [
      timeline(
        "targets",
        "Parts of monitoring",
        "Whether each part of monitoring could be scraped. The clients' own metrics are on the board of the node.",
        "number",
        [target(`max by (job) (${chosen("chain:target_up")})`, "{{job}}")],
        {
          meanings: [
            { value: 0, text: "no answer", mood: "bad" },
            { value: 1, text: "scraped", mood: "good" },
          ],
        },
      ),
      graph(
        "scrape-seconds",
        "Duration of the slowest scrape",
        "How long the slowest scrape of each job takes. A scrape that takes longer than the time between two is lost.",
        "seconds",
        [target(`max by (job) (${chosen("chain:scrape_seconds")})`, "{{job}}")],
        { width: 8, min: 0 },
      ),
      graph(
        "samples",
        "Samples per scrape",
        "Samples of one scrape of each job. A job that grows without end has a label that never repeats.",
        "count",
        [target(`sum by (job) (${chosen("chain:samples_scraped")})`, "{{job}}")],
        { width: 8, min: 0 },
      ),
      graph(
        "series",
        "Series in memory",
        "Series that Prometheus holds in memory: each takes a few kilobytes.",
        "count",
        [target(`max by (stack) (${chosen("chain:tsdb_series")})`, "{{stack}}")],
        { width: 8, min: 0 },
      ),
    ],
  };
}
