import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

export const REPOSITORY = path.resolve(__dirname, "../..");
export const STACK = "bench";
export const SEED = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/** Resources that a preview shows, by URN. */
export type Planned = Readonly<Record<string, unknown>>;

export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Second line of the shell's `times`: user and system time of what it ran, as 0m1.23s. */
function childSeconds(times: string): number {
  const found = [...(times.trim().split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  if (found.length !== 2) throw new Error(`cannot read the shell's times: ${times}`);
  return found.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** A project as a user has it, in a directory of its own, with backend and Pulumi home inside: nothing of the user's is touched. */
export class PreviewProject {
  readonly root = mkdtempSync(path.join(tmpdir(), "chainkeep-bench-"));
  private readonly env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1", PULUMI_ERROR_OUTPUT_STRING: "1" };

  /** @param program directory whose files become the project's program */
  constructor(program: string) {
    // What a stack wants from its package.json, e.g. to be an ES module, both programs want.
    for (const from of [path.join(REPOSITORY, "stacks", "local"), program]) {
      cpSync(from, this.program, { recursive: true, filter: (name) => !name.includes("node_modules") });
    }
    cpSync(path.join(REPOSITORY, "Pulumi.yaml"), path.join(this.root, "Pulumi.yaml"));
    for (const shared of ["packages", "node_modules"]) {
      symlinkSync(path.join(REPOSITORY, shared), path.join(this.root, shared));
    }
    writeFileSync(path.join(this.root, "package.json"), '{ "name": "bench", "private": true }\n');
  }

  /** Where the program lies. */
  get program(): string {
    return path.join(this.root, "stacks", "local");
  }

  async init(): Promise<void> {
    await this.run(process.execPath, path.join(REPOSITORY, "packages/cli/bin/chainkeep.js"), "setup", "--stack", STACK);
    for (const key of ["seed", "vaultPassword"])
      await this.pulumi("config", "set", "--secret", `chainkeep:${key}`, SEED);
  }

  write(name: string, content: string): void {
    writeFileSync(path.join(this.program, name), content);
  }

  /** One preview: by the clock, and what all of its processes computed, which other work on the machine does not change. */
  async preview(): Promise<Cost> {
    const started = process.hrtime.bigint();
    const script = '"$@" > /dev/null && times';
    const times = await this.run("/bin/sh", "-c", script, "sh", ...this.command("preview"));
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    return { seconds, cpuSeconds: childSeconds(times) };
  }

  /** What a preview would create. */
  async planned(): Promise<Planned> {
    const { steps } = JSON.parse(await this.pulumi("preview", "--json")) as {
      steps: { urn: string; op: string; newState?: { inputs?: unknown; parent?: string; dependencies?: string[] } }[];
    };
    return Object.fromEntries(
      steps
        .filter((step) => !step.urn.includes("pulumi:pulumi:Stack::"))
        .map(({ urn, op, newState: { inputs, parent, dependencies = [] } = {} }) => [
          urn,
          { op, inputs: inputs ?? {}, parent, dependencies: [...dependencies].sort() },
        ]),
    );
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private pulumi(...args: string[]): Promise<string> {
    const [program = "", ...all] = this.command(...args);
    return this.run(program, ...all);
  }

  private command(...args: string[]): string[] {
    return [path.join(this.root, ".chainkeep", "bin", "pulumi"), ...args, "--non-interactive", "--stack", STACK];
  }

  private run(program: string, ...args: string[]): Promise<string> {
    const options = { cwd: this.root, env: this.env, maxBuffer: 256 * 1024 * 1024 };
    return new Promise((resolve, reject) => {
      execFile(program, args, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${path.basename(program)} ${args[0]}: ${error.message}\n${stdout}\n${stderr}`));
      });
    });
  }
}
