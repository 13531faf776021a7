import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { ownerOf, portProblems } from "./ports";
import { hasProc } from "./process-table";

let server: Server;
let port: number;

beforeEach(async () => {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  server.close();
  await once(server, "close");
});

test("a port in use is told with its owner, and a free one is not", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const freePort = (free.address() as AddressInfo).port;
  free.close();
  await once(free, "close");
  const [problem, ...others] = await portProblems([freePort, port], () => false);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ path: "ports[1]", code: "PORT_IN_USE" });
  const owner = hasProc ? `process ${process.pid} (` : "another process";
  expect(problem?.message).toContain(`got ${port}, in use by ${owner}`);
  expect(problem?.message).toContain("stop it or choose another port");
});

(hasProc ? test : test.skip)("the owner may be the process itself", async () => {
  expect(ownerOf(port)).toBe(process.pid);
  expect(await portProblems([port], (pid) => pid === process.pid)).toEqual([]);
});
