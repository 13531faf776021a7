import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { CONTROL_EXIT, control } from "./control";

let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), "chainkeep-control-"));
});

afterEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

describe("the control program", () => {
  it.each([
    [[]],
    [["restart", "--state-dir", "/x", "--process", "a"]],
    [["stop", "--state-dir", "/x"]],
    [["stop", "--process", "a"]],
    [["stop", "now", "--state-dir", "/x", "--process", "a"]],
    [["stop", "--state-dir", "/x", "--process", "a", "--hard"]],
  ])("refuses %j and says how it is used", async (words) => {
    const { code, out, err } = await control(words, process.pid);
    expect([code, out]).toEqual([CONTROL_EXIT.usage, undefined]);
    expect(err).toMatch(/^usage: /);
  });

  it.each(["stop", "start", "state"])("tells a supervisor that is gone from a failure: %s", async (action) => {
    const { code, out, err } = await control([action, "--state-dir", stateDir, "--process", "a"], process.pid);
    expect([code, out]).toEqual([CONTROL_EXIT.gone, undefined]);
    expect(err).toMatch(/\[SUPERVISOR_GONE\]$/);
  });
});
