import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { FakeAgent } from "./agent/fake-agent.fixture";
import { run } from "./run";

/** A project with an agent, and a Pulumi that only writes down what it was asked. */
export class CliWorld {
  readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), "chainkeep-cli-")));
  readonly agent = new FakeAgent();
  out = "";
  err = "";
  private readonly before = { cwd: process.cwd(), env: { ...process.env } };

  constructor() {
    const yaml = 'name: t\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: "--import tsx"\n';
    writeFileSync(path.join(this.root, "Pulumi.yaml"), yaml);
    const stdout = (text: string | Uint8Array) => {
      this.out += text;
      return true;
    };
    jest.spyOn(process.stdout, "write").mockImplementation(stdout);
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      this.err += text;
      return true;
    });
    process.chdir(this.root);
  }

  async cli(...args: string[]): Promise<number> {
    this.out = "";
    this.err = "";
    return run(args, "9.9.9");
  }

  cluster(name = "devnet", inventory: object = {}): string {
    const stateDir = path.join(this.root, ".chainkeep", "run", "local", name);
    const nodes = [{ name: "rpc-0" }, { name: "mirror-0" }];
    const listen = { host: "127.0.0.1", port: this.agent.port };
    mkdirSync(path.join(stateDir, "agent"), { recursive: true });
    const content = JSON.stringify({ stack: "local", cluster: name, listen, nodes, ...inventory });
    writeFileSync(path.join(stateDir, "agent", "agent.json"), content);
    return stateDir;
  }

  /** Programs that do nothing but what a test needs. */
  programs(pulumi: string): void {
    const bin = path.join(this.root, "programs");
    mkdirSync(bin, { recursive: true });
    const names = ["pulumi", "pulumi-language-nodejs", "process-compose", "cometbft"].concat([
      "prometheus",
      "alertmanager",
      "node_exporter",
    ]);
    // Nothing is downloaded for a test.
    process.env.CHAINKEEP_GRAFANA = "off";
    for (const name of names) {
      const log = name === "pulumi" ? `echo "$*" >> ${this.root}/pulumi.log\n${pulumi}` : "exit 0";
      writeFileSync(path.join(bin, name), `#!/bin/sh\n${log}\n`);
      chmodSync(path.join(bin, name), 0o755);
      process.env[`CHAINKEEP_${name.toUpperCase().replaceAll("-", "_")}`] = path.join(bin, name);
    }
  }

  get pulumiCalls(): string[] {
    const log = path.join(this.root, "pulumi.log");
    const calls = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    return calls.filter((call) => call !== "version");
  }

  read(...parts: string[]): string {
    return readFileSync(path.join(this.root, ...parts), "utf8");
  }

  async dispose(): Promise<void> {
    jest.restoreAllMocks();
    process.chdir(this.before.cwd);
    process.env = this.before.env;
    await this.agent.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
