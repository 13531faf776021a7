import { existsSync } from "node:fs";
import * as path from "node:path";
import { buildProgram } from "../../packages/cli/src/program";
import { ALERTS } from "../../packages/core/src/monitoring/alerts/catalogue";
import type { AlertDefinition } from "../../packages/core/src/monitoring/types";
import { filesThere, RUNBOOKS, runbookDrift, runbookFiles } from "../../scripts/docs/runbook-pages";
import { ROOT } from "../../scripts/docs/source-files";
import { commandProblem, namedCommands } from "./named-commands";

const FILES = runbookFiles();
const { command: program } = buildProgram("0.0.0");

/** What a person at night would stumble over: an empty section, a command or a link that leads nowhere. */
function runbookProblems(alert: AlertDefinition): string[] {
  const { meaning, impact, diagnosis, mitigation } = alert.runbook;
  const sections = { meaning: [meaning], impact: [impact], diagnosis, mitigation };
  return Object.entries(sections).flatMap(([section, lines]) => {
    const at = `${alert.name}.${section}`;
    if (lines.length === 0) return [`${at}: empty`];
    return lines.flatMap((line) => [
      ...(line.trim().length < 10 ? [`${at}: ${JSON.stringify(line)} says nothing`] : []),
      ...(line.includes("\n") ? [`${at}: a line of its own for each step`] : []),
      ...((line.match(/`/g)?.length ?? 0) % 2 === 1 ? [`${at}: a backtick is not closed`] : []),
      ...namedCommands(line).flatMap((text) => {
        const problem = commandProblem(text, program);
        return problem === undefined ? [] : [`${at}: \`${text}\`: ${problem}`];
      }),
      ...brokenLinks(line).map((link) => `${at}: ${link} leads nowhere`),
    ]);
  });
}

function brokenLinks(line: string): string[] {
  const links = [...line.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  return links.filter((link) => {
    if (/^https:/.test(link)) return false;
    const target = path.posix.join(RUNBOOKS, link.split("#")[0] ?? "");
    return !FILES.has(target) && !existsSync(path.join(ROOT, target));
  });
}

const sound: AlertDefinition = {
  name: "Planted",
  preset: "core",
  group: "Availability",
  scope: "node",
  expr: () => "vector(1)",
  forSeconds: () => 60,
  severity: "info",
  owner: "ops",
  summary: "planted",
  description: () => "planted",
  dashboard: "fleet",
  runbook: {
    meaning: "It was planted by a test.",
    impact: "None: it is of no [consequence](README.md).",
    diagnosis: ["Ask `npx chainkeep status --json`, then `npx chainkeep logs <process> -n 50`."],
    mitigation: ["`chainkeep tools geth btcd --resolve`, and end the test."],
  },
};

describe("runbooks", () => {
  it("of all alerts have four sections with commands that exist and links that lead somewhere", () => {
    expect(ALERTS.flatMap(runbookProblems)).toEqual([]);
  });

  it.each<[string, Partial<AlertDefinition["runbook"]>, string[]]>([
    ["nothing", {}, []],
    ["an empty text", { meaning: " " }, ['Planted.meaning: " " says nothing']],
    ["no steps", { diagnosis: [] }, ["Planted.diagnosis: empty"]],
    [
      "a step in several lines",
      { mitigation: ["First this,\nthen that."] },
      ["Planted.mitigation: a line of its own for each step"],
    ],
    ["an open backtick", { impact: "Ask `npx chainkeep status." }, ["Planted.impact: a backtick is not closed"]],
    [
      "an unknown command",
      { diagnosis: ["Try `npx chainkeep repair rpc-0`."] },
      ['Planted.diagnosis: `npx chainkeep repair rpc-0`: there is no command "repair"'],
    ],
    [
      "an unknown flag",
      { diagnosis: ["Try `chainkeep status --verbose` now."] },
      ["Planted.diagnosis: `chainkeep status --verbose`: status has no --verbose"],
    ],
    [
      "a flag without its value",
      { diagnosis: ["Try `chainkeep status --stack` now."] },
      ["Planted.diagnosis: `chainkeep status --stack`: --stack wants a value"],
    ],
    [
      "a missing word",
      { diagnosis: ["Try `chainkeep logs` now."] },
      ["Planted.diagnosis: `chainkeep logs`: logs wants <process>"],
    ],
    [
      "a word too many",
      { diagnosis: ["Try `chainkeep status rpc-0` now."] },
      ["Planted.diagnosis: `chainkeep status rpc-0`: status takes no rpc-0"],
    ],
    [
      "a dead link",
      { impact: "Read [this](../guides/nothing.md) first." },
      ["Planted.impact: ../guides/nothing.md leads nowhere"],
    ],
  ])("with %s are told as such", (_, change, problems) => {
    expect(runbookProblems({ ...sound, runbook: { ...sound.runbook, ...change } })).toEqual(problems);
  });
});

describe("pages of docs/runbooks", () => {
  it("are one for each alert and an index, and no other", () => {
    const names = [...ALERTS.map((a) => a.name), "README"].map((name) => `${RUNBOOKS}/${name}.md`);
    expect(filesThere()).toEqual(names.sort());
  });

  it("show figures and an expression of a cluster that has the alert", () => {
    const bare = [...FILES].filter(([, text]) => text.includes("No cluster is known")).map(([file]) => file);
    // Who adds such an alert adds a cluster that has it to scripts/docs/example-clusters.ts.
    expect(bare).toEqual([]);
    const nowhere = { ...sound, applies: () => false };
    expect(runbookFiles([nowhere]).get(`${RUNBOOKS}/Planted.md`)).toContain("No cluster is known");
  });

  it("that are old, missing or without an alert are found", () => {
    const files = runbookFiles([sound]);
    const page = `${RUNBOOKS}/Planted.md`;
    const index = `${RUNBOOKS}/README.md`;
    const there = (file: string) => files.get(file) ?? "";
    expect(runbookDrift(files, [index, page], there)).toEqual([]);
    expect(runbookDrift(files, [index], there)).toEqual([`${page}: missing; run npm run docs`]);
    expect(runbookDrift(files, [`${RUNBOOKS}/Gone.md`, index, page], there)).toEqual([
      `${RUNBOOKS}/Gone.md: belongs to no alert; run npm run docs, or remove it`,
    ]);
    const changed = (file: string) => there(file).replace("planted by a test", "planted by hand");
    expect(runbookDrift(files, [index, page], changed)).toEqual([
      expect.stringMatching(
        /Planted\.md: is not as its alert says[\s\S]*- It was planted by hand\.\n\+ It was planted by a test\./,
      ),
    ]);
  });
});
