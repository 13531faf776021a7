import { type AgentInventory, ConfigError, didYouMean } from "@chainkeep/core";
import { jsonLog, type Log } from "../log";
import { lightTrust } from "../prepare/light-trust";
import { watchdogCommand } from "../vault/backup/watchdog-command";
import { bootstrapArguments, bootstrapCommand } from "../vault/restore/bootstrap-command";
import { Agent } from "./agent";
import { readInventory } from "./read-inventory";

export interface CommandContext {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const HELP = `chainkeep agent: asks blockchain nodes for their heads, judges them, and serves what it knows

  run --inventory FILE     watch the nodes of an agent.json until SIGTERM; SIGHUP rereads the file
  check --inventory FILE   say whether an agent.json is sound; all problems at once
  watchdog ...             start a node that stands still for a backup, when its agent is gone; the agent starts it by itself:
                           --journal FILE --attempt NAME; ends with 1 when the node could not be started
  bootstrap ...            give a process without data that of the newest verified recovery point, before it is started:
                           --inventory FILE --node NAME --process NAME; ends with 1 as long as there is no such point
  light-trust ...          prepare the trusted header of a light client (see light-trust --help)
  --help                   this text

Exit codes: 0 all well, 1 failed at run time, 2 wrong usage or unsound inventory.
`;

const COMMANDS = ["run", "check", "bootstrap", "light-trust", "watchdog"];

/** Runs a command line of the agent. Resolves with the exit code; of \`run\`, when the agent has stopped. */
export async function runCommand(argv: readonly string[], context: CommandContext): Promise<number> {
  const [command = "", ...rest] = argv;
  if (command === "light-trust") return lightTrustCommand(rest, context);
  if (argv.some((word) => word === "--help" || word === "-h")) {
    context.out(HELP);
    return 0;
  }
  if (command === "bootstrap") {
    const asked = bootstrapArguments(rest);
    if (asked) return bootstrapCommand(asked, context, readInventory);
    return usage(context, "bootstrap takes --inventory FILE --node NAME --process NAME");
  }
  if (command === "watchdog") {
    const end = await watchdogCommand(rest, context.out);
    return end ?? usage(context, "watchdog takes --journal FILE --attempt NAME");
  }
  if (!COMMANDS.includes(command)) {
    const got = command === "" ? "no command" : `${JSON.stringify(command)}`;
    return usage(context, `got ${got}; use one of ${COMMANDS.join(", ")}${didYouMean(command, COMMANDS)}`);
  }
  const [flag, file, ...more] = rest.flatMap((word) =>
    word.startsWith("--inventory=") ? ["--inventory", word.slice(12)] : [word],
  );
  if (flag !== "--inventory" || file === undefined || file === "" || more.length > 0) {
    return usage(context, `${command} takes --inventory FILE and nothing else; got ${JSON.stringify(rest.join(" "))}`);
  }
  const inventory = readOrTell(file, context);
  if (!inventory) return 2;
  if (command === "run") return run(inventory, file, context);
  const { nodes, cluster } = inventory;
  context.out(`${file}: sound; ${nodes.length} nodes of ${cluster}\n`);
  return 0;
}

function usage({ err }: CommandContext, message: string): number {
  err(`agent: ${message}; see --help [AGENT_USAGE]\n`);
  return 2;
}

function readOrTell(file: string, { err }: CommandContext): AgentInventory | undefined {
  try {
    return readInventory(file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    err(`${error.message}\n`);
    return undefined;
  }
}

async function lightTrustCommand(argv: string[], { err }: CommandContext): Promise<number> {
  try {
    await lightTrust(argv);
    return 0;
  } catch (error) {
    err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function run(inventory: AgentInventory, file: string, { err, out }: CommandContext): Promise<number> {
  const log = jsonLog(out);
  const agent = new Agent(inventory, log);
  try {
    await agent.start();
  } catch (error) {
    err(`agent: ${error instanceof Error ? error.message : String(error)} [AGENT_START]\n`);
    await agent.stop();
    return 1;
  }
  const onHangup = reloader(agent, file, log);
  process.on("SIGHUP", onHangup);
  const onFault = (error: unknown) => {
    if (!agent.fault(error)) process.exit(1);
  };
  process.on("uncaughtException", onFault).on("unhandledRejection", onFault);
  await stopSignal();
  await agent.stop();
  process.off("SIGHUP", onHangup);
  process.off("uncaughtException", onFault).off("unhandledRejection", onFault);
  return 0;
}

/** Rereads the file; signals that come while that goes on lead to one more reading. */
function reloader(agent: Agent, file: string, log: Log): () => void {
  let queue = Promise.resolve();
  const reload = async () => {
    try {
      await agent.reload(readInventory(file));
    } catch (error) {
      if (error instanceof ConfigError) agent.refused(error.problems);
      else log("error", "reload_failed", { error: error instanceof Error ? error.message : String(error) });
    }
  };
  return () => {
    queue = queue.then(reload);
  };
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const signals = ["SIGTERM", "SIGINT"] as const;
    const stop = () => {
      // A second signal ends the process at once, as people expect.
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
