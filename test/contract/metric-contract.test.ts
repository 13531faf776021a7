import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { Metrics } from "../../packages/agent/src/metrics/metrics";
import { canAnswer } from "./metrics/can-fire";
import { type Asked, Contract } from "./metrics/contract";
import { type Pin, pinProblems, pins } from "./metrics/pins";
import { askedOf, canonicalLabels, catalogue, clients, inputs, usualWorlds, worlds } from "./metrics/rule-world";
import { allSources, recordedSource, type Source } from "./metrics/sources";
import { parsePromql } from "./promql";

const sources = allSources();
const ground = { sources, clients, catalogue: canonicalLabels };
const FIXTURES = path.resolve(__dirname, "../fixtures/metrics");

function contractOf(asked: readonly Asked[]): Contract {
  const contract = new Contract(ground);
  for (const one of asked) contract.read(one);
  return contract;
}

describe("the metric contract", () => {
  it.each(worlds.map((world) => [world.name, world] as const))("holds for %s, all sets of alerts on", (_, world) => {
    expect(contractOf(askedOf(world)).problems).toEqual([]);
  });

  it("is held against every client of the catalogue", () => {
    const planned = inputs.flatMap(([, { plan }]) => plan.nodes.flatMap((n) => n.processes.map((p) => p.client.name)));
    const measured = catalogue.filter((client) => client.metrics !== undefined).map((client) => client.name);
    expect(measured.filter((name) => !planned.includes(name))).toEqual([]);
  });

  it("covers every canonical series: each is recorded in some cluster", () => {
    const recorded = new Set(worlds.flatMap(({ rules }) => rules.map((rule) => rule.record)));
    // Written for nodes whose key lies in a remote signer, of which these clusters have none.
    const exempt = ["chain:remote_signer"];
    expect([...canonicalLabels.keys()].filter((name) => !recorded.has(name) && !exempt.includes(name))).toEqual(
      UNRECORDED,
    );
  });

  it("has what the pinned versions told", () => {
    expect(pinProblems(pins, sources)).toEqual([]);
  });

  it("has every series of the agent, as its own registry lists them", () => {
    const nothing = () => {
      throw new Error("no scrape takes place here");
    };
    const source = { inventory: nothing, fleet: nothing, rotation: {}, disk: nothing, referenceHeight: nothing };
    const all = new Metrics(source as never);
    all.addVault();
    const names = all.registry.getMetricsAsArray().map((metric) => metric.name);
    const agent = sources.find((one) => one.program === "agent");
    const kept = new Set([...(agent?.metrics.keys() ?? [])].map((name) => name.replace(/_(bucket|sum|count)$/, "")));
    // Told once Node.js has more to tell than a young process.
    const listed = names.filter(
      (name) => !name.startsWith("chain_agent_nodejs_") && !name.startsWith("chain_agent_process_"),
    );
    const hint = "if it is not so: npm run record:metrics agent";
    expect({ missing: listed.filter((name) => !kept.has(name)), hint }).toEqual({ missing: [], hint });
    const gone = [...kept].filter((name) => !names.includes(name) && !name.startsWith("chain_agent_"));
    expect({ gone, hint }).toEqual({ gone: [], hint });
  });

  it("lists no series as planned that a program has by now", () => {
    const planned = sources.find((source) => source.kind === "planned");
    const written = sources.filter((source) => source.kind === "recorded");
    const there = [...(planned?.metrics.keys() ?? [])].filter((name) => written.some((s) => s.metrics.has(name)));
    expect(there).toEqual([]);
  });
});

/** Canonical series that no client of the catalogue has a source for, other than an exporter of the user's own. */
const UNRECORDED: readonly string[] = [];

describe("alerts that are on by default", () => {
  it.each(usualWorlds.map((world) => [world.name, world] as const))("can fire in a cluster of %s", (_, { rules }) => {
    const recorded = new Set(rules.map((rule) => rule.record));
    const exists = (series: string) => !series.startsWith("chain:") || recorded.has(series);
    const deaf = rules.filter(({ alert, expr }) => alert !== undefined && !canAnswer(parsePromql(expr), exists));
    expect([...new Set(deaf.map((rule) => rule.alert))]).toEqual([]);
  });

  it.each([
    ["a", true],
    ["b", false],
    ["a or b", true],
    ["a and on (x) b", false],
    ["a unless b", true],
    ["b unless a", false],
    ["sum(rate(b[5m])) > 0", false],
    ["absent(b)", true],
    ["time() - a > 60", true],
    ['label_replace(b, "x", "", "", "")', false],
  ])("%s has an answer where only a exists: %s", (expr, answer) => {
    expect(canAnswer(parsePromql(expr), (series) => series === "a")).toBe(answer);
  });
});

describe("the fixtures", () => {
  const recorded = readdirSync(path.join(FIXTURES, "recorded"));

  it.each(recorded)("%s is small, and says nothing of the machine that recorded it", (file) => {
    const text = readFileSync(path.join(FIXTURES, "recorded", file), "utf8");
    expect(text.length).toBeLessThan(200 * 1024);
    expect(text.match(/(\/home|\/root|\/tmp|\/work)\/\S*|127\.0\.0\.1:\d\d+/g)).toBeNull();
    const heading = text.split("\n", 5).map((line) => /^# (\w+): \S/.exec(line)?.[1]);
    expect(heading).toEqual(["program", "version", "recorded", "by", "how"]);
  });

  it("say where transcribed names come from", () => {
    const folder = path.join(FIXTURES, "transcribed");
    const silent = readdirSync(folder).filter((file) => {
      const text = readFileSync(path.join(folder, file), "utf8");
      return !text.startsWith("# Transcribed, not recorded") || !/^read:\n {2}- "/m.test(text);
    });
    expect(silent).toEqual([]);
  });
});

describe("the contract itself", () => {
  const process = (client: string) =>
    ` and on (network, node, client, stack) chain:expected_process{client="${client}"}`;
  const inventory = ["geth", "reth"].map((client) => ({
    where: "inventory",
    expr: "vector(1)",
    record: "chain:expected_process",
    labels: { network: "n", node: "a", client, stack: "s", role: "full" },
  }));
  const problemsOf = (expr: string) =>
    contractOf([
      ...inventory,
      { where: "heights", expr: "max by (network, node) (chain_probe_height)", record: "chain:height" },
      { where: "rule", expr },
    ]).problems;

  it.each([
    ["chain_probe_height"],
    [`chain_head_block${process("geth")}`],
    [`(reth_sync_checkpoint{stage="Finish"})${process("reth")}`],
    ['rate(node_cpu_seconds_total{mode="idle"}[5m])'],
    ['sum by (network, code) (rate(chain_proxy_requests_total{code=~"5.."}[5m]))'],
    ['chain:height{node=~".*"}'],
  ])("takes %s", (expr) => {
    expect(problemsOf(expr)).toEqual([]);
  });

  it.each([
    // A name that nobody has, and the one that was meant.
    ["chain_probe_hieght", "no chain_probe_hieght in any program that is scraped; nearest: chain_probe_height"],
    [
      `chain_head_blocks${process("geth")}`,
      "no chain_head_blocks in geth 1.17.5 (recorded); nearest: chain_head_block",
    ],
    ["chain:heigth", "no rule before it records chain:heigth; nearest: chain:height"],
    // A name of another client.
    [`ethereum_blockchain_height${process("geth")}`, "it is a series of besu, nethermind"],
    // A name of several programs, and nobody said whose.
    ["p2p_peers", "is a name of geth, erigon: say whose it is meant to be"],
    // A label that the series does not have.
    [`reth_sync_checkpoint{stages="Finish"}${process("reth")}`, 'no label "stages"; nearest: stage in reth'],
    ["sum by (codes) (chain_proxy_requests_total)", 'by "codes", which is not among'],
    ["chain_probe_up * on (vault) group_left () chain_node_ready", 'on, left side: "vault"'],
    ["sum without (code) (chain_probe_height)", 'without "code"'],
    ["chain:height * on (client) chain:height", 'on, right side: "client", which is not among network, node'],
    ['label_replace(chain_probe_up, "a", "$1", "moniker", "(.+)")', 'label_replace reads "moniker"'],
    ["histogram_quantile(0.9, chain_probe_up)", 'histogram_quantile needs "le"'],
    // A value that the label never has.
    [
      `reth_sync_checkpoint{stage="Finished"}${process("reth")}`,
      'stage is never "Finished"; nearest: Finish in reth 2.5.1 (transcribed)',
    ],
    ['node_cpu_seconds_total{mode="sleeping"}', 'mode is never "sleeping"'],
    ['chain_proxy_requests_total{code=~"9.."}', 'code is never like "9.."'],
    ['chain_probe_up{client="getth"}', 'client is never "getth"; nearest: geth'],
    // A series that is never stored.
    [`rpc_duration_eth_blockNumber_success${process("geth")}`, "is dropped at the scrape of geth"],
  ])("finds what is wrong with %s", (expr, problem) => {
    expect(problemsOf(expr)).toContainEqual(expect.stringContaining(problem));
  });

  it("tells the rule and its part", () => {
    expect(problemsOf("sum(chain_nothing_like_it)")).toEqual([
      "rule: chain_nothing_like_it: no chain_nothing_like_it in any program that is scraped",
    ]);
  });

  it("says how to record a program anew when its pin moves, and reads no fixture under a false name", () => {
    const kept: Source[] = [recordedSource("# program: a\n# version: 1\nx 1\n", "a-1.prom")];
    const pin = (change: Partial<Pin>): Pin => ({ program: "a", version: "1", recordable: true, ...change });
    expect(pinProblems([pin({})], kept)).toEqual([]);
    expect(pinProblems([pin({ version: "2" })], kept)).toEqual([
      "a: pinned 2, but kept is what 1 told; run: npm run record:metrics a",
    ]);
    expect(pinProblems([pin({ program: "b" })], kept)).toEqual([
      "b 1: none of its series are kept; run: npm run record:metrics b",
    ]);
    expect(pinProblems([pin({ version: "2", recordable: false })], kept)[0]).toContain("transcribed/a.yaml");
    expect(() => recordedSource("# program: a\n# version: 1\n", "a-2.prom")).toThrow("its heading says a 1");
  });
});
