import { hostname } from "node:os";
import * as path from "node:path";
import {
  alertmanagerYaml,
  type MonitoringArgs as CoreMonitoringArgs,
  type ParameterInput,
  prometheusYaml,
  retentionFlags,
  rulesYaml,
} from "@chainkeep/core";
import type * as pulumi from "@pulumi/pulumi";
import type { HostPorts } from "../layout/host-ports";
import { LOOPBACK } from "../layout/layout";
import { textDigest } from "../node-cluster/programs";
import type { Programs } from "../node-cluster/render";
import { createFiles, createSupervised } from "../node-cluster/supervised";
import type { FileSet } from "../resources/file-set";
import type { Process } from "../resources/process";
import type { Supervisor } from "../resources/supervisor";
import type { Addresses } from "./addresses";
import { boardFiles } from "./grafana-files";
import { renderAlertmanager, renderGrafana, renderNodeExporter, renderPrometheus } from "./render";

/** What every part of a cluster's monitoring is made from. */
export interface ServicesInput {
  readonly prefix: string;
  /** Directory of the cluster; each part has one of its own below. */
  readonly directory: string;
  readonly alerts: ParameterInput & { readonly monitoring: CoreMonitoringArgs };
  readonly addresses: Addresses;
  readonly ports: HostPorts;
  readonly programs: Programs;
  readonly supervisor: Supervisor;
}

type Opts = pulumi.CustomResourceOptions;

export function createAlertmanager({ prefix, alerts, addresses, ports, programs, ...at }: ServicesInput, opts: Opts) {
  const directory = path.join(at.directory, "alertmanager");
  const content = alertmanagerYaml({ ...alerts, agentWebhook: `${addresses.agent}/alerts/webhook` });
  return createSupervised(
    {
      prefix,
      process: renderAlertmanager({ directory, port: ports.alertmanager }, programs),
      supervisor: at.supervisor,
      files: { directory, files: { "alertmanager.yml": { content } } },
      reload: { digest: textDigest(content), signal: "SIGHUP" },
    },
    opts,
  );
}

export function createPrometheus({ prefix, alerts, addresses, ports, programs, ...at }: ServicesInput, opts: Opts) {
  const directory = path.join(at.directory, "prometheus");
  const on = (port: number) => `${LOOPBACK}:${port}`;
  const rules = rulesYaml({ ...alerts, links: addresses.links });
  const config = prometheusYaml({
    ...alerts,
    agent: on(ports.agent),
    alertmanager: on(ports.alertmanager),
    prometheus: on(ports.prometheus),
    nodeExporters: [{ target: on(ports.nodeExporter), host: hostname() }],
    ruleFiles: ["rules.yml"],
  });
  const retention = retentionFlags(alerts.monitoring);
  return createSupervised(
    {
      prefix,
      process: renderPrometheus({ directory, port: ports.prometheus, retention }, programs),
      supervisor: at.supervisor,
      files: { directory, files: { "prometheus.yml": { content: config }, "rules.yml": { content: rules } } },
      reload: { digest: textDigest(config, rules), signal: "SIGHUP" },
    },
    opts,
  );
}

export function createNodeExporter({ prefix, ports, programs, ...at }: ServicesInput, opts: Opts): Process {
  const directory = path.join(at.directory, "node-exporter");
  const process = renderNodeExporter({ directory, port: ports.nodeExporter }, programs);
  return createSupervised({ prefix, process, supervisor: at.supervisor }, opts);
}

/** Dashboards as files, and Grafana where this machine has it. */
export interface Grafana {
  readonly files: FileSet;
  readonly process: Process | undefined;
  readonly dashboardsDirectory: string;
}

export function createGrafana(
  { prefix, alerts, addresses, ports, programs, ...at }: ServicesInput,
  opts: Opts,
): Grafana {
  const directory = path.join(at.directory, "grafana");
  const { grafana } = programs;
  const { files, restartDigest, dashboardsDirectory } = boardFiles({
    rules: { ...alerts, links: addresses.links },
    directory,
    ...(grafana === undefined ? {} : { server: { port: ports.grafana, addresses } }),
  });
  const set = createFiles(`${prefix}-grafana-files`, { directory, files }, opts);
  if (grafana === undefined) return { files: set, process: undefined, dashboardsDirectory };
  const process = createSupervised(
    {
      prefix,
      process: renderGrafana({ directory, port: ports.grafana }, grafana),
      supervisor: at.supervisor,
      alsoNeeds: [set],
      restartDigest,
    },
    opts,
  );
  return { files: set, process, dashboardsDirectory };
}
