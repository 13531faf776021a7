import type { GoBuild, Release, Tool } from "./tool";

/** How Go calls architectures, and with it most releases. */
export const GO_ARCH = { x64: "amd64", arm64: "arm64" } as const;

export function github(repository: string, tag: string, file: string): string {
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

const nodeExporterRelease: Release = {
  name: "node_exporter",
  version: "1.12.1",
  binaries: ["node_exporter"],
  archive: github("prometheus/node_exporter", "v1.12.1", "node_exporter-1.12.1.{os}-{arch}.tar.gz"),
  checksums: github("prometheus/node_exporter", "v1.12.1", "sha256sums.txt"),
  arch: GO_ARCH,
};

const grafanaRelease: Release = {
  name: "grafana",
  version: "12.4.2",
  binaries: ["grafana"],
  archive: "https://dl.grafana.com/oss/release/grafana-12.4.2.{os}-{arch}.tar.gz",
  checksums: "https://dl.grafana.com/oss/release/grafana-12.4.2.{os}-{arch}.tar.gz.sha256",
  arch: GO_ARCH,
  sha256: { "linux-x64": "f240b200a803bf64592fae645331750c2681df5f07496743d714db12393a591f" },
  tree: { program: "bin/grafana", needs: ["conf/defaults.ini", "public"] },
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
export const SERVICES: readonly Tool[] = [
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
    name: "node_exporter",
    version: "1.12.1",
    use: "stack",
    accepts: "minor",
    tryArgs: ["--version"],
    release: nodeExporterRelease,
    build: {
      module: "github.com/prometheus/node_exporter",
      package: "github.com/prometheus/node_exporter",
      version: "v1.12.1",
      stamp: { "github.com/prometheus/common/version.Version": "1.12.1" },
      takes: "0:30",
    },
  },
  {
    // Its releases are single files packed by bzip2, not archives: it is built. Before 0.17.1 its exit codes do not tell a locked repository, a
    // missing one and a wrong password from each other.
    name: "restic",
    version: "0.18.1",
    use: "stack",
    accepts: "minor",
    atLeast: "0.17.1",
    tryArgs: ["version"],
    build: {
      module: "github.com/restic/restic",
      package: "github.com/restic/restic/cmd/restic",
      version: "v0.18.1",
      takes: "1:06",
    },
  },
  {
    // An S3 store with Object Lock, for tests of vaults.
    name: "versitygw",
    version: "1.8.0",
    use: "asked",
    accepts: "minor",
    tryArgs: ["--version"],
    build: {
      module: "github.com/versity/versitygw",
      package: "github.com/versity/versitygw/cmd/versitygw",
      version: "v1.8.0",
      stamp: { "main.Version": "1.8.0" },
      takes: "1:10",
    },
  },
  {
    // Its licence (AGPL) and its web pages, which no Go module has, leave the makers' own archive as the only way.
    name: "grafana",
    version: "12.4.2",
    use: "optional",
    accepts: "minor",
    tryArgs: ["--version"],
    release: grafanaRelease,
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
