import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import * as path from "node:path";
import { ensureSocketDir, socketHasHome, socketPathOf, supervisorIdOf } from "./paths";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "ck-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe("the socket's path", () => {
  test("is in the user's runtime directory, and short however long the state directory is", () => {
    const stateDir = `/${"deep/".repeat(60)}`;
    const socket = socketPathOf(stateDir, { XDG_RUNTIME_DIR: directory });
    expect(socket).toBe(path.join(directory, `chainkeep-${userInfo().uid}`, `${supervisorIdOf(stateDir)}.sock`));
  });

  test("is elsewhere when that directory is gone, too deep or relative", () => {
    const deep = path.join(directory, "x".repeat(80));
    mkdirSync(deep);
    for (const XDG_RUNTIME_DIR of [path.join(directory, "gone"), deep, "run", ""]) {
      const socket = socketPathOf("/srv", { XDG_RUNTIME_DIR });
      expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(103);
      expect(socket.startsWith(directory)).toBe(false);
    }
  });

  test("loses its home when the runtime directory goes", () => {
    const socket = socketPathOf("/srv", { XDG_RUNTIME_DIR: directory });
    expect(socketHasHome(socket)).toBe(true);
    rmSync(directory, { recursive: true });
    expect(socketHasHome(socket)).toBe(false);
  });
});

describe("the socket's directory", () => {
  test("is made for its owner alone", async () => {
    await ensureSocketDir(path.join(directory, "chainkeep-1", "x.sock"));
    expect(statSync(path.join(directory, "chainkeep-1")).mode & 0o777).toBe(0o700);
  });

  test("that others may enter is refused, and so is a file in its place", async () => {
    const open = path.join(directory, "open");
    mkdirSync(open);
    chmodSync(open, 0o755);
    await expect(ensureSocketDir(path.join(open, "x.sock"))).rejects.toThrow(/mode 755; .* \[SOCKET_DIR_UNSAFE\]/);
    writeFileSync(path.join(directory, "file"), "");
    await expect(ensureSocketDir(path.join(directory, "file", "x.sock"))).rejects.toThrow(/PATH_TAKEN/);
  });
});

test("a state directory has one mark, however it is written", () => {
  expect(supervisorIdOf("/srv/a/../b/")).toBe(supervisorIdOf("/srv/b"));
  expect(supervisorIdOf("/srv/b")).not.toBe(supervisorIdOf("/srv/c"));
});
