import type { MonitoringArgs, MonitoringLinks } from "@chainkeep/core";
import type { HostPorts } from "../layout/host-ports";
import { LOOPBACK } from "../layout/layout";

/** Where the parts of a cluster's monitoring are, as a browser on this machine reaches them. */
export interface Addresses {
  readonly agent: string;
  readonly prometheus: string;
  readonly alertmanager: string;
  /** The user's own Grafana, else the one of this stack; undefined where there is neither. */
  readonly grafana: string | undefined;
  readonly links: MonitoringLinks;
}

/** @param ownGrafana - whether this stack runs a Grafana */
export function addressesOf(
  ports: HostPorts,
  { grafanaUrl, runbookUrl }: MonitoringArgs,
  ownGrafana: boolean,
): Addresses {
  const at = (port: number) => `http://${LOOPBACK}:${port}`;
  const agent = at(ports.agent);
  const grafana = grafanaUrl ?? (ownGrafana ? at(ports.grafana) : undefined);
  return {
    agent,
    prometheus: at(ports.prometheus),
    alertmanager: at(ports.alertmanager),
    grafana,
    links: {
      agentUrl: agent,
      ...(runbookUrl === undefined ? {} : { runbookUrl }),
      ...(grafana === undefined ? {} : { grafanaUrl: grafana }),
    },
  };
}
