import { ALERTS, type MonitoringArgs, PRESETS, type Preset, prometheusYaml, rulesYaml } from "@chainkeep/core";
import { describeWith, findProgram } from "../find-program";
import { inDirectory, runProgram, testRules } from "./promtool";
import { AVAILABILITY } from "./scenarios/availability";
import { BACKUP } from "./scenarios/backup";
import { BACKUP_PROOFS } from "./scenarios/backup-proofs";
import { BEHIND } from "./scenarios/behind";
import { BUDGET } from "./scenarios/budget";
import { CALM } from "./scenarios/calm";
import { COST } from "./scenarios/cost";
import { DISK } from "./scenarios/disk";
import { FINALITY_AND_ENGINE } from "./scenarios/finality";
import { FORKS } from "./scenarios/forks";
import { HOST } from "./scenarios/host";
import { META } from "./scenarios/meta";
import { PEERS } from "./scenarios/peers";
import { PROGRESS } from "./scenarios/progress";
import { RESTARTS } from "./scenarios/restarts";
import { RPC } from "./scenarios/rpc";
import { SECURITY } from "./scenarios/security";
import { VALIDATOR } from "./scenarios/validator";
import { VALIDATOR_KEYS } from "./scenarios/validator-keys";
import {
  alone,
  bitcoin,
  cometbft,
  ethereum,
  firesAt,
  freeze,
  healthy,
  idle,
  kept,
  LINKS,
  nodeStalled,
  ownProtocol,
  quick,
  rising,
  rulesTest,
  type Scenario,
  STACK,
  silentAt,
  slow,
  substrate,
  wide,
} from "./world";

const promtool = findProgram("promtool") ?? "";
const stands = (from: number, of = quick) => ({ ...healthy(of), height: freeze(from, rising(of)) });

/** Every scenario by its title; one that keeps an alert silent begins with the alert's name and says "silent". */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ...CALM,
  ...AVAILABILITY,
  ...RESTARTS,
  ...PROGRESS,
  ...BEHIND,
  ...FORKS,
  ...FINALITY_AND_ENGINE,
  ...PEERS,
  ...RPC,
  ...BUDGET,
  ...VALIDATOR,
  ...VALIDATOR_KEYS,
  ...DISK,
  ...HOST,
  ...BACKUP,
  ...BACKUP_PROOFS,
  ...SECURITY,
  ...COST,
  ...META,
};

describeWith({ promtool: findProgram("promtool") })("alert rules, judged by promtool", () => {
  it.concurrent.each(Object.entries(SCENARIOS))(
    "%s",
    async (_, scenario) => {
      const outcome = await testRules(promtool, rulesTest(scenario));
      expect(outcome).toEqual({ code: 0, output: expect.stringContaining("SUCCESS") });
    },
    180_000,
  );

  it("has for each alert a scenario in which it fires and one that keeps it silent", () => {
    const scenarios = Object.entries(SCENARIOS);
    const firing = scenarios.flatMap(([, s]) => s.checks.flatMap((c) => c.firing.map((alert) => alert.name)));
    const silent = scenarios.filter(([title]) => title.includes("silent")).map(([title]) => title);
    for (const { name } of ALERTS) {
      expect(firing).toContain(name);
      expect(silent).toContainEqual(expect.stringMatching(new RegExp(`^${name}\\b`)));
    }
  });

  it("notices an alert that nobody expected, and a wrong text", async () => {
    const unexpected = { plan: quick, nodes: { "rpc-0": stands(60) }, checks: silentAt(310) };
    expect((await testRules(promtool, rulesTest(unexpected))).code).not.toBe(0);
    const alert = nodeStalled(quick, "rpc-0");
    const other = { ...alert, annotations: { ...alert.annotations, summary: "something else" } };
    const wrong = { ...unexpected, checks: [firesAt(310, other)] };
    expect((await testRules(promtool, rulesTest(wrong))).code).not.toBe(0);
  }, 60_000);

  const plans = { quick, kept, slow, alone, idle, wide, ownProtocol, ethereum, cometbft, bitcoin, substrate };
  const sets: readonly (readonly Preset[] | undefined)[] = [undefined, PRESETS, ...PRESETS.map((preset) => [preset])];

  it.each(Object.entries(plans))(
    "finds nothing to complain of in rules and configuration of %s",
    async (_, plan) => {
      for (const presets of sets) {
        const monitoring: MonitoringArgs = {
          reference: { url: "https://reference.example.org" },
          ...(presets ? { presets: [...presets] } : {}),
          scrape: { exporter: { targets: ["127.0.0.1:28686"] } },
        };
        const input = { plan, stack: STACK, links: LINKS, monitoring, monthlyBudgetUsd: 100 };
        const config = prometheusYaml({
          ...input,
          agent: "127.0.0.1:26680",
          alertmanager: "127.0.0.1:26693",
          prometheus: "127.0.0.1:26690",
          ruleFiles: ["rules.yml"],
        });
        await inDirectory({ "rules.yml": rulesYaml(input), "prometheus.yml": config }, async (directory) => {
          const rules = await runProgram(
            promtool,
            ["check", "rules", "--lint=all", "--lint-fatal", "rules.yml"],
            directory,
          );
          expect(rules).toEqual({ code: 0, output: expect.stringMatching(/SUCCESS: \d+ rules found/) });
          const checked = await runProgram(
            promtool,
            ["check", "config", "--lint=all", "--lint-fatal", "prometheus.yml"],
            directory,
          );
          expect(checked).toEqual({
            code: 0,
            output: expect.stringContaining("is valid prometheus config file syntax"),
          });
        });
      }
    },
    60_000,
  );
});
