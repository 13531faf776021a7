import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { recover } from "../../packages/agent/src/vault/backup/recover";
import { spawnWatchdog } from "../../packages/agent/src/vault/backup/spawn-watchdog";
import { takePoint } from "../../packages/agent/src/vault/backup/take-point";
import { watchdogCommand } from "../../packages/agent/src/vault/backup/watchdog-command";
import type { JobContext, VaultWorld } from "../../packages/agent/src/vault/contracts";
import { CommandRuntime } from "../../packages/agent/src/vault/runtime/command-runtime";
import { openStore } from "../../packages/agent/src/vault/store/open-store";
import { asVaultError } from "../../packages/agent/src/vault/vault-error";
import type { AgentInventory, InventoryVault } from "../../packages/core/src/index";

/*
 * The agent's side of a backup as a program of its own, which tests kill at a moment of their choice: the real store, the real commands and the real
 * watchdog; what the node says and whether it is ready is made up. Not imported by a test, but bundled and run.
 */

export interface AgentTask {
  readonly action: "take" | "recover";
  readonly inventory: AgentInventory;
  readonly cacheDirectory: string;
  /** Lines of shell to run at moments: the beginning of a step, `first bytes: STEP`, `control start`, `forget`. Only the beginning of the name. */
  readonly at: Readonly<Record<string, string>>;
}

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

function worldOf({ inventory, cacheDirectory }: AgentTask, reach: (moment: string) => void): VaultWorld {
  const vault = inventory.vault as InventoryVault;
  const log = (level: string, event: string, fields = {}) => void say({ level, event, ...fields });
  const store = openStore({ vault, destination: vault.destination, cacheDirectory, log, lockPatienceSeconds: 2 });
  const forget = store.forgetAttempt.bind(store);
  store.forgetAttempt = async (attempt) => {
    reach("forget");
    await forget(attempt);
  };
  const runtime = new CommandRuntime();
  const start = runtime.start.bind(runtime);
  runtime.start = async (node) => {
    reach("control start");
    await start(node);
  };
  const nodes = new Map(inventory.nodes.map((node) => [node.name, { node, ready: true, alive: true, reasons: [] }]));
  return {
    inventory: () => inventory,
    vault: () => vault,
    fleet: () => ({ at: Date.now(), halted: false, height: 7, nodes, heights: new Map() }) as never,
    store,
    copy: () => store,
    runtime,
    asker: {
      head: async () => ({ head: { height: 7, hash: "ab".repeat(32), chainId: "7", faults: [] } as never }),
      block: async () => undefined,
    },
    log,
    now: Date.now,
  };
}

async function main([command = "", ...rest]: readonly string[]): Promise<number> {
  if (command === "watchdog") return (await watchdogCommand(rest, (text) => void process.stdout.write(text))) ?? 2;
  const task = JSON.parse(readFileSync(command, "utf8")) as AgentTask;
  const moments = new Map(Object.entries(task.at));
  const reach = (moment: string) => {
    const [name, line] = [...moments].find(([key]) => moment.startsWith(key)) ?? [];
    if (name === undefined || line === undefined) return;
    moments.delete(name);
    execFileSync("/bin/sh", ["-c", line], { stdio: "inherit" });
  };
  let step = "";
  const job: JobContext = {
    id: "job",
    signal: new AbortController().signal,
    step: (name) => {
      step = name;
      reach(name);
    },
    progress: ({ doneBytes }) => {
      if (doneBytes > 0) reach(`first bytes: ${step}`);
    },
  };
  const world = worldOf(task, reach);
  const watch = async (journal: string, attempt: string) =>
    say({ event: "watchdog", pid: await spawnWatchdog(journal, attempt) });
  try {
    if (task.action === "recover") say({ event: "end", code: null, result: await recover(world) });
    else {
      await world.store.ensure();
      const request = { lineage: "toy-full", trigger: "manual" } as const;
      const point = await takePoint(world, request, job, { watch, restartPauseMs: 100, readyWaitMs: 1000 });
      say({ event: "end", code: null, result: point });
    }
  } catch (error) {
    const { code, message } = asVaultError(error);
    say({ event: "end", code, message });
  }
  return 0;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
