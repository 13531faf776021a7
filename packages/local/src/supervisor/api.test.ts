import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { SupervisorApi } from "./api";

let directory: string;
let server: Server | undefined;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "ck-api-"));
});

afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function answering(listener: RequestListener): Promise<SupervisorApi> {
  const socket = path.join(directory, "x.sock");
  server = createServer(listener).listen(socket);
  await once(server, "listening");
  return new SupervisorApi(socket);
}

const refusing = (error: string) =>
  answering((_request, response) => {
    response.writeHead(400).end(JSON.stringify({ error }));
  });

test("a process is held unless the supervisor says that it does not run", async () => {
  const gone = await refusing("can't get ports: process a is not running");
  expect(await gone.isHeld("a")).toBe(false);
  server?.close();
  const withoutIpv6 = await refusing("open /proc/net/tcp6: no such file or directory");
  expect(await withoutIpv6.isHeld("a")).toBe(true);
});

test("a refused reload is an error with the supervisor's reason", async () => {
  const api = await refusing("yaml: line 3");
  await expect(api.reload()).rejects.toThrow(
    /refused the reload of the project: yaml: line 3; see supervisor.log \[SUPERVISOR_REFUSED\]/,
  );
});

test("a supervisor that is gone is not live, and everything else says how to bring it back", async () => {
  const api = new SupervisorApi(path.join(directory, "none.sock"));
  expect(await api.isLive()).toBe(false);
  await expect(api.state("a")).rejects.toThrow(
    /none\.sock: .*ENOENT.*; run `pulumi up --refresh`.* \[SUPERVISOR_UNREACHABLE\]/,
  );
});

test("a supervisor that does not answer is not live", async () => {
  const api = await answering(() => undefined);
  expect(await api.isLive(50)).toBe(false);
  server?.closeAllConnections();
});

test("an answer that is no JSON is no state", async () => {
  const api = await answering((_request, response) => response.writeHead(502).end("<html>"));
  expect(await api.state("a")).toBeUndefined();
});
