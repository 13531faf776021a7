import { setTimeout as sleep } from "node:timers/promises";
import { type AgentAddress, chosenAgents } from "../agent/discover";
import { type Answer, askStatus, isWell } from "../agent/status";
import type { Context } from "../context";
import { CliError, EXIT, told } from "../errors";
import { checkedStack, findProject } from "../project/project";
import { statusText } from "../render/status";

export interface StatusOptions {
  readonly stack: string;
  readonly cluster?: string;
  readonly agent?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

const REDRAW_MS = 2_000;
const CLEAR_SCREEN = "\u001b[H\u001b[2J\u001b[3J";

/** Exit code: 0 all is well, 1 somebody has to look. Throws with 3 when an agent does not answer. */
export async function status(options: StatusOptions, context: Context): Promise<number> {
  const agents = await chosenAgents(findProject, { ...options, stack: checkedStack(options.stack) });
  if (options.json && agents.length > 1) {
    const names = agents.map((agent) => agent.cluster).join(", ");
    throw new CliError(`--json shows one cluster; name one with --cluster: ${names}`, "MANY_CLUSTERS", EXIT.usage);
  }
  return options.watch ? watch(agents, options, context) : once(agents, options, context);
}

async function once(agents: readonly AgentAddress[], { json }: StatusOptions, context: Context): Promise<number> {
  const answers = await Promise.all(agents.map((agent) => askStatus(agent)));
  context.out(json ? (answers[0]?.text.trimEnd() ?? "") : textOf(answers, context));
  return answers.every(({ status: document }) => isWell(document)) ? EXIT.ok : EXIT.problem;
}

function textOf(answers: readonly Answer[], { style }: Context): string {
  return answers.map(({ status: document }) => statusText(document, style)).join("\n\n");
}

/** Until Ctrl-C. An agent that is away for a while ends nothing. */
async function watch(agents: readonly AgentAddress[], { json }: StatusOptions, context: Context): Promise<number> {
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const { signal } = interrupted;
  while (!signal.aborted) {
    try {
      const answers = await Promise.all(agents.map((agent) => askStatus(agent)));
      const text = json ? JSON.stringify(answers[0]?.status) : textOf(answers, context);
      context.out(context.isTerminal && !json ? CLEAR_SCREEN + text : text);
    } catch (error) {
      context.note(told(error).text);
    }
    await sleep(REDRAW_MS, undefined, { signal }).catch(() => undefined);
  }
  return EXIT.ok;
}
