import { type ClientDefinition, protocols } from "@chainkeep/core";
import { GO_ARCH, github, SERVICES } from "./services";
import type { GoBuild, Release, Tool, ToolUse } from "./tool";

export type { GoBuild, Release, Tool, ToolUse } from "./tool";

/** Day on which the pins of programs were last looked at, ISO date. Those of chain clients carry their own day. */
export const TOOLS_REVIEWED = "2026-11-25";

/** Chain clients whose makers publish archives with SHA-256 sums. */
const CLIENT_RELEASES: Readonly<Record<string, (version: string) => Release>> = {
  cometbft: (version) => ({
    name: "cometbft",
    version,
    binaries: ["cometbft"],
    archive: github("cometbft/cometbft", `v${version}`, `cometbft_${version}_{os}_{arch}.tar.gz`),
    checksums: github("cometbft/cometbft", `v${version}`, `SHA256SUMS-${version}.txt`),
    arch: GO_ARCH,
  }),
  btcd: (version) => ({
    name: "btcd",
    version,
    binaries: ["btcd"],
    archive: github("btcsuite/btcd", `v${version}`, `btcd-{os}-{arch}-v${version}.tar.gz`),
    checksums: github("btcsuite/btcd", `v${version}`, `manifest-v${version}.txt`),
    arch: GO_ARCH,
  }),
};

/** What a build of a chain client needs beyond its module. */
const CLIENT_BUILDS: Readonly<Record<string, Partial<GoBuild>>> = {
  cometbft: { takes: "0:47" },
  // Its signature code is several times faster with a C compiler; without one it builds as well.
  geth: { cgo: true },
};

/** Clients that the local stack runs. */
const STACK_CLIENTS = new Set(["cometbft"]);

/** A chain client with a Go module, at the version that the chain catalogue pins. */
function clientTool({ release }: ClientDefinition): Tool[] {
  const { binary, goModule, versionArgs = ["version"] } = release.program;
  if (goModule === undefined) return [];
  const published = CLIENT_RELEASES[binary]?.(release.version);
  return [
    {
      name: binary,
      version: release.version,
      use: STACK_CLIENTS.has(binary) ? "stack" : "asked",
      accepts: "patch",
      tryArgs: versionArgs,
      ...(published ? { release: published } : {}),
      build: { ...goModule, ...CLIENT_BUILDS[binary] },
    },
  ];
}

/** Every program that can be found, downloaded or built, each once. */
export const tools: readonly Tool[] = [
  ...new Map(
    [...SERVICES, ...protocols.flatMap((p) => p.clients).flatMap(clientTool)].map((tool) => [tool.name, tool]),
  ).values(),
];

/** Program of that exact name; undefined when the catalogue has none. */
export function findTool(name: string): Tool | undefined {
  return tools.find((tool) => tool.name === name);
}

/** Names of the programs for a use, in the order in which they are told. */
export function toolNames(...uses: readonly ToolUse[]): string[] {
  return tools.filter((tool) => uses.length === 0 || uses.includes(tool.use)).map((tool) => tool.name);
}
