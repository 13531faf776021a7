import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { CliWorld } from "../cli-world.fixture";

// The first command loads Pulumi's SDK, which takes a while on a busy machine.
jest.setTimeout(60_000);

const PULUMI = [
  'if [ "$1 $2" = "config set" ]; then cat > /dev/null; fi',
  // Pulumi leaves out what stays as it is, unless it is asked for it.
  'case "$*" in *--show-sames*) file=preview.json ;; *) file=changes.json ;; esac',
  'if [ "$1" = preview ]; then cat $file; exit "$(cat preview.code 2>/dev/null || echo 0)"; fi',
].join("\n");

const step = (cluster: string, part: string, files: Record<string, string>, op = "create") => ({
  op,
  newState: {
    urn: `urn:pulumi:local::p::chainkeep-local:index:NodeCluster$chainkeep-local:index:Monitoring$chainkeep-local:index:FileSet::${cluster}-monitoring-${part}-files`,
    type: "chainkeep-local:index:FileSet",
    inputs: {
      directory: `/run/local/${cluster}/${part}`,
      files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, { content }])),
    },
  },
});

describe("chainkeep render monitoring", () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
    world.programs(PULUMI);
    const steps = [
      step("a", "prometheus", { "rules.yml": "rules of a", "prometheus.yml": "config of a" }, "same"),
      step("b", "alertmanager", { "alertmanager.yml": "routes of b" }),
    ];
    writeFileSync("preview.json", JSON.stringify({ steps }));
    writeFileSync("changes.json", JSON.stringify({ steps: steps.filter(({ op }) => op !== "same") }));
  });
  afterEach(() => world.dispose());

  it("writes the files of every cluster, deployed or not, and leaves others alone", async () => {
    mkdirSync("out/a/prometheus", { recursive: true });
    writeFileSync("out/a/prometheus/rules.yml", "old");
    writeFileSync("out/a/mine.txt", "mine");
    expect(await world.cli("render", "monitoring", "out")).toBe(0);
    expect(world.out).toBe(
      "out/a/prometheus/prometheus.yml\nout/a/prometheus/rules.yml\nout/b/alertmanager/alertmanager.yml\n",
    );
    expect(readFileSync("out/a/prometheus/rules.yml", "utf8")).toBe("rules of a");
    expect(readFileSync("out/b/alertmanager/alertmanager.yml", "utf8")).toBe("routes of b");
    expect(readdirSync("out/a").sort()).toEqual(["mine.txt", "prometheus"]);
    expect(world.pulumiCalls.filter((call) => /^(up|refresh|destroy)/.test(call))).toEqual([]);
  });

  it("takes one cluster, and lists for scripts", async () => {
    expect(await world.cli("render", "monitoring", "out", "--cluster", "b", "--json")).toBe(0);
    expect(JSON.parse(world.out)).toEqual({
      schemaVersion: 1,
      directory: `${world.root}/out`,
      files: ["b/alertmanager/alertmanager.yml"],
    });
    expect(existsSync("out/a")).toBe(false);
  });

  it("passes on what the program says of its args", async () => {
    const message = 'NodeCluster "a" has 1 problem:\n  monitoring.receivers: missing [RECEIVERS_MISSING]';
    writeFileSync("preview.json", JSON.stringify({ steps: [], diagnostics: [{ severity: "error", message }] }));
    writeFileSync("preview.code", "255");
    expect(await world.cli("render", "monitoring", "out")).toBe(1);
    expect(world.err).toContain("monitoring.receivers: missing [RECEIVERS_MISSING]");
    expect(world.err).toContain("[PREVIEW_FAILED]");
    expect(existsSync("out")).toBe(false);
  });

  it("refuses a place that is a file, a cluster that is not there, and a stack without monitoring", async () => {
    writeFileSync("file", "");
    expect(await world.cli("render", "monitoring", "file")).toBe(2);
    expect(world.err).toContain("[NO_DIRECTORY]");
    expect(await world.cli("render", "monitoring", "out", "--cluster", "c")).toBe(2);
    expect(world.err).toContain('--cluster: got "c"; this stack has a, b [NO_CLUSTER]');
    writeFileSync("preview.json", JSON.stringify({ steps: [] }));
    expect(await world.cli("render", "monitoring", "out")).toBe(2);
    expect(world.err).toContain("[NO_MONITORING]");
    expect(existsSync("out")).toBe(false);
  });
});
