import { ALERTS } from "../../packages/core/src/monitoring/alerts/catalogue";
import { AT_ONCE } from "./lint/alert-checks";
import { CHECKS, lint } from "./lint/lint";
import { HEIGHT_MEANT } from "./lint/promql-checks";
import { canonicalLabels, clients, type Rule, usualWorlds, worlds } from "./metrics/rule-world";
import { allSources } from "./metrics/sources";

const ground = { sources: allSources(), clients, catalogue: canonicalLabels };
const SCRAPE = 15;

describe("rules", () => {
  it.each(worlds.map((world) => [world.name, world] as const))("of %s, all sets of alerts on, pass", (_, world) => {
    expect(lint(world.rules, world.scrapeSeconds, ground)).toEqual([]);
  });

  it.each(usualWorlds.map((world) => [world.name, world] as const))("of %s as usual pass", (_, world) => {
    expect(lint(world.rules, world.scrapeSeconds, ground)).toEqual([]);
  });

  it("need every exception that is listed", () => {
    const atOnce = worlds.flatMap(({ rules }) => rules.filter((rule) => rule.for === "0s").map((rule) => rule.alert));
    expect(Object.keys(AT_ONCE).filter((alert) => !atOnce.includes(alert))).toEqual([]);
    const names = ALERTS.map((alert) => alert.name);
    expect(Object.keys(HEIGHT_MEANT).filter((alert) => !names.includes(alert))).toEqual([]);
  });
});

const RECORDED: readonly Rule[] = [
  { record: "chain:up", expr: "max by (network, node, client, role, stack) (chain_probe_up)" },
  { record: "chain:reorgs_total", expr: "max by (network, node, client, role, stack) (chain_probe_reorgs_total)" },
  { record: "chain:min_peers", expr: "vector(3)", labels: { network: "n", stack: "s" } },
];

const SOUND: Rule = {
  alert: "NodeDown",
  expr: "chain:up == 0",
  for: "60s",
  labels: { severity: "critical", owner: "ops" },
  annotations: {
    summary: "{{ $labels.node }} is down",
    description: "{{ $labels.node }} of {{ $labels.network }}",
    runbook_url: "https://example.org/NodeDown",
    dashboard_url: "https://example.org/d/node?var-node={{ $labels.node }}",
  },
};

const lintOf = (...rules: readonly Partial<Rule>[]) =>
  lint(
    [...RECORDED, ...rules.map((rule) => ("record" in rule ? (rule as Rule) : { ...SOUND, ...rule }))],
    SCRAPE,
    ground,
  );
const saying = (text: string) => ({ annotations: { ...SOUND.annotations, description: text } });

/** One thing that is wrong with an alert or a rule, by the check that must say so. */
const PLANTED: readonly [string, Partial<Rule>, string][] = [
  ["alerts/annotation", { annotations: { ...SOUND.annotations, summary: " " } }, "no summary"],
  [
    "alerts/annotation",
    { annotations: { ...SOUND.annotations, runbook_url: "runbooks/NodeDown" } },
    "runbook_url is no address",
  ],
  ["alerts/annotation", { annotations: { ...SOUND.annotations, sumary: "x" } }, "nobody reads the annotation sumary"],
  ["alerts/comparison", { expr: "chain:up" }, "always has an answer"],
  ["alerts/comparison", { expr: "chain:up > bool 0" }, "always has an answer"],
  ["alerts/comparison", { expr: "(chain:up == 0) or chain:up" }, "always has an answer"],
  ["alerts/for", { for: "30s" }, "waits for 30s, with a scrape each 15 s"],
  ["alerts/for", { for: "0s" }, "fires at once, and no reason is listed"],
  [
    "alerts/template",
    { expr: "max by (network) (chain:up) == 0" },
    "shows $labels.node, which its expression does not keep",
  ],
  ["alerts/template", { expr: "(chain:up == 0) or (max by (network) (chain:up) == 0)" }, "shows $labels.node"],
  [
    "alerts/template",
    { expr: "absent(chain:up)", ...saying("{{ $value }}") },
    "shows $value, which is always that of absent(chain:up)",
  ],
  ["promql/rate", { expr: "rate(chain:reorgs_total[30s]) > 0" }, "30 s hold fewer than four scrapes"],
  ["promql/rate", { expr: "rate(chain:up[5m]) > 0" }, "chain:up is no counter"],
  ["promql/rate", { record: "chain:load", expr: "rate(node_memory_MemAvailable_bytes[5m])" }, "is no counter"],
  ["promql/counter", { expr: "chain:reorgs_total > 5" }, "chain:reorgs_total is a counter: use increase or rate"],
  ["promql/counter", { record: "chain:made", expr: "max by (node) (chain_probe_rpc_errors_total)" }, "is a counter"],
  [
    "promql/counter",
    { record: "chain:made_total", expr: "max by (node) (chain_probe_height)" },
    "chain_probe_height is no counter",
  ],
  ["promql/vector_matching", { expr: "chain:up < chain:min_peers" }, "only one side has node, client, role"],
  ["promql/vector_matching", { expr: "chain:up and chain:min_peers" }, "only one side has node, client, role"],
  ["promql/regexp", { expr: 'chain:up{client=~"geth"} == 0' }, 'client=~"geth" is no pattern; use ='],
  ["promql/regexp", { expr: 'chain:up{client!~"geth"} == 0' }, 'client!~"geth" is no pattern; use !='],
  ["promql/regexp", { expr: 'chain:up{client=~"^geth|reth$"} == 0' }, "^ and $ are there already"],
  ["promql/regexp", { expr: 'chain:up{node=~".*"} == 0' }, "takes everything"],
  ["promql/offset", { expr: "chain:up offset -5m == 0" }, "an offset below 0"],
  ["rule/name", { record: "height", expr: "max(chain_probe_height)" }, "height is no name of a canonical series"],
  ["rule/name", { alert: "node_down" }, "node_down is not in PascalCase"],
  ["rule/label", { labels: { severity: "urgent", owner: "ops" } }, 'severity is "urgent"'],
  ["rule/label", { labels: { severity: "critical", owner: "nobody" } }, 'owner is "nobody"'],
  ["rule/label", { labels: { ...SOUND.labels, team: "a" } }, "puts on team, which no route knows"],
  ["rule/duplicate", { record: "chain:up", expr: "max(chain_probe_up)" }, "is there 2 times"],
  ["rule/duplicate", { record: "chain:alive", expr: RECORDED[0]!.expr }, "says the same as chain:up"],
];

describe("the lint", () => {
  it.each<[string, Partial<Rule>]>([
    ["a sound alert", {}],
    [
      "a growth that sees the first event",
      { expr: "chain:reorgs_total - min_over_time(chain:reorgs_total[900s]) > 0" },
    ],
    ["a condition behind and", { expr: "max_over_time(chain:up[60s]) and on (node) (chain:up == 1)" }],
    ["a counter that is counted", { expr: "increase(chain:reorgs_total[900s]) > 0" }],
    ["an absence", { expr: "chain:up unless on (network, stack) chain:min_peers" }],
    ["the value of a comparison", saying("{{ $labels.node }}: {{ $value }}")],
    ["a counter that is handed on", { record: "chain:kills_total", expr: "max by (host) (node_vmstat_oom_kill)" }],
  ])("takes %s", (_, rule) => {
    expect(lintOf(rule)).toEqual([]);
  });

  it.each(PLANTED)("%s finds a planted fault: %j", (check, rule, problem) => {
    const found = lintOf(rule).filter((line) => line.startsWith(`${check}: `));
    expect(found).toContainEqual(expect.stringContaining(problem));
  });

  it("finds an alert that is there twice with one severity, and takes one with two", () => {
    const warning = { labels: { ...SOUND.labels, severity: "warning" } };
    expect(lintOf({}, warning)).toEqual([]);
    expect(lintOf({}, {})).toContain("rule/duplicate: NodeDown: is there 2 times");
  });

  it("has a planted fault for every check", () => {
    const planted = new Set(PLANTED.map(([check]) => check));
    expect(CHECKS.map((check) => check.name).filter((name) => !planted.has(name))).toEqual([]);
  });
});
