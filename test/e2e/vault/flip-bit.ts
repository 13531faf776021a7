import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/**
 * Flips one bit of what a point has added to a repository: in the middle of the largest pack that was written right when its node stood still.
 *
 * @param createdAt - Of the point, unix seconds
 */
export function flipBit(repository: string, createdAt: number): void {
  const packs = readdirSync(path.join(repository, "data"), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => path.join(file.parentPath, file.name))
    .map((file) => ({ file, size: statSync(file).size, age: statSync(file).mtimeMs / 1000 - createdAt }));
  const own = packs.filter(({ age }) => age > -2 && age < 1).sort((a, b) => b.size - a.size)[0];
  if (!own) throw new Error(`no pack of ${createdAt} among ${JSON.stringify(packs)}`);
  const bytes = readFileSync(own.file);
  const at = Math.floor(own.size / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(own.file, bytes);
}
