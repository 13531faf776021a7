import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { until } from "../../testing/fake-node.fixture";
import { VaultError } from "../vault-error";
import { ServiceWorld, servicePoint } from "./service-world.fixture";
import { isVaultPath, vaultRoute } from "./vault-routes";
import type { VaultService } from "./vault-service";

let world: ServiceWorld;
let service: VaultService | undefined;
let server: Server;
let base: string;

beforeEach(async () => {
  world = new ServiceWorld();
  service = await world.start();
  server = createServer((request, response) => {
    const at = decodeURIComponent(request.url ?? "");
    void vaultRoute({ service, directory: world.directory }, at, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

const token = () => readFileSync(path.join(world.directory, "control.token"), "utf8").trim();
const bearer = () => ({ authorization: `Bearer ${token()}` });
const json = { "content-type": "application/json" };

async function get(at: string, init: RequestInit = {}) {
  const answer = await fetch(`${base}${at}`, init);
  const text = await answer.text();
  const body = text.startsWith("{") ? JSON.parse(text) : text;
  return { code: answer.status, headers: answer.headers, body };
}
const post = (at: string, body: unknown, headers: Record<string, string> = { ...json, ...bearer() }) =>
  get(at, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });

describe("whoever reaches the port", () => {
  it("reads how the vault stands, its points, and what was done", async () => {
    world.points = [servicePoint("p0")];
    expect(await get("/vault")).toMatchObject({ code: 200, body: { name: "vault", rpoSeconds: 3600, job: null } });
    expect(await get("/vault/points")).toMatchObject({ code: 200, body: { points: [{ id: "p0" }], torn: [] } });
    const job = (await post("/vault/jobs", { kind: "backup" })).body;
    await service?.queue.whenEnded(job.id);
    expect(await get("/vault/jobs")).toMatchObject({ code: 200, body: { jobs: [{ id: job.id, state: "done" }] } });
    expect(await get(`/vault/jobs/${job.id}`)).toMatchObject({ code: 200, body: { kind: "backup" } });
    expect(await get("/vault/jobs/nothing")).toMatchObject({
      code: 404,
      body: { error: expect.stringMatching(/fifty/) },
    });
  });

  it("is told in JSON, with a code, that the store cannot be reached", async () => {
    world.fail("records", new VaultError("STORE_UNREACHABLE", "s3 is away"));
    expect(await get("/vault/points")).toMatchObject({
      code: 500,
      body: { code: "STORE_UNREACHABLE", error: "s3 is away [STORE_UNREACHABLE]" },
    });
  });

  it("asks the store once for many who ask at once", async () => {
    world.holds.add("records");
    const before = world.timesAsked;
    let came = 0;
    server.on("request", () => {
      came += 1;
    });
    const all = Array.from({ length: 10 }, () => get("/vault/points"));
    await until(
      "all requests",
      () => came,
      (n) => n === 10,
    );
    world.held.get("records")?.();
    for (const answer of await Promise.all(all)) expect(answer.code).toBe(200);
    expect(world.timesAsked - before).toBe(1);
  });

  it("reads reports as text and evidence as JSON, and no other file", async () => {
    for (const folder of ["reports", "evidence"]) mkdirSync(path.join(world.directory, folder), { recursive: true });
    writeFileSync(path.join(world.directory, "reports/drill-1.md"), "# Drill\n");
    writeFileSync(path.join(world.directory, "reports/drill-1.json"), "{}");
    writeFileSync(path.join(world.directory, "evidence/p0-1.json"), '{"id":"p0-1"}');
    const report = await get("/vault/reports/drill-1");
    expect([report.code, report.body, report.headers.get("content-type")]).toEqual([
      200,
      "# Drill\n",
      "text/markdown; charset=utf-8",
    ]);
    expect(await get("/vault/reports")).toMatchObject({ body: { reports: ["drill-1"] } });
    expect(await get("/vault/evidence/p0-1")).toMatchObject({ code: 200, body: { id: "p0-1" } });
    for (const way of ["..%2fcontrol.token", "..%2f..%2fetc%2fpasswd", "nothing", "a%00b"]) {
      expect(await get(`/vault/reports/${way}`)).toMatchObject({ code: 404 });
      expect(await get(`/vault/evidence/${way}`)).toMatchObject({ code: 404 });
    }
    expect(await get("/vault/reports/control.token")).toMatchObject({ code: 404 });
  });
});

describe("work", () => {
  it("is done for who can read the token, which only this user can", async () => {
    expect(statSync(path.join(world.directory, "control.token")).mode & 0o777).toBe(0o600);
    expect(token()).toMatch(/^[0-9a-f]{64}$/);
    const answer = await post("/vault/jobs", { kind: "backup" });
    expect(answer).toMatchObject({ code: 202, body: { kind: "backup", subject: "cluster" } });
  });

  it.each([
    ["nothing", {}],
    ["another token", { authorization: `Bearer ${"0".repeat(64)}` }],
    ["an empty one", { authorization: "Bearer " }],
    ["another scheme", { authorization: `Basic ${"0".repeat(64)}` }],
  ])("is refused to who brings %s, whatever they ask for", async (_, headers) => {
    for (const [at, method] of [
      ["/vault/jobs", "POST"],
      ["/vault/restore-plan", "POST"],
      ["/vault/jobs/backup-1", "DELETE"],
    ] as const) {
      const answer = await get(at, {
        method,
        headers: { ...json, ...headers },
        ...(method === "POST" && { body: "{" }),
      });
      expect(answer).toMatchObject({ code: 401, body: { error: expect.stringContaining("control.token") } });
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(JSON.stringify(answer.body)).not.toContain(token());
    }
    expect(world.done).toEqual([]);
  });

  it("keeps its token over a restart, and makes another one when it is no token any more", async () => {
    const before = token();
    await world.stop(service as VaultService);
    service = await world.start();
    expect(token()).toBe(before);
    await world.stop(service);
    writeFileSync(path.join(world.directory, "control.token"), "");
    service = await world.start();
    expect(token()).toMatch(/^[0-9a-f]{64}$/);
    expect((await get("/vault/jobs", { method: "POST", headers: { ...json, authorization: "Bearer " } })).code).toBe(
      401,
    );
  });

  it("is refused with everything that is wrong with it", async () => {
    expect(await post("/vault/jobs", { kind: "restore", point: { id: 7 }, forced: true })).toMatchObject({
      code: 400,
      body: { problems: [{ path: "node" }, { path: "point", code: "JOB_POINT_SELECTOR" }, { code: "UNKNOWN_KEY" }] },
    });
    const unknown = await post("/vault/jobs", { kind: "backup", node: "rpc-9" });
    expect(unknown).toMatchObject({
      code: 400,
      body: { error: expect.stringMatching(/^node: got "rpc-9"; use one of/) },
    });
    for (const nonsense of ["", "{", "null", "[]", "7", '"backup"', '{"kind":"format"}']) {
      expect(await post("/vault/jobs", nonsense)).toMatchObject({ code: 400 });
      expect(await post("/vault/restore-plan", nonsense)).toMatchObject({ code: 400 });
    }
    expect(world.done).toEqual([]);
  });

  it("must be asked for in JSON of a bounded size: pages of other sites cannot send it unasked", async () => {
    const plain = { "content-type": "text/plain", ...bearer() };
    expect(await post("/vault/jobs", { kind: "backup" }, plain)).toMatchObject({ code: 415 });
    expect(await post("/vault/jobs", JSON.stringify({ kind: "x".repeat(70_000) }))).toMatchObject({ code: 413 });
  });

  it("can be cancelled", async () => {
    world.holds.add("take");
    const { body: job } = await post("/vault/jobs", { kind: "backup" });
    const remove = () => get(`/vault/jobs/${job.id}`, { method: "DELETE", headers: bearer() });
    expect(await remove()).toMatchObject({ code: 202 });
    await service?.queue.whenEnded(job.id);
    expect(await remove()).toMatchObject({ code: 404 });
  });

  it("says why a restore cannot be planned", async () => {
    const body = { node: "rpc-0", point: { newestVerified: true } };
    expect(await post("/vault/restore-plan", body)).toMatchObject({ code: 500, body: { code: "STORE_UNREACHABLE" } });
  });
});

it("answers what is not there, and ways that are not gone, with what is", async () => {
  expect(await get("/vault/nothing")).toMatchObject({ code: 404, body: { paths: expect.arrayContaining(["/vault"]) } });
  expect(await get("/vault/jobs/a/b")).toMatchObject({ code: 404 });
  const wrong = await get("/vault", { method: "PUT", headers: bearer() });
  expect([wrong.code, wrong.headers.get("allow")]).toEqual([405, "GET"]);
  expect((await get("/vault", { method: "HEAD" })).code).toBe(200);
  service = undefined;
  expect(await get("/vault")).toMatchObject({ code: 404, body: { error: expect.stringContaining("no vault") } });
  expect(["/vault", "/vault/jobs", "/vaults", "/"].map(isVaultPath)).toEqual([true, true, false, false]);
});
