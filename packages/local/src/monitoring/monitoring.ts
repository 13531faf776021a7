import * as pulumi from "@pulumi/pulumi";
import { addressesOf } from "./addresses";
import type { MonitoringArgs } from "./args";
import { createAlertmanager, createGrafana, createNodeExporter, createPrometheus } from "./services";

/**
 * Prometheus, Alertmanager, node_exporter and the dashboards as processes and files of this machine: six resources, and one
 * more where Grafana runs. Prometheus scrapes the agent, the nodes and this machine; Alertmanager tells the receivers, and the
 * agent, so that `chainkeep status` shows what fires.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Address of Prometheus. */
  readonly prometheusUrl: pulumi.Output<string>;
  /** Address of Alertmanager. */
  readonly alertmanagerUrl: pulumi.Output<string>;
  /** Address of Grafana: this stack's, or your own. Empty where there is neither. */
  readonly grafanaUrl: pulumi.Output<string>;
  /** Directory with the dashboards as files, which any Grafana can import. */
  readonly dashboardsDirectory: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("chainkeep-local:index:Monitoring", name, {}, opts);
    const { plan, stack, settings: monitoring = {}, budget, directory, ports, programs, supervisor } = args;
    const addresses = addressesOf(ports, monitoring, programs.grafana !== undefined);
    const monthly = budget === undefined ? {} : { monthlyBudgetUsd: budget.monthlyUsd };
    const alerts = { plan, stack, monitoring, ...monthly };
    const input = { prefix: name, directory, alerts, addresses, ports, programs, supervisor };
    const childOpts = { parent: this };

    const alertmanager = createAlertmanager(input, childOpts);
    const prometheus = createPrometheus(input, childOpts);
    createNodeExporter(input, childOpts);
    const grafana = createGrafana(input, childOpts);

    this.prometheusUrl = prometheus.id.apply(() => addresses.prometheus);
    this.alertmanagerUrl = alertmanager.id.apply(() => addresses.alertmanager);
    this.grafanaUrl = (grafana.process ?? grafana.files).id.apply(() => addresses.grafana ?? "");
    this.dashboardsDirectory = grafana.files.id.apply(() => grafana.dashboardsDirectory);
    this.registerOutputs({
      prometheusUrl: this.prometheusUrl,
      alertmanagerUrl: this.alertmanagerUrl,
      grafanaUrl: this.grafanaUrl,
      dashboardsDirectory: this.dashboardsDirectory,
    });
  }
}
