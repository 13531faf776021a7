import * as path from "node:path";
import { LOOPBACK } from "../layout/layout";
import type { Programs, RenderedProcess } from "../node-cluster/render";
import type { GrafanaProgram } from "./grafana-program";

export interface ServiceInput {
  readonly directory: string;
  readonly port: number;
}

export interface PrometheusProcess extends ServiceInput {
  /** How long samples are kept. */
  readonly retention: readonly string[];
}

export function renderPrometheus(
  { directory, port, retention }: PrometheusProcess,
  programs: Programs,
): RenderedProcess {
  return {
    ...common("prometheus", directory, port),
    command: [
      programs.find("prometheus"),
      `--config.file=${path.join(directory, "prometheus.yml")}`,
      `--storage.tsdb.path=${path.join(directory, "data")}`,
      ...retention,
      `--web.listen-address=${LOOPBACK}:${port}`,
    ],
  };
}

export function renderAlertmanager({ directory, port }: ServiceInput, programs: Programs): RenderedProcess {
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

/** Collectors of node_exporter that the rules ask for. A program for another system does not know the last two. */
const COLLECTORS = { everywhere: ["cpu", "diskstats", "meminfo"], linux: ["timex", "vmstat"] } as const;

export function renderNodeExporter(
  { directory, port }: ServiceInput,
  programs: Programs,
  platform: NodeJS.Platform = process.platform,
): RenderedProcess {
  const collectors = [...COLLECTORS.everywhere, ...(platform === "linux" ? COLLECTORS.linux : [])];
  return {
    ...common("node-exporter", directory, port),
    command: [
      programs.find("node_exporter"),
      `--web.listen-address=${LOOPBACK}:${port}`,
      "--web.disable-exporter-metrics",
      "--collector.disable-defaults",
      ...collectors.map((name) => `--collector.${name}`),
    ],
  };
}

export function renderGrafana({ directory, port }: ServiceInput, { program, home }: GrafanaProgram): RenderedProcess {
  return {
    ...common("grafana", directory, port),
    command: [program, "server", `--homepath=${home}`, `--config=${path.join(directory, "grafana.ini")}`],
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
