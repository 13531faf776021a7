import { mkdir, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { CaptureSource } from "../contracts";
import { VaultError } from "../vault-error";

/** A file with what restic leaves out: secrets, whatever else a glob of the data takes in. */
export class Excludes {
  private constructor(readonly file: string) {}

  static async write(directory: string, name: string, sources: readonly CaptureSource[]): Promise<Excludes> {
    const file = path.join(directory, `${name}.exclude`);
    const lines = sources.flatMap(({ home, keyPaths }) => excludeLines(home, keyPaths));
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(file, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
    return new Excludes(file);
  }

  async remove(): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** What restores have put aside, and the target's notes: no part of the data even where the whole home is. */
const OWN = ".chainkeep-*";

/** In restic's notation: absolute, and where the same sign would mean more to restic than to us, escaped. */
export function excludeLines(home: string, keyPaths: readonly string[]): string[] {
  if (/[\n\r]/.test(home)) throw new VaultError("STORE_FAILED", `${JSON.stringify(home)}: a line break in a path`);
  const at = home.replaceAll(/[\\*?[]/g, "\\$&");
  return [OWN, ...keyPaths]
    .filter((glob) => !glob.startsWith("shared:"))
    .map((glob) => path.posix.join(at, glob.replaceAll(/[\\[]/g, "\\$&")).replaceAll("$", "$$$$"));
}
