import * as path from "node:path";
import { alertmanagerYaml, prometheusYaml, rulesYaml } from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import { LOOPBACK } from "../layout/layout";
import { textDigest } from "../node-cluster/programs";
import { createSupervised } from "../node-cluster/supervised";
import type { MonitoringArgs } from "./args";
import { renderAlertmanager, renderPrometheus } from "./render";

/**
 * Prometheus and Alertmanager as processes of this machine: four resources. Prometheus scrapes the agent and the nodes, and
 * Alertmanager tells the agent, so that `chainkeep status` shows what fires.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Address of Prometheus. */
  readonly prometheusUrl: pulumi.Output<string>;
  /** Address of Alertmanager. */
  readonly alertmanagerUrl: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("chainkeep-local:index:Monitoring", name, {}, opts);
    const { plan, stack, settings = {}, ports, programs, supervisor } = args;
    const childOpts = { parent: this };

    const alertmanagerDir = path.join(args.directory, "alertmanager");
    const alertmanagerConfig = alertmanagerYaml({
      plan,
      stack,
      monitoring: settings,
      agentWebhook: `http://${LOOPBACK}:${ports.agent}/alerts/webhook`,
    });
    const alertmanager = createSupervised(
      {
        prefix: name,
        process: renderAlertmanager({ directory: alertmanagerDir, port: ports.alertmanager }, programs),
        supervisor,
        files: { directory: alertmanagerDir, files: { "alertmanager.yml": { content: alertmanagerConfig } } },
        reload: { digest: textDigest(alertmanagerConfig), signal: "SIGHUP" },
      },
      childOpts,
    );

    const prometheusDir = path.join(args.directory, "prometheus");
    const rules = rulesYaml({
      plan,
      stack,
      monitoring: settings,
      links: { agentUrl: `http://${LOOPBACK}:${ports.agent}` },
    });
    const config = prometheusYaml({
      plan,
      stack,
      monitoring: settings,
      agent: `${LOOPBACK}:${ports.agent}`,
      alertmanager: `${LOOPBACK}:${ports.alertmanager}`,
      prometheus: `${LOOPBACK}:${ports.prometheus}`,
      ruleFiles: ["rules.yml"],
    });
    const prometheus = createSupervised(
      {
        prefix: name,
        process: renderPrometheus(
          { directory: prometheusDir, port: ports.prometheus, retentionDays: settings.retentionDays ?? 15 },
          programs,
        ),
        supervisor,
        files: {
          directory: prometheusDir,
          files: { "prometheus.yml": { content: config }, "rules.yml": { content: rules } },
        },
        reload: { digest: textDigest(config, rules), signal: "SIGHUP" },
      },
      childOpts,
    );

    this.prometheusUrl = prometheus.id.apply(() => `http://${LOOPBACK}:${ports.prometheus}`);
    this.alertmanagerUrl = alertmanager.id.apply(() => `http://${LOOPBACK}:${ports.alertmanager}`);
    this.registerOutputs({ prometheusUrl: this.prometheusUrl, alertmanagerUrl: this.alertmanagerUrl });
  }
}
