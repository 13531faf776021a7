import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type AgentInventory, ConfigError } from "@chainkeep/core";
import type { Log } from "../../log";
import { NodeAsker } from "../proof/chain-asker";
import { openStore } from "../store/open-store";
import { asVaultError, VaultError } from "../vault-error";
import { bootstrap } from "./bootstrap";

interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export interface BootstrapArguments {
  readonly inventory: string;
  readonly node: string;
  readonly process: string;
}

/** What time mends: until then the process waits instead of failing its deployment. */
const WAITS = ["STORE_MISSING", "STORE_UNREACHABLE", "STORE_LOCKED", "POINT_NONE", "BOOTSTRAP_WAITS"];
const AGAIN_MS = 5000;
const TELL_AGAIN_MS = 5 * 60_000;

/**
 * `bootstrap --inventory FILE --node NAME --process NAME`: a step before the first start of a process, which ends with code 0 when it has data and
 * with 1 when something speaks against it. As long as there is no point, or no store, it waits, and says so.
 */
export async function bootstrapCommand(
  asked: BootstrapArguments,
  { out, err }: Output,
  read: (file: string) => AgentInventory,
): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  const say = (line: string) => out(`chainkeep: ${line}\n`);
  let told = { code: "", at: 0 };
  try {
    for (;;) {
      try {
        await once(asked, read, say, stop.signal);
        return 0;
      } catch (error) {
        const code = error instanceof ConfigError ? "" : asVaultError(error).code;
        if (!WAITS.includes(code) || stop.signal.aborted) throw error;
        const now = Date.now();
        if (told.code !== code || now - told.at > TELL_AGAIN_MS) {
          err(failureText(error));
          told = { code, at: now };
        }
        await sleep(AGAIN_MS, undefined, { signal: stop.signal }).catch(() => {
          throw error;
        });
      }
    }
  } catch (error) {
    err(failureText(error));
    return 1;
  } finally {
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
  }
}

/** The inventory is read each time: the vault may be another one by then. */
async function once(
  asked: BootstrapArguments,
  read: (file: string) => AgentInventory,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const inventory = read(asked.inventory);
  const { vault } = inventory;
  if (!vault) throw new VaultError("BOOTSTRAP_NO_VAULT", `${asked.inventory} has no vault`);
  // What a store has to tell beside an error is for the agent.
  const log: Log = (level, event, fields) => {
    if (level === "error") say(`${event} ${JSON.stringify(fields ?? {})}`);
  };
  const cacheDirectory = path.join(vault.directory, "cache");
  const store = openStore({ vault, destination: vault.destination, cacheDirectory, log });
  const asker = new NodeAsker(() => inventory);
  try {
    await bootstrap({ inventory, store, asker, say, signal, now: Date.now }, asked);
  } finally {
    await asker.close();
  }
}

function failureText(error: unknown): string {
  if (error instanceof ConfigError) return `${error.message}\n`;
  const { code, message, problems } = asVaultError(error);
  const lines = [`chainkeep: ${message} [${code}]`, ...problems.map((p) => `  ${p.path}: ${p.message} [${p.code}]`)];
  return `${lines.join("\n")}\n`;
}

/** Undefined for words that are not those. */
export function bootstrapArguments(argv: readonly string[]): BootstrapArguments | undefined {
  try {
    const text = { type: "string" } as const;
    const { values } = parseArgs({ args: [...argv], options: { inventory: text, node: text, process: text } });
    const { inventory, node, process: part } = values;
    return inventory && node && part ? { inventory, node, process: part } : undefined;
  } catch {
    // An option that nobody knows, or one without its value.
    return undefined;
  }
}
