import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "../..");
const EXAMPLES = path.join(ROOT, "examples");
const programs = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? [e.name] : []));

describe("examples", () => {
  let project: string;
  const chainkeep = (...args: string[]) => {
    const bin = path.join(ROOT, "packages/cli/bin/chainkeep.js");
    const env = { ...process.env, NO_COLOR: "1", PULUMI_ERROR_OUTPUT_STRING: "1" };
    const result = spawnSync(process.execPath, [bin, ...args], { cwd: project, env, encoding: "utf8" });
    if (result.status !== 0) throw new Error(`chainkeep ${args.join(" ")}: ${result.stdout}${result.stderr}`);
  };

  beforeAll(() => {
    project = mkdtempSync(path.join(tmpdir(), "chainkeep-examples-"));
    for (const name of ["packages", "node_modules"]) symlinkSync(path.join(ROOT, name), path.join(project, name));
    cpSync(EXAMPLES, path.join(project, "examples"), { recursive: true });
    cpSync(path.join(ROOT, "Pulumi.yaml"), path.join(project, "Pulumi.yaml"));
    cpSync(path.join(ROOT, "stacks"), path.join(project, "stacks"), { recursive: true });
    chainkeep("setup");
  }, 1_800_000);

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it.each(programs)(
    "%s has a preview that makes its nodes and nothing else",
    (name) => {
      const pulumi = (...args: string[]) => {
        const bin = path.join(project, ".chainkeep", "bin", "pulumi");
        return spawnSync(bin, args, { cwd: path.join(project, "examples", name), encoding: "utf8" });
      };
      expect(pulumi("stack", "init", name).stderr).not.toMatch(/error:/);
      expect(pulumi("config", "set", "--secret", "seed", "s".repeat(64)).status).toBe(0);
      const preview = pulumi("preview", "--non-interactive", "--stack", name);
      expect(`${preview.status}\n${preview.stdout}${preview.stderr}`).toMatch(/^0\n/);
      expect(preview.stdout).toMatch(/\+ \d+ to create/);
      expect(preview.stdout).not.toMatch(/to delete|to replace|warning/);
    },
    180_000,
  );
});
