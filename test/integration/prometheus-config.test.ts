import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import {
  type ClusterPlan,
  type Discovery,
  type MonitoringArgs,
  type PrometheusInput,
  planCluster,
  prometheusYaml,
  retentionFlags,
  rulesYaml,
} from "@chainkeep/core";
import { hostLayout } from "../../packages/core/src/testing/toy-protocol.fixture";
import { describeWith, findProgram } from "./find-program";
import { freePorts } from "./free-ports";
import { chainPlan } from "./monitored-plan";
import { inDirectory, runProgram } from "./rules/promtool";
import { RunningPrometheus } from "./running-prometheus";

const promtool = findProgram("promtool");
const prometheus = findProgram("prometheus");
const MINUTE = 60_000;

const yaml = (more: Partial<PrometheusInput> = {}) =>
  prometheusYaml({
    plan: chainPlan(),
    stack: "dev",
    agent: "127.0.0.1:26680",
    alertmanager: "127.0.0.1:26693",
    prometheus: "127.0.0.1:26690",
    ruleFiles: [],
    ...more,
  });

const CHAIN = { chain: { protocol: "bitcoin", network: "mainnet" }, nodes: { rpc: { kind: "full" } } } as const;

/** promtool looks whether the files of secrets are there. */
const secrets = { token: "t\n", password: "p\n" };
const check = (config: (directory: string) => string) =>
  inDirectory({ ...secrets, "prometheus.yml": "" }, async (directory) =>
    inDirectory({ "prometheus.yml": config(directory) }, (at) =>
      runProgram(promtool ?? "", ["check", "config", "--lint-fatal", "prometheus.yml"], at),
    ),
  );
const SOUND = { code: 0, output: expect.stringContaining("SUCCESS") };

describeWith({ promtool })("configurations of Prometheus, judged by promtool", () => {
  it.each<[string, Discovery]>([
    ["by addresses", { kind: "static" }],
    ["by pods", { kind: "kubernetes", namespace: "nodes" }],
    ["by instances", { kind: "ec2", region: "eu-central-1" }],
  ])("are sound with nodes that are found %s", async (_, discovery) => {
    expect(await check(() => yaml({ discovery }))).toEqual(SOUND);
  });

  it("are sound with everything that a user can ask for", async () => {
    const url = "https://mimir.example.org/api/v1/push";
    const outcome = await check((at) =>
      yaml({
        nodeExporters: [{ target: "127.0.0.1:9100", host: "alpha" }],
        monitoring: {
          scrape: {
            tenderduty: { targets: ["127.0.0.1:28686"], node: "validator-0", drop: "(?i)GO_.*|process_.*" },
            blackbox: { targets: ["[::1]:9115", "exporter.example.org:9115"], path: "/probe?module=http" },
          },
          remoteWrite: [
            { url, bearerTokenFile: path.join(at, "token"), canonicalOnly: true },
            { url: `${url}/2`, username: "7", passwordFile: path.join(at, "password") },
            {
              url: "https://aps-workspaces.eu-central-1.amazonaws.com/x/api/v1/remote_write",
              sigv4Region: "eu-central-1",
            },
          ],
        },
      }),
    );
    expect(outcome).toEqual(SOUND);
  });

  it.each(["(", "a(?=b)", "(?<!a)b", "(a)\\1", "*"])(
    "are not sound with the expression %s, which we refuse",
    async (drop) => {
      const monitoring = { scrape: { mine: { targets: ["127.0.0.1:1"], drop } } };
      expect((await check(() => yaml({ monitoring }))).code).not.toBe(0);
      const problems = () =>
        planCluster("c", { ...CHAIN, monitoring: { receivers: "none", ...monitoring } }, hostLayout);
      expect(problems).toThrow(/monitoring\.scrape\.mine\.drop: got .* \[SCRAPE_DROP\]/);
    },
  );
});

/** Answers every scrape with the same series, which include what must be dropped, and may not say in which form. */
async function exporter(text: string): Promise<{ server: Server; target: string }> {
  const server = createServer((_, response) =>
    response.writeHead(200, text === AGENT ? { "content-type": "text/plain" } : {}).end(text),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, target: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const NODE = 'network="private",node="rpc-0",client="cometbft",role="full",stack="dev"';
const AGENT = `chain_probe_up{${NODE}} 1
chain_probe_height{${NODE}} 42
chain_agent_inventory_valid 1
chain_agent_nodejs_gc_duration_seconds_bucket{le="0.1",kind="minor"} 1
`;
const CLIENT = `cometbft_consensus_latest_block_height{chain_id="c"} 42
cometbft_p2p_peers{chain_id="c"} 3
cometbft_p2p_message_receive_bytes_total{peer_id="abc",chain_id="c"} 1
`;
const USERS = `tenderduty_consecutive_missed_blocks{moniker="a",node="lies"} 2
go_goroutines 7
`;

/** The plan with the ports of the first process moved to where something listens. */
function pointedAt(plan: ClusterPlan, target: string): ClusterPlan {
  const port = Number(target.split(":")[1]);
  const nodes = plan.nodes
    .filter((node) => node.name === "rpc-0")
    .map((node) => ({
      ...node,
      processes: node.processes.map((process) => ({
        ...process,
        ports: Object.fromEntries(Object.keys(process.ports).map((name) => [name, port])),
      })),
    }));
  return { ...plan, nodes };
}

describeWith({ prometheus })("a running Prometheus", () => {
  it(
    "gives every series our labels, drops what nobody asks for, and sends a store what it wants",
    async () => {
      const exporters = await Promise.all([AGENT, CLIENT, USERS].map(exporter));
      const [agent = "", client = "", users = ""] = exporters.map((e) => e.target);
      const [own = 0, store = 0] = await freePorts(2);
      const plan = pointedAt(chainPlan(), client);
      const monitoring: MonitoringArgs = {
        scrapeIntervalSeconds: 1,
        retentionGiB: 1.5,
        scrape: { tenderduty: { targets: [users], node: "rpc-0", drop: "go_.*" } },
        remoteWrite: [{ url: `http://127.0.0.1:${store}/api/v1/write`, canonicalOnly: true }],
      };
      const config = yaml({ plan, monitoring, agent, prometheus: `127.0.0.1:${own}`, ruleFiles: ["rules.yml"] });
      const links = { agentUrl: `http://${agent}` };
      const rules = rulesYaml({ plan, stack: "dev", monitoring, links });
      await inDirectory({ "prometheus.yml": "" }, async (storeDirectory) => {
        const remote = await RunningPrometheus.start(prometheus ?? "", storeDirectory, store, [
          "--web.enable-remote-write-receiver",
        ]);
        try {
          await inDirectory({ "prometheus.yml": config, "rules.yml": rules }, async (directory) => {
            const running = await RunningPrometheus.start(prometheus ?? "", directory, own, retentionFlags(monitoring));
            try {
              const labels = { network: "private", node: "rpc-0", client: "cometbft", role: "full", stack: "dev" };
              const of = (name: string) =>
                running
                  .until(
                    name,
                    () => running.series(name),
                    (found) => found.length > 0,
                  )
                  .then(([one]) => one);
              expect(await of("chain_probe_height")).toMatchObject(labels);
              expect(await of("chain_agent_inventory_valid")).toMatchObject({ network: "private", stack: "dev" });
              expect(await of("cometbft_p2p_peers")).toMatchObject(labels);
              // The exporter's own word for the node gives way to ours.
              expect(await of("tenderduty_consecutive_missed_blocks")).toMatchObject({
                ...labels,
                exported_node: "lies",
              });
              expect(await of("chain:height")).toMatchObject(labels);
              expect(await of("prometheus_tsdb_head_series")).toMatchObject({ network: "private", stack: "dev" });
              expect(await of('up{job="chainkeep-alertmanager"}')).toMatchObject({ network: "private", stack: "dev" });
              expect(await of("prometheus_tsdb_retention_limit_bytes == 1610612736")).toBeDefined();
              const dropped =
                '{__name__=~"go_goroutines",job="tenderduty"} or {peer_id!=""} or {__name__=~"chain_agent_nodejs_gc.*|prometheus_http_.*_bucket"}';
              expect(await running.series(dropped)).toEqual([]);

              await remote.until(
                "canonical series",
                () => remote.series("chain:height"),
                (s) => s.length > 0,
              );
              const names = await remote.series('count by (__name__) ({__name__!=""})');
              expect(names.map((n) => n.__name__).filter((n) => !/^(chain:.+|ALERTS)$/.test(n ?? ""))).toEqual([]);
            } finally {
              await running.stop();
            }
          });
        } finally {
          await remote.stop();
        }
      }).finally(() => {
        for (const { server } of exporters) server.close().closeAllConnections();
      });
    },
    2 * MINUTE,
  );
});
