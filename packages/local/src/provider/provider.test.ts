import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { LocalProvider } from "./provider";
import { version } from "./version";

const provider = new LocalProvider("1.2.3");
const urn = (type: string) =>
  `urn:pulumi:dev::shop::chainkeep-local:index:NodeCluster$chainkeep-local:index:${type}::x`;

test("a resource is found by its own type, below whatever parent", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-provider-"));
  try {
    const inputs = { directory: path.join(directory, "a"), files: { f: { content: "text" } }, purgeData: null };
    const checked = await provider.check(urn("FileSet"), {}, inputs);
    const { id, outs } = await provider.create(urn("FileSet"), checked.inputs);
    expect(readFileSync(path.join(id, "f"), "utf8")).toBe("text");
    expect(JSON.parse(JSON.stringify(outs))).toEqual(outs);
    await provider.delete(id, urn("FileSet"), outs);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("an unknown type is an error that lists the known ones", async () => {
  await expect(provider.check(urn("Node"), {}, {})).rejects.toThrow(
    /index:Node: unknown resource type; use one of .*index:Process/,
  );
});

test("the schema names what the resources take and give", async () => {
  const schema = JSON.parse(await provider.getSchema());
  expect(schema.version).toBe("1.2.3");
  expect(Object.keys(schema.resources)).toEqual(
    ["Supervisor", "FileSet", "Process"].map((type) => `chainkeep-local:index:${type}`),
  );
  for (const { requiredInputs, inputProperties, required, properties } of Object.values<Record<string, object>>(
    schema.resources,
  )) {
    expect(Object.keys(inputProperties!)).toEqual(expect.arrayContaining(requiredInputs as string[]));
    expect(Object.keys(properties!)).toEqual(expect.arrayContaining(required as string[]));
  }
});

test("the version is the package's", () => {
  expect(version()).toMatch(/^\d+\.\d+\.\d+/);
});
