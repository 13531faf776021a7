import { stringify } from "yaml";
import type { DeadManArgs } from "./args";
import { inhibitRules } from "./inhibitions";
import type { ParameterInput } from "./parameters";
import { type Receiver, receiverConfig, type ServiceUrls } from "./receivers/configs";
import { OWN_RECEIVERS, receiversOf, rootRoute, timeIntervals } from "./routes";
import { clusterAlerts } from "./rules";

export interface AlertmanagerInput extends ParameterInput {
  /** Webhook of the agent, which shows alerts in `chainkeep status`; absent where the target has none. */
  readonly agentWebhook?: string;
  readonly apiUrls?: ServiceUrls;
}

/**
 * alertmanager.yml. The agent hears of everything but the watchdog; people hear of what their receivers are for. An alert that
 * matches none of them goes nowhere.
 */
export function alertmanagerYaml(input: AlertmanagerInput): string {
  const { plan, monitoring = {}, agentWebhook, apiUrls } = input;
  const { alerts } = clusterAlerts(input);
  const intervals = timeIntervals(monitoring.maintenance);
  return stringify(
    {
      route: rootRoute({
        monitoring,
        alerts,
        toAgent: agentWebhook !== undefined,
        quick: plan.networkFacts.private === true,
      }),
      receivers: [
        { name: OWN_RECEIVERS.nobody },
        ...(agentWebhook === undefined ? [] : [agentReceiver(agentWebhook)]),
        ...(monitoring.deadMan === undefined ? [] : [deadManReceiver(monitoring.deadMan)]),
        ...receiversOf(monitoring).map(([name, args]) => receiverConfig(name, args, apiUrls)),
      ],
      inhibit_rules: inhibitRules(alerts),
      ...(intervals.length === 0 ? {} : { time_intervals: intervals }),
    },
    { lineWidth: 0 },
  );
}

function agentReceiver(url: string): Receiver {
  return { name: OWN_RECEIVERS.agent, webhook_configs: [{ url, send_resolved: true }] };
}

/** Its end is never told: calls that stop are the alarm. */
function deadManReceiver({ urlFile }: DeadManArgs): Receiver {
  return { name: OWN_RECEIVERS.deadMan, webhook_configs: [{ url_file: urlFile, send_resolved: false }] };
}
