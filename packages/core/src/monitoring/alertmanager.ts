import { stringify } from "yaml";
import type { ParameterInput } from "./parameters";

export interface AlertmanagerInput extends ParameterInput {
  /** Webhook of the agent, which shows alerts in `chainkeep status`; absent where the target has none. */
  readonly agentWebhook?: string;
  /** Other addresses of the services that have one address for everybody: a proxy of one's own, or a test. */
  readonly apiUrls?: ServiceUrls;
}

export interface ServiceUrls {
  readonly telegram?: string;
  readonly pagerduty?: string;
  readonly opsgenie?: string;
  readonly sns?: string;
}

/** alertmanager.yml: everything goes to the agent, and a halted network silences the stalls that follow from it. */
export function alertmanagerYaml({ plan, agentWebhook }: AlertmanagerInput): string {
  const quick = plan.networkFacts.private === true;
  return stringify(
    {
      route: {
        receiver: "agent",
        group_by: ["alertname", "network", "stack"],
        group_wait: quick ? "1s" : "30s",
        group_interval: quick ? "5s" : "5m",
        repeat_interval: quick ? "1m" : "4h",
      },
      receivers: [{ name: "agent", webhook_configs: [{ url: agentWebhook, send_resolved: true }] }],
      inhibit_rules: [
        {
          // Both sides must carry the labels: where all `equal` labels are missing, an inhibition would always apply.
          source_matchers: ['alertname="NetworkHalted"', 'network=~".+"', 'stack=~".+"'],
          target_matchers: ['alertname="NodeStalled"', 'network=~".+"', 'stack=~".+"'],
          // Every private network is called "private": only the stack tells two of them apart.
          equal: ["network", "stack"],
        },
      ],
    },
    { lineWidth: 0 },
  );
}
