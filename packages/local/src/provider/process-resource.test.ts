import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { processInputs } from "./process-props";
import { processHandler } from "./process-resource";
import type { Raw } from "./wire";

let stateDir: string;
let inputs: Raw;

beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), "chainkeep-process-"));
  inputs = processInputs({
    supervisor: "0123456789abcdef",
    stateDir,
    name: "a",
    command: ["/bin/true"],
    workingDir: stateDir,
  });
});

afterEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

test("only another name or state directory replaces a process, the old one first", async () => {
  expect(await processHandler.diff(inputs, inputs)).toEqual({ changes: false });
  expect(await processHandler.diff(inputs, { ...inputs, command: ["/bin/false"] })).toEqual({ changes: true });
  const renamed = await processHandler.diff(inputs, { ...inputs, name: "b" });
  expect(renamed).toEqual({ changes: true, replaces: ["name"], deleteBeforeReplace: true });
});

test("without a supervisor a process is gone, cannot be made, and is no trouble to delete", async () => {
  expect(await processHandler.read("id", inputs)).toEqual({ id: "", props: {} });
  await expect(processHandler.create(inputs)).rejects.toThrow(
    /has no running supervisor; run `pulumi up --refresh`.*\[SUPERVISOR_GONE\]/,
  );
  await expect(processHandler.delete(inputs)).resolves.toBeUndefined();
});
