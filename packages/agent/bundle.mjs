// Makes dist/agent.cjs: the agent and all that it needs in one file. `node packages/agent/bundle.mjs`, from anywhere.
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "..");
const outfile = join(here, "dist", "agent.cjs");

/** Our own sources instead of built packages, and only what the agent uses of them: no file of ours does anything on load. */
const sources = {
  name: "chainkeep-sources",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^@chainkeep\// }, ({ path }) => ({
      path: join(packages, path.slice("@chainkeep/".length), "src", "index.ts"),
      sideEffects: false,
    }));
    esbuild.onResolve({ filter: /^\.\.?\// }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === "resolved" || importer.includes("node_modules") || importer === "") return undefined;
      const found = await esbuild.resolve(path, { kind, importer, resolveDir, pluginData: "resolved" });
      return found.errors.length > 0 ? { errors: found.errors } : { path: found.path, sideEffects: false };
    });
  },
};

await build({
  absWorkingDir: here,
  entryPoints: [join(here, "src", "main.ts")],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  charset: "utf8",
  legalComments: "eof",
  keepNames: true,
  plugins: [sources],
  logLevel: "warning",
});

const { size } = await stat(outfile);
console.log(`agent bundle: ${Math.round(size / 1024)} KiB`);
