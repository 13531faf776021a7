import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as path from "node:path";
import { type Problem, parseJobRequest } from "@chainkeep/core";
import { readBody, send, sendJson } from "../../server/http";
import { reportsDirectory } from "../drill/run-drill";
import { evidenceDirectory } from "../proof/evidence";
import { asVaultError } from "../vault-error";
import type { VaultService } from "./vault-service";
import type { RestoreRequest } from "./work";

const MAX_BODY_BYTES = 64 * 1024;
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,250}$/;

export const VAULT_PATHS = [
  "/vault",
  "/vault/points",
  "/vault/jobs",
  "/vault/jobs (POST)",
  "/vault/jobs/<id>",
  "/vault/jobs/<id> (DELETE)",
  "/vault/restore-plan (POST)",
  "/vault/reports",
  "/vault/reports/<id>",
  "/vault/evidence/<id>",
];

export interface VaultDoor {
  /** Absent where the cluster has no vault. */
  readonly service: VaultService | undefined;
  /** Directory of the vault's agent. */
  readonly directory: string;
}

/** Whether a path is the vault's. */
export function isVaultPath(path: string): boolean {
  return path === "/vault" || path.startsWith("/vault/");
}

/** Answers what belongs to the vault. Reading is free to whoever reaches the port; asking for work needs the token. */
export async function vaultRoute(
  door: VaultDoor,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await answered(door, path, request, response);
  } catch (error) {
    // A store that cannot be reached is no fault of the agent's.
    const { code, message } = asVaultError(error);
    sendJson(request, response, 500, { error: `${message} [${code}]`, code });
  }
}

async function answered(
  { service, directory }: VaultDoor,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    sendJson(request, response, status, body, headers);
  if (!service) return answer(404, { error: "this cluster has no vault; give it backup: { vault }" });
  const [, , what = "", id, ...more] = path.split("/");
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const allowed = more.length > 0 ? undefined : methodsOf(what, id);
  if (!allowed) return answer(404, { error: "nothing here", paths: VAULT_PATHS });
  if (!allowed.includes(method)) {
    return answer(405, { error: `method ${method} is not allowed; use ${allowed[0]}` }, { allow: allowed.join(", ") });
  }
  if (method !== "GET" && !service.allows(request.headers.authorization)) {
    const error = `this needs the token of ${service.status().controlTokenFile}: authorization: Bearer <token>`;
    return answer(401, { error }, { "www-authenticate": "Bearer" });
  }
  if (method === "DELETE") {
    const found = service.queue.cancel(id ?? "");
    return found ? answer(202, { cancelled: id }) : answer(404, { error: `no job ${id} runs or waits` });
  }
  if (method === "POST") return post(service, what, request, response);
  if (what === "") return answer(200, service.status());
  if (what === "points") return answer(200, await service.points());
  if (what === "jobs" && id === undefined) return answer(200, { jobs: service.queue.list() });
  if (what === "jobs") {
    const job = service.queue.find(id ?? "");
    return job ? answer(200, job) : answer(404, { error: `no job ${id}; the last fifty are kept` });
  }
  return file(directory, what, id, request, response);
}

function methodsOf(what: string, id: string | undefined): readonly string[] | undefined {
  if (what === "" && id === undefined) return ["GET"];
  if (what === "jobs") return id === undefined ? ["GET", "POST"] : ["GET", "DELETE"];
  if (what === "restore-plan" && id === undefined) return ["POST"];
  if (what === "points" && id === undefined) return ["GET"];
  if (what === "reports" || (what === "evidence" && id !== undefined)) return ["GET"];
  return undefined;
}

async function post(
  service: VaultService,
  what: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, body: unknown) => sendJson(request, response, status, body);
  const refuse = (problems: readonly Problem[]) =>
    answer(400, { error: problems.map((p) => `${p.path}: ${p.message} [${p.code}]`).join("\n"), problems });
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return answer(415, { error: "use content-type: application/json" });
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  if ("problem" in body) {
    if (body.problem === "broken") return;
    return answer(413, { error: `body is longer than ${MAX_BODY_BYTES} bytes` });
  }
  const given = parsed(body.body.toString("utf8"));
  const wanted = what === "restore-plan" && typeof given === "object" ? { ...given, kind: "restore" } : given;
  const read = parseJobRequest(wanted);
  if ("problems" in read) return refuse(read.problems);
  if (what === "restore-plan") {
    const { kind: _, ...rest } = read.request as RestoreRequest & { kind: string };
    return answer(200, await service.planRestore(rest));
  }
  const result = service.submit(read.request);
  return "problems" in result ? refuse(result.problems) : answer(202, result);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reports as people read them, evidence as programs do. */
async function file(
  directory: string,
  what: string,
  id: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const folder = what === "reports" ? reportsDirectory(directory) : evidenceDirectory(directory);
  if (id === undefined) {
    const names = await readdir(folder).catch(() => []);
    const ids = names.filter((n) => n.endsWith(".json")).map((n) => n.slice(0, -5));
    return sendJson(request, response, 200, { reports: ids.sort().reverse() });
  }
  const [extension, type] = what === "reports" ? [".md", "text/markdown"] : [".json", "application/json"];
  const at = path.join(folder, `${id}${extension}`);
  const text = FILE_NAME.test(id) ? await readFile(at, "utf8").catch(() => undefined) : undefined;
  if (text === undefined) return sendJson(request, response, 404, { error: `no ${what} ${id}` });
  send(request, response, 200, text, { "content-type": `${type}; charset=utf-8` });
}
