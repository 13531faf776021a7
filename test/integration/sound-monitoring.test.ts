import { alertmanagerYaml, prometheusYaml } from "@chainkeep/core";
import fc from "fast-check";
import { soundMonitoring } from "../contract/sound-monitoring";
import { describeWith, findProgram } from "./find-program";
import { chainPlan } from "./monitored-plan";
import { inDirectory, runProgram } from "./rules/promtool";

const amtool = findProgram("amtool") ?? "";
const promtool = findProgram("promtool") ?? "";
const RUNS = 40 * Number(process.env.CHAINKEEP_THOROUGH ?? 1);
const MINUTE = 60_000;
const plan = chainPlan();
const stack = "dev";

describeWith({ amtool: amtool || undefined, promtool: promtool || undefined })("whatever monitoring is sound", () => {
  it(
    "gives configurations that Alertmanager and Prometheus take",
    async () => {
      await fc.assert(
        fc.asyncProperty(soundMonitoring, async (monitoring) => {
          const files = {
            "alertmanager.yml": alertmanagerYaml({ plan, stack, monitoring, agentWebhook: "http://127.0.0.1:26680/a" }),
            "prometheus.yml": prometheusYaml({
              plan,
              stack,
              monitoring,
              agent: "127.0.0.1:26680",
              alertmanager: "127.0.0.1:26693",
              prometheus: "127.0.0.1:26690",
              ruleFiles: [],
            }),
          };
          await inDirectory(files, async (directory) => {
            const told = await runProgram(amtool, ["check-config", "alertmanager.yml"], directory);
            expect(told).toEqual({ code: 0, output: expect.stringContaining("SUCCESS") });
            const scraped = await runProgram(
              promtool,
              ["check", "config", "--lint-fatal", "prometheus.yml"],
              directory,
            );
            expect(scraped).toEqual({ code: 0, output: expect.stringContaining("SUCCESS") });
          });
        }),
        { numRuns: RUNS },
      );
    },
    5 * MINUTE,
  );
});
