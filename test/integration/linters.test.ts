import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { rulesYaml } from "../../packages/core/src/monitoring/rules";
import { inputs } from "../contract/metrics/rule-world";
import { describeWith, findProgram } from "./find-program";

const promtool = findProgram("promtool");
const pint = findProgram("pint");
const FOLDER = path.resolve(__dirname, "../fixtures/metrics/recorded");

describeWith({ promtool })("promtool", () => {
  const check = (input: string) => {
    const { status, stdout, stderr } = spawnSync(promtool ?? "", ["check", "metrics"], { input, encoding: "utf8" });
    return { status, said: `${stdout}${stderr}`.trim() };
  };

  it("has nothing to say against the agent's series", () => {
    const [file = ""] = readdirSync(FOLDER).filter((name) => name.startsWith("agent-"));
    expect(check(readFileSync(path.join(FOLDER, file), "utf8"))).toEqual({ status: 0, said: "" });
  });

  it("finds a counter without its suffix and a series without an explanation", () => {
    const { status, said } = check("# TYPE chain_made counter\nchain_made 1\n");
    expect(status).toBe(3);
    expect(said).toContain("no help text");
    expect(said).toContain("_total");
  });
});

/** No registry that can be reached from here has pint: it is used where somebody has it. */
function describeWithPint(): jest.Describe {
  if (pint !== undefined) return describe;
  process.stderr.write("skipped: pint not found; put v0.70.0 on PATH, or name it in CHAINKEEP_PINT\n");
  return describe.skip;
}

describeWithPint()("pint", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "chainkeep-pint-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("finds nothing in the rules of every client", () => {
    writeFileSync(path.join(folder, ".pint.hcl"), 'parser {\n  include = [".*"]\n}\n');
    for (const [name, input] of inputs) writeFileSync(path.join(folder, `${name}.yml`), rulesYaml(input));
    const args = ["--no-color", "--offline", "lint", "--min-severity=warning", "--fail-on=warning", "."];
    // Throws with pint's words when it finds something.
    execFileSync(pint ?? "", args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
  });
});
