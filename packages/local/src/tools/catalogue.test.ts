import { readFileSync } from "node:fs";
import * as path from "node:path";
import { protocols } from "@chainkeep/core";
import { TOOLS_REVIEWED, toolNames, tools } from "./catalogue";

describe("the catalogue of programs", () => {
  it("has what the local stack needs, and leaves other clients until they are asked for", () => {
    expect(toolNames("stack").sort()).toEqual([
      "alertmanager",
      "cometbft",
      "node_exporter",
      "process-compose",
      "prometheus",
      "pulumi",
      "pulumi-language-nodejs",
      "restic",
    ]);
    expect(toolNames("optional")).toEqual(["grafana"]);
    expect(toolNames("checks")).toEqual(["promtool", "amtool"]);
    expect(toolNames("asked").sort()).toEqual(["btcd", "geth", "versitygw"]);
  });

  it("has one version of a client: the one of the chain catalogue", () => {
    const clients = protocols.flatMap((p) => p.clients).filter((c) => c.release.program.goModule !== undefined);
    for (const { release } of clients) {
      const tool = tools.find((t) => t.name === release.program.binary);
      expect([tool?.version, tool?.build?.version]).toEqual([release.version, release.program.goModule?.version]);
    }
  });

  it("can build everything that is needed, and downloads over https only, from an archive of that version", () => {
    for (const { name, version, use, build, release } of tools) {
      if (use !== "optional") expect([name, build?.version]).toEqual([name, expect.stringMatching(/^v\d/)]);
      expect([name, build ?? release]).toEqual([name, expect.anything()]);
      if (release === undefined) continue;
      expect(release.version).toBe(version);
      for (const url of [release.archive, release.checksums]) expect(url).toMatch(/^https:\/\//);
      expect(release.archive).toContain(version);
      expect(release.archive).toMatch(/\{os\}.*\{arch\}/);
    }
  });

  it("is told in the guide, with its day", () => {
    const guide = readFileSync(path.resolve(__dirname, "../../../../docs/guides/tools.md"), "utf8");
    expect(guide).toContain(`Reviewed on ${TOOLS_REVIEWED}`);
    const rows = guide.split("\n").filter((line) => line.startsWith("| `"));
    for (const { name, version, use } of tools) {
      const row = rows.find((line) => line.split("|")[1]?.includes(`\`${name}\``));
      expect([name, row]).toEqual([name, expect.anything()]);
      if (use !== "checks") expect([name, row]).toEqual([name, expect.stringContaining(version)]);
    }
  });
});
