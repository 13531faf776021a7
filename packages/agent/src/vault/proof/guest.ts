import { mkdir, rm } from "node:fs/promises";
import * as path from "node:path";
import type { AgentInventory, InventoryGuest, InventoryGuestProcess } from "@chainkeep/core";
import { takesConnections } from "../../probe/reach";
import { VaultError } from "../vault-error";
import { writeDurably } from "./durable-file";
import { copyOver, linkOutOf } from "./guest-files";
import { type Exit, GuestProcess } from "./guest-process";
import { type GuestRecord, pidFileOf } from "./guest-record";
import { type Identified, identify, isRunning } from "./process-identity";

export interface GuestSettings {
  readonly inventory: AgentInventory;
  /** Job that it is for. */
  readonly job: string;
  /** Nothing of it is left after so long, whatever happens. */
  readonly lifetimeSeconds: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Waiting for the guest of another job. */
  readonly onWait?: () => void;
}

/** Guests have fixed ports and take room: one at a time in an agent. */
let turn: Promise<unknown> = Promise.resolve();
const active = new Set<string>();

/** Whether this agent uses a guest's directory right now. */
export function isActive(directory: string): boolean {
  return active.has(directory);
}

/**
 * Gives an empty guest to a piece of work, alone. Whatever becomes of it, its processes have ended and its directory is gone afterwards.
 *
 * @throws VaultError GUEST_DIRECTORY, and what the work throws
 */
export function withGuest<T>(
  guest: InventoryGuest,
  settings: GuestSettings,
  use: (guest: Guest) => Promise<T>,
): Promise<T> {
  const run = async () => {
    settings.signal.throwIfAborted();
    guardDirectory(guest, settings.inventory);
    active.add(guest.directory);
    const running = new Guest(guest, settings);
    try {
      await rm(guest.directory, { recursive: true, force: true });
      await running.record();
      return await use(running);
    } finally {
      await running.close();
      await rm(guest.directory, { recursive: true, force: true }).catch(() => undefined);
      active.delete(guest.directory);
    }
  };
  if (active.size > 0) settings.onWait?.();
  const mine = turn.then(run, run);
  turn = mine.catch(() => undefined);
  return mine;
}

/** A directory that is wiped must be the guest's own. */
function guardDirectory({ name, directory, processes }: InventoryGuest, { nodes }: AgentInventory): void {
  const refuse = (why: string) => {
    throw new VaultError("GUEST_DIRECTORY", `${name}: got ${directory}, ${why}; give the guest a directory of its own`);
  };
  if (!path.isAbsolute(directory) || path.normalize(directory).split(path.sep).length < 3) refuse("which is no place");
  for (const { home } of processes) if (!isBelow(home, directory)) refuse(`which does not hold ${home}`);
  for (const { dataDir, vault } of nodes.flatMap((n) => n.processes)) {
    for (const home of [dataDir, vault?.home]) {
      if (home === undefined) continue;
      if (isBelow(home, directory) || isBelow(directory, home)) refuse(`which belongs to the node at ${home}`);
    }
  }
}

function isBelow(file: string, directory: string): boolean {
  const way = path.relative(directory, file);
  return way === "" || (!way.startsWith("..") && !path.isAbsolute(way));
}

/** A node that lives as long as a proof. */
export class Guest {
  private readonly processes: readonly GuestProcess[];
  private readonly others: (Identified & { readonly name: string })[] = [];
  private writing: Promise<void> = Promise.resolve();
  private closed = false;
  private readonly until: number;
  private readonly agent: Identified;

  constructor(
    readonly of: InventoryGuest,
    private readonly settings: GuestSettings,
  ) {
    this.processes = of.processes.map((process) => new GuestProcess(process, of.directory));
    this.until = Math.ceil(settings.now() / 1000 + settings.lifetimeSeconds);
    this.agent = identify(process.pid) ?? { pid: process.pid, startTime: "" };
  }

  /** The first link in the restored data that leads out of the guest's directory. */
  linkOut(): Promise<string | undefined> {
    return linkOutOf(this.of.directory);
  }

  /** @throws VaultError GUEST_PORT, GUEST_FILES, GUEST_PREPARE, GUEST_PROGRAM */
  async start(mode: "offline" | "online", signal: AbortSignal): Promise<void> {
    await this.stop();
    for (const process of this.of.processes) await this.write(process, mode);
    for (const { name, probeUrl } of this.of.processes) {
      if (!(await takesConnections(probeUrl, 2000))) continue;
      const port = new URL(probeUrl).port;
      throw new VaultError("GUEST_PORT", `port ${port} of ${name} is in use by another program; end that one`);
    }
    for (const process of this.processes) {
      signal.throwIfAborted();
      process.tail.take(`--- started ${mode}\n`);
      await process.start(process.of[mode], signal);
      await this.record();
    }
  }

  /** In the order in which they depend on each other, last first. */
  async stop(): Promise<void> {
    for (const process of [...this.processes].reverse()) await process.stop();
  }

  /** The first client that has ended although nobody has stopped it. */
  async ended(): Promise<Exit | undefined> {
    for (const process of this.processes) if (process.ending) return process.lastWords();
    return undefined;
  }

  output(): Record<string, readonly string[]> {
    return Object.fromEntries(this.processes.map(({ of, tail }) => [of.name, tail.all()]));
  }

  /** A program that works in its directory and is none of its clients. */
  async adopt(name: string, pid: number): Promise<void> {
    const found = identify(pid);
    if (found) this.others.push({ name, ...found });
    await this.record();
  }

  /** Writes down who belongs to it, so that an agent that comes later can end them. One after another: the last one holds. */
  record(): Promise<void> {
    const write = () => this.writeRecord();
    this.writing = this.writing.then(write, write);
    return this.writing;
  }

  /** Ends everything; nothing is written any more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.stop().catch(() => undefined);
    await this.writing.catch(() => undefined);
  }

  private async writeRecord(): Promise<void> {
    if (this.closed) return;
    const clients = this.processes.flatMap(({ of, running }) => (running ? [{ name: of.name, ...running }] : []));
    const record: GuestRecord = {
      schemaVersion: 1,
      job: this.settings.job,
      agent: this.agent,
      until: this.until,
      processes: [...clients, ...this.others.filter(isRunning)],
    };
    await writeDurably(pidFileOf(this.of.directory), `${JSON.stringify(record)}\n`);
  }

  private async write({ name, home, ...process }: InventoryGuestProcess, mode: "offline" | "online"): Promise<void> {
    const { files, shared, sharedFiles } = process[mode];
    try {
      await mkdir(home, { recursive: true, mode: 0o700 });
      await copyOver(files, home);
      if (shared !== undefined && sharedFiles !== undefined) await copyOver(sharedFiles, shared);
    } catch (error) {
      const text = `files of ${name} cannot be written: ${(error as Error).message}`;
      throw new VaultError("GUEST_FILES", text, [], { cause: error });
    }
  }
}
