import { Command, InvalidArgumentError, Option } from "commander";
import { alerts } from "./commands/alerts";
import { attach } from "./commands/attach";
import { doctor } from "./commands/doctor";
import { env } from "./commands/env";
import { explain } from "./commands/explain";
import { logs } from "./commands/logs";
import { renderMonitoring } from "./commands/render-monitoring";
import { setup } from "./commands/setup";
import { silence } from "./commands/silence";
import { start } from "./commands/start";
import { status } from "./commands/status";
import { stop } from "./commands/stop";
import { tools } from "./commands/tools";
import { type Context, contextFor } from "./context";
import { vaultCommands } from "./program-vault";

type Action = (context: Context) => Promise<number>;

export interface Program {
  readonly command: Command;
  /** Runs what the parsed arguments asked for; the result is the exit code. Undefined when they asked for nothing. */
  readonly chosen: () => (() => Promise<number>) | undefined;
}

const STACK = "local";

/** The command line. Pulumi's SDK is loaded by the commands that need it: `--help` and `status` should not wait for it. */
export function buildProgram(version: string): Program {
  let chosen: (() => Promise<number>) | undefined;
  const choose = (action: Action) => {
    const colour = program.opts<{ color: boolean }>().color;
    chosen = () => action(contextFor(colour));
  };
  const program = new Command("chainkeep")
    .description("Keeps blockchain nodes running: sets up, starts, watches and stops the clusters of a project.")
    .version(version, "-V, --version", "print the version")
    .option("--no-color", "no colours, also with NO_COLOR set or without a terminal")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .showSuggestionAfterError(true)
    .exitOverride();
  const sub = (name: string, description: string) => program.command(name).description(description).exitOverride();
  const stack = () => new Option("--stack <name>", "stack of the project").default(STACK);
  const cluster = () => new Option("--cluster <name>", "cluster of the stack, if there are several");

  const agent = () => new Option("--agent <url>", "address of an agent, instead of the project's own");

  sub("doctor", "look at this machine: what is there, what is missing, how it would be had; changes nothing")
    .addOption(stack())
    .option("--json", "print JSON")
    .action((options) => choose((context) => doctor(options, context)));

  sub(
    "setup",
    "get all programs, and make backend, passphrase, stack and seed below .chainkeep; changes nothing that is there",
  )
    .addOption(stack())
    .action((options) => choose((context) => setup(options, context)));

  sub("env", 'print shell exports for plain Pulumi commands: eval "$(npx chainkeep env)"').action(() =>
    choose((context) => env(context)),
  );

  sub("start", "set up, deploy, and wait until blocks flow and all nodes are ready")
    .addOption(stack())
    .addOption(
      new Option("--timeout <time>", "how long to wait for the nodes after the deployment, e.g. 90s, 10m, 1h")
        .argParser(milliseconds)
        .default(600_000, "10m"),
    )
    .action((options) => choose((context) => start({ stack: options.stack, timeoutMs: options.timeout }, context)));

  sub("stop", "take the stack down; data stays")
    .addOption(stack())
    .option("--purge-data", "remove chain data, logs and settings of the stack as well")
    .action((options) => choose((context) => stop(options, context)));

  sub(
    "status",
    "nodes with verdicts and reasons, and alerts. Exit code: 0 all is well, 1 somebody has to look, 3 no answer",
  )
    .addOption(stack())
    .addOption(cluster())
    .addOption(agent())
    .option("--json", "print the agent's status document as it is")
    .option("--watch", "print anew each 2 seconds until Ctrl-C")
    .action((options) => choose((context) => status(options, context)));

  sub(
    "alerts",
    "what fires, is about to, or is kept back, the worst first. Exit code: 0 nothing critical fires, 1 it does, 3 no answer",
  )
    .addOption(stack())
    .addOption(cluster())
    .addOption(agent())
    .option("--json", "print JSON")
    .action((options) => choose((context) => alerts(options, context)));

  sub("explain", "print an alert's runbook, with the figures of this stack and what they are now")
    .argument("<alert>", "name of the alert, e.g. NodeDown")
    .addOption(stack())
    .addOption(cluster())
    .addOption(agent())
    .option("--json", "print JSON")
    .action((name, options) => choose((context) => explain(name, options, context)));

  sub("silence", "keep an alert back for a while; without an alert and --node, list what is kept back")
    .argument("[alert]", "name of the alert; all alerts of the node when it is left out")
    .option("--node <name>", "only of this node")
    .addOption(
      new Option("--for <time>", "how long, e.g. 30m, 2h; at most 30 days")
        .argParser(milliseconds)
        .default(7_200_000, "2h"),
    )
    .option("--comment <text>", "why, for the others")
    .option("--by <name>", "who; your user name otherwise")
    .option("--end <id>", "end a silence now")
    .addOption(stack())
    .addOption(cluster())
    .addOption(agent())
    .option("--json", "print JSON")
    .action((name, options) => choose((context) => silence(name, options, context)));

  vaultCommands({ sub, choose, place: () => [stack(), cluster(), agent()] });

  const render = program.command("render").description("write what a stack is made of as files").exitOverride();
  render
    .command("monitoring")
    .description(
      "write rules, Prometheus's and Alertmanager's configuration and dashboards, for people who run their own",
    )
    .exitOverride()
    .argument("<directory>", "where to; files of the same names are replaced, others are left alone")
    .addOption(stack())
    .addOption(cluster())
    .option("--json", "print JSON")
    .action((directory, options) => choose((context) => renderMonitoring(directory, options, context)));

  sub("logs", "print the end of a process's log")
    .argument("<process>", "name of a node's process, agent, prometheus or alertmanager")
    .addOption(stack())
    .addOption(cluster())
    .addOption(new Option("-n, --lines <count>", "how many lines").argParser(count).default(100))
    .option("-f, --follow", "go on until Ctrl-C")
    .action((name, options) => choose((context) => logs(name, options, context)));

  sub("attach", "open the supervisor's terminal interface; leaving it stops nothing")
    .addOption(stack())
    .addOption(cluster())
    .action((options) => choose(() => attach(options)));

  sub("tools", "list the programs: pinned versions, and where they are on this machine")
    .argument("[names...]", "only these")
    .option("--resolve", "get those that are missing: download them, or build them with Go")
    .option("--json", "print JSON")
    .action((names, options) => choose((context) => tools(names, options, context)));

  return { command: program, chosen: () => chosen };
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** "90s", "10m", "1h" as milliseconds. */
export function milliseconds(text: string): number {
  const found = /^(\d{1,6})(s|m|h)$/.exec(text);
  const value = Number(found?.[1]) * (UNITS[found?.[2] ?? ""] ?? Number.NaN);
  if (value > 0) return value;
  throw new InvalidArgumentError("Use a number with s, m or h, e.g. 90s or 10m.");
}

function count(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Use a whole number.");
}
