import * as path from "node:path";
import { LOOPBACK } from "../layout/layout";
import type { Programs, RenderedProcess } from "../node-cluster/render";

export interface PrometheusProcess {
  readonly directory: string;
  readonly port: number;
  readonly retentionDays: number;
}

export function renderPrometheus(
  { directory, port, retentionDays }: PrometheusProcess,
  programs: Programs,
): RenderedProcess {
  return {
    ...common("prometheus", directory, port),
    command: [
      programs.find("prometheus"),
      `--config.file=${path.join(directory, "prometheus.yml")}`,
      `--storage.tsdb.path=${path.join(directory, "data")}`,
      `--storage.tsdb.retention.time=${retentionDays}d`,
      `--web.listen-address=${LOOPBACK}:${port}`,
    ],
  };
}

export interface AlertmanagerProcess {
  readonly directory: string;
  readonly port: number;
}

export function renderAlertmanager({ directory, port }: AlertmanagerProcess, programs: Programs): RenderedProcess {
  return {
    ...common("alertmanager", directory, port),
    command: [
      programs.find("alertmanager"),
      `--config.file=${path.join(directory, "alertmanager.yml")}`,
      `--storage.path=${path.join(directory, "data")}`,
      `--web.listen-address=${LOOPBACK}:${port}`,
      // One Alertmanager has nobody to gossip with.
      "--cluster.listen-address=",
    ],
  };
}

function common(name: string, directory: string, port: number): Omit<RenderedProcess, "command"> {
  return {
    name,
    env: {},
    workingDir: directory,
    prepare: [],
    argsFile: undefined,
    stopSignal: "SIGTERM",
    graceSeconds: 30,
    backoffSeconds: 2,
    ports: [port],
  };
}
