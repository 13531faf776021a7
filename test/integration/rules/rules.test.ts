import { ALERTS, prometheusYaml, rulesYaml } from "@chainkeep/core";
import { describeWith, findProgram } from "../find-program";
import { inDirectory, runProgram, testRules } from "./promtool";
import { FIRST } from "./scenarios/first";
import {
  alone,
  firesAt,
  freeze,
  healthy,
  idle,
  LINKS,
  nodeStalled,
  quick,
  rising,
  rulesTest,
  type Scenario,
  STACK,
  silentAt,
  slow,
} from "./world";

const promtool = findProgram("promtool") ?? "";
const stands = (from: number, of = quick) => ({ ...healthy(of), height: freeze(from, rising(of)) });

/** Every scenario by its title; one that keeps an alert silent begins with the alert's name and says "silent". */
const SCENARIOS: Readonly<Record<string, Scenario>> = { ...FIRST };

describeWith({ promtool: findProgram("promtool") })("alert rules, judged by promtool", () => {
  it.each(Object.entries(SCENARIOS))(
    "%s",
    async (_, scenario) => {
      const outcome = await testRules(promtool, rulesTest(scenario));
      expect(outcome).toEqual({ code: 0, output: expect.stringContaining("SUCCESS") });
    },
    60_000,
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

  it.each([
    ["a fast network", quick],
    ["a slow network", slow],
    ["a network of one", alone],
    ["an idle network", idle],
  ])("finds nothing to complain of in rules and configuration of %s", async (_, plan) => {
    const input = { plan, stack: STACK, links: LINKS };
    const config = prometheusYaml({
      ...input,
      agent: "127.0.0.1:26680",
      alertmanager: "127.0.0.1:26693",
      prometheus: "127.0.0.1:26690",
      ruleFiles: ["rules.yml"],
    });
    await inDirectory({ "rules.yml": rulesYaml(input), "prometheus.yml": config }, async (directory) => {
      const rules = await runProgram(promtool, ["check", "rules", "--lint-fatal", "rules.yml"], directory);
      expect(rules).toEqual({ code: 0, output: expect.stringMatching(/SUCCESS: \d+ rules found/) });
      const checked = await runProgram(promtool, ["check", "config", "--lint-fatal", "prometheus.yml"], directory);
      expect(checked).toEqual({ code: 0, output: expect.stringContaining("is valid prometheus config file syntax") });
    });
  });
});
