import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";

/** Value of a series at a second after the start; undefined while the series is not there. */
export type Signal = (second: number) => number | undefined;

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: Signal;
}

export interface ExpectedAlert {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** All alerts that fire at a second; those of `names` that are not listed must be silent. */
export interface Check {
  readonly at: number;
  readonly firing: readonly ExpectedAlert[];
}

/** All series that an expression gives at a second; labels as in `name{label="value"}`, without a name for what was reckoned. */
export interface ExpectedValue {
  readonly at: number;
  readonly expr: string;
  readonly gives: readonly { readonly series: string; readonly value: number }[];
}

export interface RulesTest {
  readonly rules: string;
  readonly scrapeSeconds: number;
  readonly names: readonly string[];
  readonly series: readonly Series[];
  readonly checks: readonly Check[];
  readonly values?: readonly ExpectedValue[];
}

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** A temporary directory that is gone afterwards. */
export async function inDirectory<T>(
  files: Readonly<Record<string, string>>,
  action: (directory: string) => Promise<T>,
) {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-rules-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(directory, name), content);
    return await action(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export function runProgram(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, output: `${stdout}${stderr}` });
      else reject(error);
    });
  });
}

/** `promtool test rules` with one scenario. */
export function testRules(promtool: string, test: RulesTest): Promise<Outcome> {
  return inDirectory({ "rules.yml": test.rules, "test.yml": testFile(test) }, (directory) =>
    runProgram(promtool, ["test", "rules", "test.yml"], directory),
  );
}

function testFile({ scrapeSeconds, names, series, checks, values = [] }: RulesTest): string {
  const seconds = Math.max(...[...checks, ...values].map((c) => c.at)) + scrapeSeconds;
  return stringify({
    rule_files: ["rules.yml"],
    evaluation_interval: `${scrapeSeconds}s`,
    group_eval_order: [
      "chainkeep-inventory",
      "chainkeep-canonical",
      "chainkeep-canonical-slow",
      "chainkeep-alerts",
      "chainkeep-alerts-slow",
    ],
    tests: [
      {
        interval: `${scrapeSeconds}s`,
        input_series: series.map((s) => ({ series: seriesName(s), values: samples(s.value, seconds, scrapeSeconds) })),
        alert_rule_test: checks.flatMap((check) =>
          names.map((name) => ({
            eval_time: `${check.at}s`,
            alertname: name,
            exp_alerts: check.firing
              .filter((alert) => alert.name === name)
              .map((alert) => ({ exp_labels: alert.labels, exp_annotations: alert.annotations })),
          })),
        ),
        promql_expr_test: values.map(({ at, expr, gives }) => ({
          expr,
          eval_time: `${at}s`,
          exp_samples: gives.map(({ series: labels, value }) => ({ labels, value })),
        })),
      },
    ],
  });
}

function seriesName({ name, labels }: Series): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(",")}}`;
}

/** A series that ends is marked stale, as Prometheus does when a scrape no longer has it. */
function samples(value: Signal, seconds: number, step: number): string {
  const words: string[] = [];
  let there = false;
  for (let second = 0; second <= seconds; second += step) {
    const now = value(second);
    if (now === undefined) words.push(there ? "stale" : "_");
    else words.push(String(now));
    there = now !== undefined;
  }
  return words.join(" ");
}
