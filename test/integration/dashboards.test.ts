import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { dashboardFiles, panelQueries, prometheusYaml, type RulesInput, rulesYaml } from "@chainkeep/core";
import { inventoryOf } from "../../packages/core/src/cluster/inventory-of";
import { boardsOf, INPUTS } from "../contract/dashboard-world";
import { CometWorld } from "./comet-world";
import { describeWith, findProgram } from "./find-program";
import { freePorts } from "./free-ports";
import { RunningAgent } from "./running-agent";
import { RunningPrometheus } from "./running-prometheus";

const prometheus = findProgram("prometheus");
const cometbft = findProgram("cometbft");
const MINUTE = 60_000;

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result?: readonly unknown[] };
}

/** A Prometheus in a directory of its own, and what it says to the questions that Grafana would ask. */
class Asked {
  private constructor(
    private readonly running: RunningPrometheus,
    private readonly directory: string,
  ) {}

  static async start(files: Readonly<Record<string, string>>, port: number): Promise<Asked> {
    const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-boards-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(directory, name), text);
    try {
      return new Asked(await RunningPrometheus.start(prometheus ?? "", directory, port), directory);
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  async ask(where: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
    const answer = await fetch(`http://${this.running.address}/api/v1/${where}?${new URLSearchParams(parameters)}`);
    return (await answer.json()) as Answer;
  }

  now(query: string): Promise<Answer> {
    return this.ask("query", { query });
  }

  past(query: string): Promise<Answer> {
    const end = Math.floor(Date.now() / 1000);
    return this.ask("query_range", { query, start: String(end - 300), end: String(end), step: "15" });
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

describeWith({ prometheus })("what the boards ask, asked of Prometheus", () => {
  let asked: Asked;
  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    asked = await Asked.start({ "prometheus.yml": "scrape_configs: []\n" }, port);
  }, MINUTE);
  afterAll(() => asked?.stop());

  it.each(Object.entries(INPUTS))(
    "is accepted, now and over time: %s",
    async (_, input) => {
      const queries = panelQueries(input());
      expect(queries.length).toBeGreaterThan(40);
      for (const { board, panel, expr } of queries) {
        for (const { status, error } of [await asked.now(expr), await asked.past(expr)]) {
          expect([board, panel, expr, status, error]).toEqual([board, panel, expr, "success", undefined]);
        }
      }
    },
    MINUTE,
  );

  it("is accepted as offers of variables and as marks of alerts", async () => {
    const plain = (text: string) => text.replaceAll(/\$\w+/g, ".*");
    for (const board of Object.values(INPUTS).flatMap((input) => boardsOf(input()))) {
      for (const { expr = "" } of board.annotations.list)
        expect((await asked.past(plain(expr))).status).toBe("success");
      for (const { type, query } of board.templating.list) {
        if (type !== "query") continue;
        const [, series = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(plain(query)) ?? [];
        const answer = await asked.ask(`label/${label}/values`, { "match[]": series });
        expect([query, answer.status, answer.error]).toEqual([query, "success", undefined]);
      }
    }
  });

  it("would be refused if it were wrong", async () => {
    expect((await asked.now("sum(chain:height")).status).toBe("error");
    expect((await asked.now("chain:height * on (node) group_left chain:up(1)")).status).toBe("error");
  });
});

describeWith({ prometheus, cometbft })("the boards of a network that runs", () => {
  let world: CometWorld | undefined;
  let agent: RunningAgent | undefined;
  let asked: Asked | undefined;
  let input: RulesInput;

  beforeAll(async () => {
    world = await CometWorld.of(cometbft ?? "", { val: ["validator", 4], rpc: ["full", 2] });
    for (const { name } of world.plan.nodes) await world.start(name);
    const [own = 0, proxy = 0, port = 0, alertmanager = 0] = await freePorts(4);
    const host = "127.0.0.1";
    const agentUrl = `http://${host}:${own}`;
    input = {
      plan: world.plan,
      stack: "test",
      links: { agentUrl },
      monitoring: { receivers: "none", scrapeIntervalSeconds: 1 },
    };
    agent = await RunningAgent.start({
      ...inventoryOf(world.plan, {
        stack: "test",
        listen: { host, port: own },
        proxy: { host, port: proxy },
        sharesDisks: true,
      }),
      checkpointBlocks: 2,
    });
    const config = prometheusYaml({
      ...input,
      agent: `${host}:${own}`,
      alertmanager: `${host}:${alertmanager}`,
      prometheus: `${host}:${port}`,
      ruleFiles: ["rules.yml"],
    });
    asked = await Asked.start({ "prometheus.yml": config, "rules.yml": rulesYaml(input) }, port);
  }, 3 * MINUTE);

  afterAll(async () => {
    await asked?.stop();
    await agent?.stop();
    await world?.dispose();
  }, MINUTE);

  /** Queries without an answer, of panels that say nothing of being empty. */
  const unanswered = async () => {
    const open = panelQueries(input, {
      stack: "test",
      network: "private",
      node: "val-0|rpc-0",
      rateSeconds: 10,
    }).filter(({ empty, collapsed }) => empty === undefined && !collapsed);
    const found: string[] = [];
    for (const { board, panel, legend, expr } of open) {
      const { status, data } = (await asked?.now(expr)) ?? { status: "none" };
      const words = `${board} / ${panel} / ${legend}`;
      if (status !== "success" || (data?.result ?? []).length === 0) found.push(words);
    }
    return found;
  };

  it(
    "show something in every panel that does not say why it may be empty",
    async () => {
      await agent?.until("data in every panel", unanswered, (found) => found.length === 0, 120);
    },
    3 * MINUTE,
  );

  it(
    "show what is there: nodes, heights, versions, signatures",
    async () => {
      const values = async (panel: string, legend: string) => {
        const query = panelQueries(input).find((q) => q.panel === panel && q.legend === legend);
        const { data } = (await asked?.now(query?.expr ?? "")) ?? {};
        return (data?.result ?? []) as { metric: Record<string, string>; value: [number, string] }[];
      };
      const one = async (panel: string, legend: string) => Number((await values(panel, legend))[0]?.value[1]);
      expect([await one("Nodes up and expected", "up"), await one("Nodes up and expected", "expected")]).toEqual([
        6, 6,
      ]);
      await agent?.until(
        "all nodes ready on the board",
        () => one("Nodes ready", "ready"),
        (ready) => ready === 6,
      );
      expect(await one("Critical alerts", "critical")).toBe(0);
      expect(await one("Chains at the last checkpoint", "{{network}} {{layer}}")).toBe(1);
      expect(
        (await values("Processes, furthest behind first", "{{node}}")).map(({ metric }) => metric.node).sort(),
      ).toEqual(["rpc-0", "rpc-1", "val-0", "val-1", "val-2", "val-3"]);
      const keys = await values("Nodes that sign with the key", "{{validator}}");
      expect(keys.map(({ value }) => value[1])).toEqual(["1", "1", "1", "1"]);
      expect(Object.keys(dashboardFiles(input))).toHaveLength(6);
    },
    MINUTE,
  );
});
