import { open } from "node:fs/promises";
import type { Failure } from "./failure";

/** Longer is no "user:password". */
const LIMIT = 4096;

/** The header for a "user:password" file. Read anew each time: bitcoind writes its cookie at every start. */
export async function basicAuth(file: string): Promise<{ authorization: string } | { failure: Failure }> {
  const missing = (why: string) => ({ failure: { kind: "auth", text: `credentials in ${file} ${why}` } as const });
  try {
    const handle = await open(file, "r");
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(LIMIT + 1), 0, LIMIT + 1, 0);
      const text = buffer.toString("utf8", 0, bytesRead).trim();
      if (bytesRead > LIMIT || !text.includes(":")) return missing('are not of the form "user:password"');
      return { authorization: `Basic ${Buffer.from(text).toString("base64")}` };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return missing(code === "ENOENT" ? "are not there (yet)" : `cannot be read (${code})`);
  }
}
