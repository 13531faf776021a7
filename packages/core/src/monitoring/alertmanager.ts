import { stringify } from "yaml";

export interface AlertmanagerInput {
  /** Webhook of the agent, which shows alerts in `chainkeep status`. */
  readonly agentWebhook: string;
  /** Private networks are watched by people at a desk: they hear of an alert at once. */
  readonly quick: boolean;
}

/** alertmanager.yml: everything goes to the agent, and a halted network silences the stalls that follow from it. */
export function alertmanagerYaml({ agentWebhook, quick }: AlertmanagerInput): string {
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
