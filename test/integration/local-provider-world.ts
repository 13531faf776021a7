import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { supervisorIdOf } from "../../packages/local/src/supervisor/paths";
import { endProcess, markedProcesses, parentOf } from "../../packages/local/src/supervisor/process-table";

const REPOSITORY = path.resolve(__dirname, "../..");
const PACKAGE = path.join(REPOSITORY, "packages/local");

/** A process of the trial program; `more` goes to the Process as it is. */
export interface TrialProcess {
  readonly say: string;
  /** "die" ends the process at once. */
  readonly ending?: "die";
  readonly config?: string;
  readonly more?: object;
}

export interface TrialPlan {
  readonly processes: Readonly<Record<string, TrialProcess>>;
  readonly identity?: string;
  readonly purgeData?: boolean;
}

export interface Outcome {
  readonly ok: boolean;
  readonly text: string;
}

/** A Pulumi project with the real provider, a file backend and a program that follows a plan. */
export interface World {
  readonly root: string;
  readonly stateDir: string;
  pulumi(...args: string[]): Promise<Outcome>;
  /** `pulumi up`, and how many resources it created, updated, left the same, ... */
  up(plan: TrialPlan, ...args: string[]): Promise<Outcome & { changes: Record<string, number> }>;
  plan(plan: TrialPlan): void;
  /** The daemon and its processes by their mark, whoever their parent is; without their children and the log's helper. */
  marked(): { pid: number; name: string | undefined }[];
  close(): Promise<void>;
}

/** What runs: prints what it is told, makes data, tells of a reload, and waits. */
const SCRIPT = [
  'echo "says $0"',
  "touch data",
  'test "$1" = die && exit 7',
  "trap 'echo reloaded' HUP",
  "while :; do sleep 0.2; done",
].join("; ");

function program(stateDir: string, binary: string): string {
  return `
const pulumi = require("@pulumi/pulumi");
const { readFileSync } = require("fs");
const { Supervisor } = require(${JSON.stringify(path.join(PACKAGE, "dist/resources/supervisor"))});
const { FileSet } = require(${JSON.stringify(path.join(PACKAGE, "dist/resources/file-set"))});
const { Process } = require(${JSON.stringify(path.join(PACKAGE, "dist/resources/process"))});
const plan = JSON.parse(readFileSync("plan.json", "utf8"));
const stateDir = ${JSON.stringify(stateDir)};
const supervisor = new Supervisor("supervisor", { stateDir, binary: ${JSON.stringify(binary)} });
for (const [name, { say, ending, config = "", more = {} }] of Object.entries(plan.processes)) {
  const directory = stateDir + "/nodes/" + name;
  const files = new FileSet(name + "-files", {
    directory,
    files: {
      "etc/config": { content: config },
      "etc/late": { content: supervisor.id.apply((id) => "known after the first up: " + id) },
    },
    secretFiles: { "etc/key": { content: pulumi.secret("key-that-nobody-sees") } },
    identity: plan.identity ?? "genesis-1",
    purgeData: plan.purgeData ?? false,
  });
  new Process(name, {
    supervisor: supervisor.supervisorId,
    stateDir: supervisor.stateDir,
    name,
    command: ["/bin/sh", "-c", ${JSON.stringify(SCRIPT)}, say, ending ?? "live"],
    env: { PASSWORD: pulumi.secret("password-that-nobody-sees") },
    workingDir: directory,
    graceSeconds: 10,
    ...more,
  }, { dependsOn: [files] });
}
exports.attachCommand = supervisor.attachCommand;
`;
}

/** The plugin is the built one: a stale build would test yesterday's provider. */
async function build(): Promise<void> {
  const built = path.join(PACKAGE, "dist/provider/main.js");
  const sources = ["control", "provider", "supervisor", "resources"].flatMap((folder) =>
    readdirSync(path.join(PACKAGE, "src", folder)).map(
      (file) => statSync(path.join(PACKAGE, "src", folder, file)).mtimeMs,
    ),
  );
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources)) return;
  const { text } = await run(process.execPath, [
    path.join(REPOSITORY, "node_modules/typescript/bin/tsc"),
    "-b",
    PACKAGE,
    "--force",
  ]);
  if (!existsSync(built)) throw new Error(`the provider does not build:\n${text}`);
}

function run(file: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, args, { ...options, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ ok: error === null, text: stdout + stderr });
    });
  });
}

export async function openWorld(pulumiBinary: string, supervisorBinary: string): Promise<World> {
  await build();
  const root = mkdtempSync(path.join(tmpdir(), "chainkeep-world-"));
  const stateDir = path.join(root, "run");
  for (const folder of ["state", "home"]) mkdirSync(path.join(root, folder));
  symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(root, "node_modules"));
  writeFileSync(path.join(root, "package.json"), JSON.stringify({ name: "trial", main: "index.js" }));
  writeFileSync(path.join(root, "index.js"), program(stateDir, supervisorBinary));
  writeFileSync(
    path.join(root, "Pulumi.yaml"),
    `name: trial
runtime: { name: nodejs, options: { typescript: false, nodeargs: "--import tsx", packagemanager: npm } }
plugins: { providers: [{ name: chainkeep-local, path: ${JSON.stringify(path.join(PACKAGE, "bin"))} }] }
`,
  );
  const env = {
    ...process.env,
    PATH: `${path.dirname(pulumiBinary)}${path.delimiter}${process.env.PATH}`,
    PULUMI_HOME: path.join(root, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(root, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "trial",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_ERROR_OUTPUT_STRING: "1",
  };
  const pulumi = (...args: string[]) => run(pulumiBinary, [...args, "--non-interactive"], { cwd: root, env });
  const plan = (given: TrialPlan) => writeFileSync(path.join(root, "plan.json"), JSON.stringify(given));
  const supervisorId = supervisorIdOf(stateDir);
  const marked = () => {
    const all = markedProcesses(supervisorId).filter(({ name }) => name?.startsWith("_") !== true);
    const named = new Set(all.filter(({ name }) => name !== undefined).map(({ pid }) => pid));
    return all.filter(({ pid }) => !named.has(parentOf(pid) ?? 0));
  };
  const created = await pulumi("stack", "init", "dev");
  if (!created.ok) throw new Error(created.text);

  return {
    root,
    stateDir,
    pulumi,
    plan,
    marked,
    async up(given, ...args) {
      plan(given);
      const outcome = await pulumi("up", "--yes", "--skip-preview", ...args);
      const history = await pulumi("stack", "history", "--json", "--page-size", "1");
      const [last] = JSON.parse(history.text) as { resourceChanges?: Record<string, number> }[];
      return { ...outcome, changes: last?.resourceChanges ?? {} };
    },
    async close() {
      const daemons = markedProcesses(supervisorId).filter(({ name }) => name === undefined);
      for (const daemon of daemons) await endProcess(daemon, "SIGTERM", 20);
      for (const left of markedProcesses(supervisorId)) await endProcess(left, "SIGKILL", 0);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
