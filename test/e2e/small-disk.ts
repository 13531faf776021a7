import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** Mounts a small disk in memory for a test that fills it; false, with a line that says why, where that is not allowed. */
export function mountSmallDisk(directory: string, bytes: number, what: string): boolean {
  try {
    mkdirSync(directory, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "chainkeep-test", directory], { stdio: "pipe" });
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    process.stderr.write(`skipped: ${what} needs the right to mount a tmpfs (${why})\n`);
    return false;
  }
}

export function unmount(directory: string): void {
  execFileSync("umount", ["--lazy", directory]);
}
