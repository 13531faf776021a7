import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

const LOOK_MS = 15;
const NOTHING_LEFT_OUT = "# go on\n";
const EVERYTHING_LEFT_OUT = "*\n";

/**
 * A file that holds up whoever reads it until its text is given. restic reads its list of exclusions after it has opened the repository and taken
 * its lock, and before it looks
 * at any data: started early and held up there, it has its slow part behind it when the node stops.
 */
export class Gate {
  private constructor(
    readonly file: string,
    private handle: FileHandle | undefined,
  ) {}

  /** Undefined where the system has no named pipes. */
  static async make(directory: string, name: string): Promise<Gate | undefined> {
    const file = path.join(directory, `${name}.gate`);
    await rm(file, { force: true });
    const made = await promisify(execFile)("mkfifo", ["-m", "600", file]).catch(() => undefined);
    return made === undefined ? undefined : new Gate(file, undefined);
  }

  /** Waits until somebody reads; false when what was waited for besides has come first. */
  async reached(unless: Promise<unknown>): Promise<boolean> {
    let over = false;
    const end = () => {
      over = true;
    };
    unless.then(end, end);
    while (!over && this.handle === undefined) {
      this.handle = await openForReader(this.file);
      if (this.handle === undefined) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return !over;
  }

  /** Lets the reader go on. */
  async open(): Promise<void> {
    await this.#end(NOTHING_LEFT_OUT);
  }

  /** Takes the gate away. Whoever is held up goes on, and is told to leave everything out. */
  async close(): Promise<void> {
    this.handle ??= await openForReader(this.file);
    await this.#end(EVERYTHING_LEFT_OUT);
  }

  async #end(text: string): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.writeFile(text).catch(() => undefined);
    await handle?.close();
    await rm(this.file, { force: true });
  }
}

/** Without a reader the system refuses. */
async function openForReader(file: string): Promise<FileHandle | undefined> {
  return open(file, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => undefined);
}
