import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { findTool } from "../../packages/local/src/tools/catalogue";
import { freePorts } from "../../test/integration/free-ports";
import { Webhook } from "../../test/integration/running-alertmanager";
import type { Ground, Recording } from "./recording";
import { Running, scrape, until, withSeries } from "./running";

export const prometheusRecording: Recording = {
  name: "prometheus",
  version: versionOf("prometheus"),
  needs: ["prometheus", "alertmanager"],
  how: "scrapes itself, Alertmanager and a target that is down, evaluates a rule and an alert, and notifies Alertmanager",
  scrapes: (ground) => withMonitoring(ground, ({ prometheus }) => [`${prometheus}/metrics`]),
};

export const alertmanagerRecording: Recording = {
  name: "alertmanager",
  version: versionOf("alertmanager"),
  needs: ["prometheus", "alertmanager"],
  how: "gets an alert of Prometheus and delivers it to a webhook that answers and to one that does not",
  scrapes: (ground) => withMonitoring(ground, ({ alertmanager }) => [`${alertmanager}/metrics`]),
};

export const nodeExporterRecording: Recording = {
  name: "node_exporter",
  version: versionOf("node_exporter"),
  needs: ["node_exporter"],
  how: "on a Linux machine, with the collectors that are on by default",
  trim: {
    // What machine this is, is nobody's business.
    leaveOut: (name, labels) =>
      /^node_(dmi|os|uname|cpu|nvme|ethtool|network_address|boot)_info$|^node_(arp|netstat|sockstat|softnet|schedstat|interrupts)_/.test(
        name,
      ) ||
      (labels.mountpoint !== undefined && labels.mountpoint !== "/"),
    replace: [
      [/^\/dev\/\w+$/, "/dev/sda"],
      [/^(?:[vs]da|nvme\w+)$/, "sda"],
      [/^(?:en|eth|ens)\w+$/, "eth0"],
    ],
  },
  scrapes: async ({ program, directory }) => {
    const [port = 0] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    const exporter = Running.start(
      "node_exporter",
      program("node_exporter"),
      [`--web.listen-address=${address}`],
      directory,
    );
    try {
      return [await withSeries(`http://${address}/metrics`, [/^node_timex_sync_status/m, /^node_vmstat_oom_kill/m])];
    } finally {
      await exporter.stop();
    }
  },
};

function versionOf(name: string): string {
  const tool = findTool(name);
  if (tool === undefined) throw new Error(`the catalogue of programs has no ${name}`);
  return tool.version;
}

interface Addresses {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** Both, with an alert that fires, one receiver that answers and one that does not. */
async function withMonitoring(
  { program, directory, say }: Ground,
  urls: (at: Addresses) => readonly string[],
): Promise<readonly string[]> {
  const [a = 0, p = 0, nobody = 0] = await freePorts(3);
  const at = { alertmanager: `http://127.0.0.1:${a}`, prometheus: `http://127.0.0.1:${p}` };
  const hook = await Webhook.start();
  const running: Running[] = [];
  try {
    writeConfig(directory, { a, p, nobody, hook: hook.url });
    const start = (name: string, args: string[]) => {
      running.push(Running.start(name, program(name), args, directory));
    };
    start("alertmanager", [
      "--config.file=alertmanager.yml",
      "--storage.path=am",
      "--cluster.listen-address=",
      `--web.listen-address=127.0.0.1:${a}`,
    ]);
    start("prometheus", [
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=tsdb",
      `--web.listen-address=127.0.0.1:${p}`,
    ]);
    await until(
      "a notification",
      async () => hook.delivered.length,
      (count) => count > 0,
    );
    say("an alert has reached the webhook");
    await withSeries(`${at.alertmanager}/metrics`, [
      /alertmanager_notifications_failed_total\{.*integration="webhook".*\} [1-9]/,
    ]);
    await scrape(`${at.prometheus}/api/v1/query?query=up`);
    await scrape(`${at.prometheus}/api/v1/query?query=${encodeURIComponent("up{")}`).catch(() => "");
    return await Promise.all(urls(at).map((url) => withSeries(url, [/^go_info/m])));
  } finally {
    for (const one of running.reverse()) await one.stop();
    await hook.stop();
  }
}

function writeConfig(directory: string, at: { a: number; p: number; nobody: number; hook: string }): void {
  const write = (name: string, content: unknown) => writeFileSync(path.join(directory, name), stringify(content));
  const job = (job_name: string, port: number) => ({ job_name, static_configs: [{ targets: [`127.0.0.1:${port}`] }] });
  write("prometheus.yml", {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: ["rules.yml"],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${at.a}`] }] }] },
    scrape_configs: [job("prometheus", at.p), job("alertmanager", at.a), job("nobody", at.nobody)],
  });
  write("rules.yml", {
    groups: [
      {
        name: "recorded",
        rules: [
          { record: "job:up:sum", expr: "sum by (job) (up)" },
          { alert: "TargetDown", expr: "up == 0", labels: { severity: "critical" } },
        ],
      },
    ],
  });
  write("alertmanager.yml", {
    route: { receiver: "hooks", group_wait: "0s", group_interval: "1s", repeat_interval: "1m" },
    receivers: [
      { name: "hooks", webhook_configs: [{ url: at.hook }, { url: `http://127.0.0.1:${at.nobody}/`, timeout: "1s" }] },
    ],
  });
}
