import type { Row } from "../model";
import { chosenBy } from "../select";
import type { BoardContext } from "./context";
import { graph, target } from "./parts";

/** What stands around the nodes. Nothing while the alerts on security are off. */
export function securityRow({ presets }: BoardContext): Row[] {
  if (!presets.includes("security")) return [];
  const chosen = chosenBy(["stack"]);
  return [
    {
      key: "security",
      title: "Security",
      panels: [
        graph(
          "certificates",
          "Time until a certificate ends",
          "Time until the TLS certificate in front of the nodes ends.",
          "seconds",
          [target(`min by (instance) (${chosen("chain:cert_expiry_timestamp_seconds")} - time())`, "{{instance}}")],
          {
            decimals: 0,
            min: 0,
            empty: "without blackbox_exporter among the scrape jobs",
            limits: [{ alert: "CertExpiresSoon", when: "below" }],
          },
        ),
        graph(
          "agents-lost",
          "Security agents without their manager",
          "Security agents that have lost their manager: their machines are not watched.",
          "number",
          [target(`max by (stack) (${chosen("chain:security_agents_lost")})`, "{{stack}}")],
          {
            decimals: 0,
            min: 0,
            empty: "without an exporter of Wazuh among the scrape jobs",
            limits: [{ alert: "SecurityAgentLost", when: "above" }],
          },
        ),
      ],
    },
  ];
}
