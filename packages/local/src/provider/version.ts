import { readFileSync } from "node:fs";
import * as path from "node:path";

/** Version of this package, which the engine asks for. */
export function version(): string {
  const file = path.join(__dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
