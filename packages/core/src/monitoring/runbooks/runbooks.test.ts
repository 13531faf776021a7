import { ALERTS } from "../alerts/catalogue";
import type { AlertDefinition } from "../types";
import { type AlertFigures, durationText, figureText, inventoryFigures } from "./figures";
import { inlineOf, withoutTemplate } from "./inline";
import { fileLinks, runbookIndexMarkdown, runbookMarkdown } from "./markdown";
import { runbookPage } from "./page";

const alert = (name: string, rest: Partial<AlertDefinition> = {}): AlertDefinition => ({
  name,
  preset: "core",
  group: "Availability",
  scope: "node",
  expr: () => "up == 0",
  forSeconds: () => 60,
  severity: "critical",
  owner: "ops",
  summary: "{{ $labels.node }} is off by {{ $value | humanize }}",
  description: () => "",
  dashboard: "node",
  runbook: {
    meaning: "What <it> is; see `Other` and `Slow`.",
    impact: "Bad. See [health](../guides/health.md).",
    diagnosis: ["Ask `npx chainkeep status`.", "Look."],
    mitigation: ["Mend it."],
  },
  ...rest,
});
const figures = (rest: Partial<AlertFigures> = {}): AlertFigures => ({
  severity: "critical",
  forSeconds: 60,
  expr: "up == 0",
  ...rest,
});

const LOUD = alert("Loud", { inhibits: [{ severities: ["warning", "info"], equal: ["network", "stack", "node"] }] });
const SLOW = alert("Slow", {
  replicatedSeverity: "warning",
  threshold: { value: () => 3, unit: "blocks", says: "blocks behind", min: 1, max: 9, whole: true },
  inhibits: [{ alerts: ["Other"], equal: ["network", "stack"] }],
});
const OTHER = alert("Other", { severity: "info", scope: "network" });
const SHRILL = alert("Shrill", { severity: "warning", inhibits: LOUD.inhibits ?? [] });
const ALL = [LOUD, SLOW, OTHER, SHRILL];

describe("runbookPage", () => {
  const page = runbookPage(
    SLOW,
    [
      { title: "devnet", alert: figures({ replicatedSeverity: "warning", threshold: 3, keepFiringSeconds: 300 }) },
      { title: "mainnet", alert: figures({ severity: "info", threshold: 7, forSeconds: 600, expr: "x > 7" }) },
      { title: "idle" },
    ],
    ALL,
  );

  it("has a column per cluster, also for one that does not have the alert", () => {
    expect(page.figures).toEqual({
      head: ["Figure", "devnet", "mainnet", "idle"],
      rows: [
        ["Severity of a validator, or of the only node of its role", "critical", "info", "not made"],
        ["Severity of a node that others can stand in for", "warning", "info", "not made"],
        ["Must hold for", "60 s", "600 s (10 min)", "not made"],
        ["Stays visible after that for", "300 s (5 min)", "0 s", "not made"],
        ["Threshold: blocks behind", "3 blocks", "7 blocks", "not made"],
      ],
    });
    expect(page.expressions).toEqual([
      { title: "devnet", expr: "up == 0" },
      { title: "mainnet", expr: "x > 7" },
    ]);
    const same = [
      { title: "a", alert: figures() },
      { title: "b", alert: figures() },
    ];
    expect(runbookPage(SLOW, same, ALL).expressions).toEqual([{ title: "a and b", expr: "up == 0" }]);
  });

  it("tells what is quiet because of what, seen from both sides", () => {
    expect(page.silences).toEqual(["`Other`, of the same network"]);
    expect(page.silencedBy).toEqual([
      "`Loud`, of the same node while this one is only warning",
      "`Shrill`, of the same node while this one is only warning",
    ]);
    // Two that quiet all the rest do not quiet each other.
    expect(runbookPage(SHRILL, [], ALL).silencedBy).toEqual([]);
    const quiet = runbookPage(OTHER, [], ALL);
    // Loud quiets warnings and infos of its node, and an alert of the network has no node.
    expect(quiet.silencedBy).toEqual(["`Slow`, of the same network"]);
    expect(runbookPage(LOUD, [], ALL)).toMatchObject({
      silencedBy: [],
      silences: ["every alert of severity warning or info, of the same node"],
    });
  });

  it("shows how to change it with figures that are allowed", () => {
    expect(page.change.example).toBe(
      'monitoring: { alerts: { Slow: { threshold: 3, forSeconds: 60, severity: "warning" } } }',
    );
    expect(page.change.text).toContain("a whole number from 1 to 9 (blocks)");
    expect(runbookPage(LOUD, [], ALL).change.text).toContain("compares with no figure");
  });
});

describe("runbookMarkdown", () => {
  it("has the four sections in their order, links to other alerts, and lets no text become markup", () => {
    const page = runbookPage(SLOW, [{ title: "devnet", alert: figures({ expr: 'a{b=~"c|d"} > 1' }) }], ALL);
    const text = runbookMarkdown(page, fileLinks(ALL));
    expect([...text.matchAll(/^#+ .+$/gm)].map((m) => m[0])).toEqual([
      "# Slow",
      "## Meaning",
      "## Impact",
      "## Diagnosis",
      "## Mitigation",
      "## Silenced by / silences",
      "## Expression",
      "## Change it",
    ]);
    expect(text).toContain("`<node>` is off by `<value>`.");
    // An alert does not lead to itself.
    expect(text).toContain("What \\<it> is; see [`Other`](Other.md) and `Slow`.");
    expect(text).toContain("See [health](../guides/health.md).");
    expect(text).toContain("1. Ask `npx chainkeep status`.\n2. Look.");
    expect(text).toContain('```promql\na{b=~"c|d"} > 1\n```');
  });

  it("shows only the words of a link that leads nowhere here", () => {
    const text = runbookMarkdown(runbookPage(SLOW, [], ALL), { alert: () => undefined, other: () => undefined });
    expect(text).toContain("See health.");
    expect(text).not.toContain("](");
  });
});

describe("runbookIndexMarkdown", () => {
  it("lists alerts under their headings, and no heading without an alert", () => {
    const text = runbookIndexMarkdown(
      [...ALL, alert("Full", { group: "Host" })].map((a) => ({ alert: a, severity: a.severity })),
      fileLinks(ALL),
    );
    expect([...text.matchAll(/^## .+$/gm)].map((m) => m[0])).toEqual(["## Availability", "## Host"]);
    expect(text).toContain("| [`Slow`](Slow.md) | critical | `core` | `ops` | `<node>` is off by `<value>` |");
    expect(text).toContain("| `Full` | critical |");
  });
});

describe("figures", () => {
  it.each([
    [0.05, "ratio", "0.05 (5 %)"],
    [90, "seconds", "90 s"],
    [5400, "seconds", "5400 s (1 h 30 min)"],
    [20e9, "bytes", "20000000000 bytes (20 GB)"],
    [3, "blocks", "3 blocks"],
    [0.4, "times", "0.4 times"],
  ])("%d %s reads %s", (value, unit, text) => {
    expect(figureText(value, unit)).toBe(text);
  });

  it.each([
    [0.35, "0.35 s"],
    [59, "59 s"],
    [60, "1 min"],
    [3725, "1 h 2 min"],
    [86_400, "1 d"],
    [90_061, "1 d 1 h"],
  ])("%d seconds last %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it("of the inventory leave out what an alert does not have", () => {
    const own = { name: "Slow", severity: "warning", owner: "ops", forSeconds: 5, expr: "x" };
    expect(inventoryFigures(own)).toEqual({ severity: "warning", forSeconds: 5, expr: "x" });
    expect(inventoryFigures({ ...own, threshold: 0, replicatedSeverity: "info" })).toMatchObject({
      threshold: 0,
      replicatedSeverity: "info",
    });
  });
});

describe("inlineOf", () => {
  it.each([
    ["", []],
    ["a `b` [c](d)", ["text:a ", "code:b", "text: ", "link:c"]],
    ["`Slow`: `a` ` b", ["alert:Slow", "text:: ", "code:a", "text: ` b"]],
    ["a [b] (c)", ["text:a [b] (c)"]],
  ])("takes %j apart", (line, pieces) => {
    expect(inlineOf(line, (name) => name === "Slow").map((p) => `${p.kind}:${p.text}`)).toEqual(pieces);
  });

  it("knows every form of template that a summary of the catalogue has", () => {
    for (const { name, summary } of ALERTS) expect(`${name}: ${withoutTemplate(summary)}`).not.toMatch(/\{\{|\}\}/);
  });
});
