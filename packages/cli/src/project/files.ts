import { randomBytes } from "node:crypto";
import { chmod, link, lstat, mkdir, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { CliError } from "../errors";

/** A new file that nobody else reads; one that is there already is left alone, also when two commands make it at once. */
export async function createSecret(file: string, content: string): Promise<void> {
  await written(file, async (temporary) => {
    await writeFile(temporary, content, { mode: 0o600, flag: "wx" });
    await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  });
}

/** A file with exactly this content; a reader sees the old one or the new one. */
export async function replaceFile(file: string, content: string, mode: number): Promise<void> {
  await written(file, async (temporary) => {
    await writeFile(temporary, content, { mode, flag: "wx" });
    await chmod(temporary, mode);
    await rename(temporary, file);
  });
}

export async function replaceLink(file: string, target: string): Promise<void> {
  if ((await readlink(file).catch(() => undefined)) === target) return;
  await written(file, async (temporary) => {
    await symlink(target, temporary);
    await rename(temporary, file);
  });
}

export async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}

async function written(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await write(temporary);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new CliError(`${file} cannot be written: ${text}; see to it and run again`, "FILE_FAILED");
  } finally {
    await rm(temporary, { force: true });
  }
}
