import type { AlertDefinition } from "../types";
import { DAY, DURATION, HOUR, patience, VALUE } from "./expressions";
import { durationOf } from "./texts";

/** Safety around the nodes, and versions that differ. */
export const SECURITY: readonly AlertDefinition[] = [
  {
    name: "CertExpiresSoon",
    preset: "security",
    group: "Security",
    scope: "stack",
    expr: (_, threshold) => `(chain:cert_expiry_timestamp_seconds - time()) < ${threshold}`,
    threshold: {
      value: () => 20 * DAY,
      unit: "seconds",
      says: "seconds that a certificate must still be valid",
      min: HOUR,
      max: 31_536_000,
      whole: true,
    },
    current: () => "chain:cert_expiry_timestamp_seconds - time()",
    forSeconds: (p) => patience(p, HOUR, HOUR),
    severity: "warning",
    owner: "security",
    summary: "the certificate of {{ $labels.instance }} runs out",
    description: (_, threshold) =>
      `The TLS certificate of {{ $labels.instance }} is valid for another ${DURATION} (limit ${durationOf(threshold)}).`,
    dashboard: "fleet",
    runbook: {
      meaning:
        "A certificate in front of the nodes was not renewed in time. Renewal usually comes 30 days before the end, so at 20 days it has failed already. The set `security` is off until `monitoring.presets` names it, and the figure comes from a program that you scrape (blackbox_exporter, cert-manager); without one it is silent.",
      impact: "On the last day every client that checks certificates is cut off at once, however well the nodes are.",
      diagnosis: [
        "`openssl s_client -connect <host:port> -servername <host> </dev/null | openssl x509 -noout -dates -issuer` shows what is really served.",
        "The log of what renews it (cert-manager, certbot): did the challenge fail, did name service or firewall change?",
        "Was it renewed, and the program in front still has the old one loaded?",
      ],
      mitigation: [
        "Mend the renewal and run it once by hand.",
        "Reload the program that serves the certificate, and look again from outside.",
      ],
    },
  },
  {
    name: "SecurityAgentLost",
    preset: "security",
    group: "Security",
    scope: "stack",
    expr: (_, threshold) => `chain:security_agents_lost > ${threshold}`,
    threshold: {
      value: () => 0,
      unit: "agents",
      says: "security agents that may be away from their manager",
      min: 0,
      max: 10_000,
      whole: true,
    },
    current: () => "chain:security_agents_lost",
    forSeconds: (p) => patience(p, 1800, 1800),
    severity: "warning",
    owner: "security",
    summary: "security agents of {{ $labels.stack }} are lost",
    description: (_, threshold) =>
      `${VALUE} Wazuh agents have lost their manager (limit ${threshold} agents): their machines are not watched.`,
    dashboard: "fleet",
    runbook: {
      meaning:
        "Wazuh agents are known to the manager and do not report any more. The set `security` is off until `monitoring.presets` names it, and the figure comes from an exporter of the Wazuh API that you scrape (`wazuh_agents`); without one it is silent.",
      impact: "Nobody watches files and logins of these machines. An attacker stops the agent first.",
      diagnosis: [
        "Which ones: `agent_control -l` on the manager, or the Wazuh dashboard, status `disconnected`.",
        "Is the machine itself alive (`NodeDown` and `NodeTargetMissing` of its nodes)? Was it taken away on purpose?",
        "On the machine: `systemctl status wazuh-agent`, and who stopped it.",
      ],
      mitigation: [
        "A machine that is gone for good: remove its agent from the manager.",
        "Start the agent again. If nobody can say why it was stopped, treat the machine as taken over: on a validator, stop signing first, and keep the key away from it.",
      ],
    },
  },
  {
    name: "ClientVersionSkew",
    preset: "core",
    group: "Security",
    scope: "network",
    expr: (_, threshold) =>
      `count by (network, stack, client) (count by (network, stack, client, version) (chain:info)) > ${threshold}`,
    threshold: {
      value: () => 1,
      unit: "versions",
      says: "versions of one client that may run side by side",
      min: 1,
      max: 100,
      whole: true,
    },
    current: () => "count by (network, stack, client) (count by (network, stack, client, version) (chain:info))",
    forSeconds: (p) => patience(p, DAY, DAY),
    severity: "info",
    owner: "dev",
    summary: "nodes of {{ $labels.network }} run different versions of {{ $labels.client }}",
    description: (_, threshold) =>
      `${VALUE} versions of {{ $labels.client }} have been running side by side for a day (limit ${threshold} versions).`,
    dashboard: "fleet",
    runbook: {
      meaning:
        "Nodes of one network run different versions of one client for a day: an upgrade that stopped half-way, or a node that was forgotten.",
      impact:
        "None today. At a hard fork the old ones stay behind or follow the wrong chain, and a recovery point of the newer version may not open with the older one.",
      diagnosis: [
        "Which node runs which version: `npx chainkeep status --json`, or the pie of versions on the fleet's dashboard.",
        "Which one does the program ask for? docs/components/clients.md has the pinned version of each client.",
      ],
      mitigation: [
        "Finish the upgrade: `npx pulumi up --refresh` brings nodes to what the program says. Validators last and one at a time.",
        "If two versions are wanted for longer, as a precaution against a fault in one, raise the threshold of this alert.",
      ],
    },
  },
];
