import { type ClientDefinition, protocols } from "@chainkeep/core";

/** Day on which the pins below were last looked at, ISO date. Those of chain clients carry their own day. */
export const TOOLS_REVIEWED = "2026-11-24";

/** A Go module that the program is built from. */
export interface GoBuild {
  readonly module: string;
  readonly package: string;
  /** Module version, with its leading v. */
  readonly version: string;
  /** Version of the program that comes out, when it is not the pinned one. */
  readonly makes?: string;
  /** Variable that the linker sets, and to what: a program without it cannot tell its version. */
  readonly stamp?: Readonly<Record<string, string>>;
  /** Whether the build may use a C compiler. Off unless the program gains by it. */
  readonly cgo?: boolean;
  /** What a build takes with two cores and nothing cached, for the person who waits. */
  readonly takes?: string;
}

/** Archive that the makers publish. `{os}` and `{arch}` stand for this platform. */
export interface Release {
  /** Several programs of one archive share this name, and are installed together. */
  readonly name: string;
  readonly version: string;
  readonly binaries: readonly string[];
  /** https address of the archive. */
  readonly archive: string;
  /** https address of the makers' own list of SHA-256 sums. */
  readonly checksums: string;
  /** How this release writes the architecture. */
  readonly arch: Readonly<Record<"x64" | "arm64", string>>;
  /** Known sums by `os-arch`: they win over the published list. */
  readonly sha256?: Readonly<Record<string, string>>;
}

/**
 * Who needs a program: `stack` to run the local stack, `checks` to test rules and routes, `asked` nobody until it is asked for
 * by name.
 */
export type ToolUse = "stack" | "checks" | "asked";

export interface Tool {
  /** Name of the executable. */
  readonly name: string;
  readonly version: string;
  readonly use: ToolUse;
  /** What another version on PATH may differ in: "patch" takes newer patches, "minor" newer minors as well. */
  readonly accepts: "patch" | "minor";
  /** Arguments that print the version and end. */
  readonly tryArgs: readonly string[];
  /** Whether it says its version; one that does not is only asked whether it runs. Default true. */
  readonly tellsVersion?: boolean;
  readonly release?: Release;
  readonly build?: GoBuild;
}

const GO_ARCH = { x64: "amd64", arm64: "arm64" } as const;

function github(repository: string, tag: string, file: string): string {
  return `https://github.com/${repository}/releases/download/${tag}/${file}`;
}

const pulumiRelease: Release = {
  name: "pulumi",
  version: "3.250.0",
  binaries: ["pulumi", "pulumi-language-nodejs"],
  archive: "https://get.pulumi.com/releases/sdk/pulumi-v3.250.0-{os}-{arch}.tar.gz",
  checksums: "https://get.pulumi.com/releases/sdk/pulumi-3.250.0-checksums.txt",
  arch: { x64: "x64", arm64: "arm64" },
};

const prometheusRelease: Release = {
  name: "prometheus",
  version: "3.7.0",
  binaries: ["prometheus", "promtool"],
  archive: github("prometheus/prometheus", "v3.7.0", "prometheus-3.7.0.{os}-{arch}.tar.gz"),
  checksums: github("prometheus/prometheus", "v3.7.0", "sha256sums.txt"),
  arch: GO_ARCH,
};

const alertmanagerRelease: Release = {
  name: "alertmanager",
  version: "0.28.1",
  binaries: ["alertmanager", "amtool"],
  archive: github("prometheus/alertmanager", "v0.28.1", "alertmanager-0.28.1.{os}-{arch}.tar.gz"),
  checksums: github("prometheus/alertmanager", "v0.28.1", "sha256sums.txt"),
  arch: GO_ARCH,
  sha256: {
    "linux-x64": "5ac7ab5e4b8ee5ce4d8fb0988f9cb275efcc3f181b4b408179fafee121693311",
    "linux-arm64": "d8832540e5b9f613d2fd759e31d603173b9c61cc7bb5e3bc7ae2f12038b1ce4f",
  },
};

const processComposeRelease: Release = {
  name: "process-compose",
  version: "1.64.1",
  binaries: ["process-compose"],
  archive: github("F1bonacc1/process-compose", "v1.64.1", "process-compose_{os}_{arch}.tar.gz"),
  checksums: github("F1bonacc1/process-compose", "v1.64.1", "process-compose_checksums.txt"),
  arch: GO_ARCH,
};

/** Programs around the nodes. */
const SERVICES: readonly Tool[] = [
  {
    name: "pulumi",
    version: "3.250.0",
    use: "stack",
    accepts: "minor",
    tryArgs: ["version"],
    release: pulumiRelease,
    build: {
      module: "github.com/pulumi/pulumi/pkg/v3",
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      version: "v3.250.0",
      stamp: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.250.0" },
      takes: "2:47",
    },
  },
  {
    name: "pulumi-language-nodejs",
    version: "3.250.0",
    use: "stack",
    accepts: "minor",
    tryArgs: ["-h"],
    tellsVersion: false,
    release: pulumiRelease,
    // Later versions are a module of their own that the module proxy does not have.
    build: {
      module: "github.com/pulumi/pulumi/sdk/v3",
      package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      version: "v3.64.0",
      makes: "3.64.0",
      stamp: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.64.0" },
      takes: "0:20",
    },
  },
  {
    name: "process-compose",
    version: "1.64.1",
    use: "stack",
    accepts: "patch",
    tryArgs: ["version"],
    release: processComposeRelease,
    build: {
      module: "github.com/f1bonacc1/process-compose",
      package: "github.com/f1bonacc1/process-compose/src",
      version: "v1.64.1",
      stamp: { "github.com/f1bonacc1/process-compose/src/config.Version": "v1.64.1" },
      takes: "0:37",
    },
  },
  {
    name: "prometheus",
    version: "3.7.0",
    use: "stack",
    accepts: "patch",
    tryArgs: ["--version"],
    release: prometheusRelease,
    build: prometheusBuild("prometheus", "3:00"),
  },
  {
    name: "alertmanager",
    version: "0.28.1",
    use: "stack",
    accepts: "patch",
    tryArgs: ["--version"],
    release: alertmanagerRelease,
    build: alertmanagerBuild("alertmanager"),
  },
  {
    name: "promtool",
    version: "3.7.0",
    use: "checks",
    accepts: "patch",
    tryArgs: ["--version"],
    release: prometheusRelease,
    build: prometheusBuild("promtool", "1:00"),
  },
  {
    name: "amtool",
    version: "0.28.1",
    use: "checks",
    accepts: "patch",
    tryArgs: ["--version"],
    release: alertmanagerRelease,
    build: alertmanagerBuild("amtool"),
  },
];

/** Prometheus 3.7.0 is the module version v0.307.0. */
function prometheusBuild(command: string, takes: string): GoBuild {
  return {
    module: "github.com/prometheus/prometheus",
    package: `github.com/prometheus/prometheus/cmd/${command}`,
    version: "v0.307.0",
    stamp: { "github.com/prometheus/common/version.Version": "3.7.0" },
    takes,
  };
}

function alertmanagerBuild(command: string): GoBuild {
  return {
    module: "github.com/prometheus/alertmanager",
    package: `github.com/prometheus/alertmanager/cmd/${command}`,
    version: "v0.28.1",
    stamp: { "github.com/prometheus/common/version.Version": "0.28.1" },
    takes: "0:25",
  };
}

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
