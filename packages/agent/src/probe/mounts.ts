import { readFile } from "node:fs/promises";

interface Mount {
  readonly at: string;
  readonly readonly: boolean;
}

/** What is mounted where, as the kernel tells this process. */
export class Mounts {
  private constructor(private readonly mounts: readonly Mount[]) {}

  /** @returns Nothing where there is no such file: only Linux has it. */
  static async read(file = "/proc/self/mountinfo"): Promise<Mounts | undefined> {
    const text = await readFile(file, "utf8").catch(() => undefined);
    return text === undefined ? undefined : Mounts.parse(text);
  }

  static parse(text: string): Mounts {
    return new Mounts(text.split("\n").flatMap(mountOf));
  }

  /** Whether the file system below a path (without symbolic links) takes no writes. A later mount hides an earlier one at its place. */
  isReadonly(path: string): boolean | undefined {
    const over = this.mounts.filter(({ at }) => at === "/" || path === at || path.startsWith(`${at}/`));
    const longest = Math.max(...over.map(({ at }) => at.length));
    return over.filter(({ at }) => at.length === longest).at(-1)?.readonly;
  }
}

/** `36 35 98:0 /root /mnt rw,noatime master:1 - ext4 /dev/sda rw,errors=remount-ro`: of the place, and of the file system itself. */
function mountOf(line: string): Mount[] {
  const fields = line.split(" ");
  const [at, options] = [fields[4], fields[5]];
  const dash = fields.indexOf("-", 6);
  if (at === undefined || options === undefined || dash < 0) return [];
  const isRo = (list: string | undefined) => (list ?? "").split(",").includes("ro");
  return [{ at: unescaped(at), readonly: isRo(options) || isRo(fields[dash + 3]) }];
}

/** Blanks and the like are written as octal numbers. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
