import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { entryOf } from "./launch";
import { parseProject, readProject, renderProject, withEntry, withoutEntry, writeProject } from "./project-file";

const entry = (argument: string) =>
  entryOf(
    {
      name: "a",
      command: ["/bin/echo", argument],
      env: { VALUE: argument },
      workingDir: "/srv",
      argsFile: undefined,
      prepare: [],
      stopSignal: "SIGINT",
      graceSeconds: 300,
      backoffSeconds: 5,
      restartDigest: undefined,
    },
    "0123456789abcdef",
  );

const EMPTY = { processes: {}, claims: {} };

test("any text reaches process-compose unchanged: neither its variable expansion nor its YAML touch it", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("$" + "{HOME}", "$$", "$", "{{.X}}", "a: b # c")),
      (raw) => {
        const text = Buffer.from(raw).toString();
        const rendered = renderProject(withEntry(EMPTY, "a", entry(text), "claim"));
        expect(rendered).not.toContain("$");
        expect(parse(rendered).processes.a.entrypoint.at(-1)).toBe(text);
        expect(parseProject(rendered).processes.a).toEqual(entry(text));
      },
    ),
    { numRuns: 40 },
  );
});

test("a process comes and goes without touching another", () => {
  const two = withEntry(withEntry(EMPTY, "a", entry("1"), "claim-a"), "b", entry("2"), "claim-b");
  expect(withoutEntry(two, "a")).toEqual({ processes: { b: entry("2") }, claims: { b: "claim-b" } });
});

test("the helper that keeps the supervisor's log small is part of the file and not of the project", () => {
  const rendered = renderProject(EMPTY);
  expect(Object.keys(JSON.parse(rendered).processes)).toEqual(["_supervisor-log"]);
  expect(parseProject(rendered)).toEqual(EMPTY);
});

describe("on the disk", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "chainkeep-project-"));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  test("a project that was never written is empty, and what was written is read again", async () => {
    expect(await readProject(directory)).toEqual(EMPTY);
    const project = withEntry(EMPTY, "a", entry("1"), "claim-a");
    await writeProject(directory, project);
    expect(await readProject(directory)).toEqual(project);
  });

  test("a torn file is an error that names it and says what to do", async () => {
    writeFileSync(path.join(directory, "processes.json"), '{"processes": {');
    await expect(readProject(directory)).rejects.toThrow(
      /processes\.json: is not JSON any more; remove it .*\[PROJECT_TORN\]/,
    );
  });
});
