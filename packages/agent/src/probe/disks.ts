import { realpath, statfs } from "node:fs/promises";
import type { AgentInventory } from "@chainkeep/core";
import { Mounts } from "./mounts";
import { keyOf } from "./prober";

/** What is left on the file system below a directory. */
export interface DiskState {
  readonly availBytes: number;
  readonly sizeBytes: number;
  readonly files: number;
  readonly filesAvail: number;
  /** Absent where the system does not tell. */
  readonly readonly?: boolean;
}

export interface DiskSettings {
  /** Looks at one directory. May hang: a network disk whose server is gone answers nothing, ever. */
  readonly look: (directory: string) => Promise<DiskState>;
  readonly leastPeriodMs: number;
  /** After so long nothing is known of a disk. */
  readonly timeoutMs: number;
}

/** A hung disk keeps one of the runtime's four file threads; the others stay free for cookies and host names. */
const AT_ONCE = 2;

interface Seen {
  readonly state: DiskState;
  readonly at: number;
}

/** Looks at the disks of all processes, apart from asking them: a disk that hangs holds nobody up and has no figures. */
export class Disks {
  private readonly states = new Map<string, Seen>();
  /** Directories that are being looked at, also those that nobody waits for any more. */
  private readonly looking = new Set<string>();
  private waiting: string[] = [];
  private directories = new Map<string, string>();
  private wanted: ReadonlySet<string> = new Set();
  private timer: NodeJS.Timeout | undefined;
  private periodMs = 0;

  constructor(
    private inventory: AgentInventory,
    private readonly settings: DiskSettings = usualDisks(),
  ) {}

  start(): void {
    this.update(this.inventory);
  }

  update(inventory: AgentInventory): void {
    this.inventory = inventory;
    this.directories = new Map(
      inventory.nodes.flatMap((node) =>
        node.processes.flatMap((p): [string, string][] =>
          p.dataDir === undefined ? [] : [[keyOf(node, p), p.dataDir]],
        ),
      ),
    );
    this.wanted = new Set(this.directories.values());
    for (const directory of this.states.keys()) if (!this.wanted.has(directory)) this.states.delete(directory);
    const periodMs = Math.max(this.settings.leastPeriodMs, inventory.probe.intervalSeconds * 1000);
    this.round();
    if (this.timer && periodMs === this.periodMs) return;
    clearInterval(this.timer);
    this.periodMs = periodMs;
    this.timer = setInterval(() => this.round(), periodMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.waiting = [];
  }

  /** By the key of a process. */
  of(key: string): DiskState | undefined {
    const directory = this.directories.get(key);
    const seen = directory === undefined ? undefined : this.states.get(directory);
    // Others that hang may keep it from being looked at: old figures are none.
    return seen && performance.now() - seen.at <= 2 * this.periodMs + this.settings.timeoutMs ? seen.state : undefined;
  }

  private round(): void {
    this.waiting = [...this.wanted].filter((directory) => !this.looking.has(directory));
    this.next();
  }

  private next(): void {
    while (this.looking.size < AT_ONCE) {
      const directory = this.waiting.shift();
      if (directory === undefined) return;
      void this.look(directory);
    }
  }

  private async look(directory: string): Promise<void> {
    this.looking.add(directory);
    const late = setTimeout(() => this.states.delete(directory), this.settings.timeoutMs);
    const state = await this.settings.look(directory).catch(() => undefined);
    clearTimeout(late);
    this.looking.delete(directory);
    // Not there (yet), or not any more: nothing is said of it.
    if (state && this.wanted.has(directory)) this.states.set(directory, { state, at: performance.now() });
    else this.states.delete(directory);
    this.next();
  }
}

/** How the agent looks at real disks. The list of mounts is the same for all of them, and read once in a while. */
export function usualDisks(): DiskSettings {
  let mounts: { readonly list: Promise<Mounts | undefined>; readonly at: number } | undefined;
  const look = async (directory: string) => {
    if (!mounts || performance.now() - mounts.at > 5000) mounts = { list: Mounts.read(), at: performance.now() };
    return lookAt(directory, await mounts.list);
  };
  return { look, leastPeriodMs: 10_000, timeoutMs: 5000 };
}

async function lookAt(directory: string, mounts: Mounts | undefined): Promise<DiskState> {
  const place = await realpath(directory);
  const { bsize, blocks, bavail, files, ffree } = await statfs(place, { bigint: true });
  const readonly = mounts?.isReadonly(place);
  return {
    availBytes: Number(bavail * bsize),
    sizeBytes: Number(blocks * bsize),
    files: Number(files),
    filesAvail: Number(ffree),
    ...(readonly === undefined ? {} : { readonly }),
  };
}
