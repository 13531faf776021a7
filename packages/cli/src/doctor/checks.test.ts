import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { diskCheck, nodeCheck, platformCheck, portsCheck, programCheck, toolCheck } from "./checks";
import { configuredPorts, isTaken } from "./look";

const GIB = 1024 ** 3;

describe("checks", () => {
  it.each([
    ["v20.18.3", "fail"],
    ["v20.19.0", "ok"],
    ["v22.0.0", "ok"],
    ["v18.20.4", "fail"],
  ])("Node.js %s: %s", (version, status) => {
    expect(nodeCheck(version).status).toBe(status);
  });

  it("wants a platform that the programs exist for", () => {
    expect(platformCheck("darwin", "arm64").status).toBe("ok");
    expect(platformCheck("win32", "x64")).toMatchObject({ status: "fail", fix: expect.stringContaining("WSL") });
  });

  it("fails for a program only when no way to it is open", () => {
    const closed = ["Go is not on PATH"];
    const tool = { name: "prometheus", pinned: "3.7.0", optional: false, skipped: [], open: [], closed };
    expect(toolCheck(tool)).toMatchObject({ status: "fail", fix: expect.stringContaining("Go is not on PATH") });
    expect(toolCheck({ ...tool, optional: true })).toMatchObject({
      status: "warn",
      fix: expect.stringMatching(/^all else works without it.*Go is not on PATH/),
    });
    const open = toolCheck({ ...tool, open: ["build with Go 1.26.8"] });
    expect(open).toMatchObject({ status: "ok", text: expect.stringContaining("can build with Go 1.26.8") });
    const found = { source: "path", version: "3.7.1", path: "/bin/prometheus" };
    const skipped = [{ path: "/old/prometheus", reason: "is 2.45.0; 3.7.0 or a later 3.7.x is needed" }];
    expect(toolCheck({ ...tool, found, skipped })).toEqual({
      name: "prometheus",
      status: "ok",
      text: "3.7.1 (path) /bin/prometheus; /old/prometheus is 2.45.0; 3.7.0 or a later 3.7.x is needed",
    });
  });

  it("judges space, ports and helpers", () => {
    expect([6, 2, 0.1].map((n) => diskCheck("disk", "/x", n * GIB).status)).toEqual(["ok", "warn", "fail"]);
    expect(portsCheck(["26657 (rpc)"], ["26657 (rpc)"], false)).toMatchObject({
      status: "warn",
      text: "in use by something else: 26657 (rpc)",
    });
    expect(portsCheck(["26657 (rpc)"], ["26657 (rpc)"], true).status).toBe("ok");
    expect(programCheck("npm", undefined, { status: "warn", fix: "install it" })).toEqual({
      name: "npm",
      text: "not on PATH",
      status: "warn",
      fix: "install it",
    });
  });
});

describe("looking at the machine", () => {
  it("sees that a port is in use", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await isTaken(port)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await isTaken(port)).toBe(false);
  });

  it("reads the ports that a stack sets, and nothing else", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-doctor-"));
    const file = path.join(directory, "Pulumi.local.yaml");
    try {
      writeFileSync(
        file,
        'config:\n  chainkeep:hostPorts:\n    rpc: 36657\n    agent: "36680"\n  chainkeep:rpcCount: "2"\n',
      );
      expect(await configuredPorts(file)).toEqual({ rpc: 36657, agent: 36680 });
      writeFileSync(file, "config:\n  chainkeep:rpcCount: 2\n");
      expect(await configuredPorts(file)).toEqual({});
      expect(await configuredPorts(path.join(directory, "none.yaml"))).toEqual({});
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
