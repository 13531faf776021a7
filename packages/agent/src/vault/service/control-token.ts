import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { writeDurably } from "../proof/durable-file";

/** Who can read a file of this user may ask for jobs. */
export class ControlToken {
  private constructor(
    readonly file: string,
    private readonly token: string,
  ) {}

  /** The token of the directory, made when there is none. */
  static async open(directory: string): Promise<ControlToken> {
    const file = path.join(directory, "control.token");
    const known = await readFile(file, "utf8").catch(() => "");
    if (/^[0-9a-f]{64}\s*$/.test(known)) return new ControlToken(file, known.trim());
    const token = randomBytes(32).toString("hex");
    await writeDurably(file, `${token}\n`, 0o600);
    return new ControlToken(file, token);
  }

  /** Whether an `authorization` header carries it; takes the same time for every guess. */
  allows(header: string | undefined): boolean {
    const given = /^Bearer ([0-9a-f]{64})$/.exec(header ?? "")?.[1] ?? "";
    return timingSafeEqual(digest(given), digest(this.token));
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
