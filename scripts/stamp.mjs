// Whether the build is older than its sources.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Written after a whole build; holds the time at which it began. */
export const STAMP = "packages/cli/dist/.built";

/** A reason to build, or undefined. Paths are relative to the repository's root. */
export function whyBuild() {
  const built = existsSync(STAMP) ? Date.parse(readFileSync(STAMP, "utf8").trim()) : Number.NaN;
  if (Number.isNaN(built)) return "not built yet";
  const newer = sources().find((file) => statSync(file).mtimeMs > built);
  return newer && `${newer} has changed`;
}

function sources() {
  const packages = readdirSync("packages").map((name) => join("packages", name));
  return [
    "tsconfig.base.json",
    "package-lock.json",
    ...packages.flatMap((folder) => {
      const own = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
      return [...own.map(({ name }) => join(folder, name)), ...sourceFiles(join(folder, "src"))];
    }),
  ].filter(existsSync);
}

function sourceFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(({ name }) => name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(name))
    .map((entry) => join(entry.parentPath, entry.name));
}
