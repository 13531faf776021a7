import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { supervisorIdOf } from "../supervisor/paths";
import { supervisorHandler } from "./supervisor-resource";
import { UNKNOWN_TEXT } from "./wire";

const INPUTS = { stateDir: "/srv/run", binary: "/opt/process compose" };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "ck-sup-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe("check", () => {
  test("tells socket, mark and attach command already in a preview", async () => {
    const { inputs, failures } = await supervisorHandler.check({}, INPUTS);
    expect(failures).toEqual([]);
    expect(inputs.supervisorId).toBe(supervisorIdOf("/srv/run"));
    expect(inputs.attachCommand).toBe(`'/opt/process compose' attach -u ${inputs.socket}`);
  });

  test("keeps the socket where it is, until its place is gone", async () => {
    const socket = path.join(directory, "chainkeep-1", "x.sock");
    const again = await supervisorHandler.check({ ...INPUTS, socket }, INPUTS);
    expect(again.inputs.socket).toBe(socket);
    rmSync(directory, { recursive: true });
    const moved = await supervisorHandler.check({ ...INPUTS, socket }, INPUTS);
    expect(moved.inputs.socket).not.toBe(socket);
  });

  test("waits for what a preview does not know", async () => {
    const { inputs, failures } = await supervisorHandler.check({}, { ...INPUTS, stateDir: UNKNOWN_TEXT });
    expect(failures).toEqual([]);
    expect(inputs.socket).toBe(UNKNOWN_TEXT);
  });

  test("refuses relative paths and unknown keys", async () => {
    const { failures } = await supervisorHandler.check({}, { stateDir: "run", binary: "process-compose", port: 1 });
    expect(failures?.map((failure) => failure.property)).toEqual(["stateDir", "binary", "port"]);
  });
});

test("another program is an update, another state directory a replacement while the old one still lives", async () => {
  const { inputs } = await supervisorHandler.check({}, INPUTS);
  expect(await supervisorHandler.diff({ ...inputs, claim: "c" }, inputs)).toEqual({ changes: false });
  expect(await supervisorHandler.diff(inputs, { ...inputs, binary: "/opt/new" })).toEqual({ changes: true });
  const moved = await supervisorHandler.diff(inputs, { ...inputs, stateDir: "/srv/other" });
  expect(moved).toEqual({ changes: true, replaces: ["stateDir"], deleteBeforeReplace: false });
});

describe("create", () => {
  test("says which program is missing", async () => {
    const stateDir = path.join(directory, "run");
    const { inputs } = await supervisorHandler.check({}, { stateDir, binary: path.join(directory, "none") });
    await expect(supervisorHandler.create(inputs)).rejects.toThrow(
      /binary: got .*none: .*; give the path of process-compose \[NO_PROGRAM\]/,
    );
  });

  test("says why a program does not start, with the last lines of its log", async () => {
    const stateDir = path.join(directory, "run");
    const { inputs } = await supervisorHandler.check({}, { stateDir, binary: "/bin/ls" });
    await expect(supervisorHandler.create(inputs)).rejects.toThrow(
      /process-compose ended with exit code \d.*\n {4}\| .*\[SUPERVISOR_NOT_STARTED\]/s,
    );
  });
});

test("one that was never started is gone, and no trouble to delete", async () => {
  const { inputs } = await supervisorHandler.check({}, { ...INPUTS, stateDir: path.join(directory, "run") });
  expect(await supervisorHandler.read("id", inputs)).toEqual({ id: "", props: {} });
  await expect(supervisorHandler.delete(inputs)).resolves.toBeUndefined();
});
