import type { IncomingMessage, ServerResponse } from "node:http";
import { type AgentInventory, didYouMean } from "@chainkeep/core";
import type { AlertStore } from "../alerts/store";
import { parseWebhook } from "../alerts/webhook";
import type { HeightHistory } from "../fleet/heights";
import type { FleetState } from "../fleet/judge";
import type { Rotation } from "../fleet/rotation";
import { statusDocument } from "../fleet/status";
import type { Metrics } from "../metrics/metrics";
import { isPage, servePage } from "../pages/serve";
import { isVaultPath, VAULT_PATHS, vaultRoute } from "../vault/service/vault-routes";
import type { VaultService } from "../vault/service/vault-service";
import { readBody, send, sendJson } from "./http";

export interface RouteContext {
  readonly inventory: () => AgentInventory;
  readonly fleet: () => FleetState;
  readonly rotation: Rotation;
  readonly alerts: AlertStore;
  readonly heights: HeightHistory;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** What works with the vault; nothing where the cluster has none. */
  readonly vault?: () => VaultService | undefined;
}

const PATHS = [
  "/",
  "/runbooks",
  "/runbooks/<Alert>",
  "/healthz",
  "/ready/<node>",
  "/alive/<node>",
  "/status",
  "/history",
  "/metrics",
  "/alerts/webhook (POST)",
  ...VAULT_PATHS,
];
const MAX_WEBHOOK_BYTES = 1024 * 1024;

/** Answers requests to the agent's own port: programs in JSON, people with pages. Errors are JSON, too. */
export function routes(context: RouteContext) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    request.on("error", () => {});
    response.on("error", () => {});
    route(context, request, response).catch((error: unknown) => {
      sendJson(request, response, 500, {
        error: `agent failed: ${error instanceof Error ? error.message : "unknown"}`,
      });
    });
  };
}

async function route(context: RouteContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request.url ?? "/");
  if (path === undefined) return sendJson(request, response, 400, { error: "this is no path" });
  const [, first = "", second] = path.split("/");
  if (isVaultPath(path)) {
    const directory = context.inventory().vault?.directory ?? "";
    return vaultRoute({ service: context.vault?.(), directory }, path, request, response);
  }
  const method = request.method ?? "GET";
  const allowed = path === "/alerts/webhook" ? ["POST"] : ["GET", "HEAD"];
  if (isKnown(path, first, second) && !allowed.includes(method)) {
    const error = `method ${method} is not allowed; use ${allowed[0]}`;
    return sendJson(request, response, 405, { error }, { allow: allowed.join(", ") });
  }
  if (path === "/healthz") return sendJson(request, response, 200, { ok: true });
  if (path === "/status") return sendJson(request, response, 200, status(context));
  if (path === "/history") return sendJson(request, response, 200, context.heights.document());
  if (path === "/metrics") return metrics(context, request, response);
  if (path === "/alerts/webhook") return webhook(context, request, response);
  if ((first === "ready" || first === "alive") && second) return node(context, first, second, request, response);
  if (isPage(path)) return servePage(pages(context), path, request, response);
  sendJson(request, response, 404, { error: "nothing here", paths: PATHS });
}

function isKnown(path: string, first: string, second: string | undefined): boolean {
  const isNode = (first === "ready" || first === "alive") && Boolean(second);
  return isNode || isPage(path) || ["/healthz", "/status", "/history", "/metrics", "/alerts/webhook"].includes(path);
}

function pages(context: RouteContext) {
  const { inventory, heights } = context;
  return { inventory, status: () => status(context), history: () => heights.document() };
}

/** Path without query and final slash, decoded. */
function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split("?", 1)[0] ?? "");
    if (!path.startsWith("/")) return undefined;
    return path.length > 1 ? path.replace(/\/+$/, "") : path;
  } catch {
    return undefined;
  }
}

function status(context: RouteContext) {
  const { rotation, alerts } = context;
  return statusDocument({
    inventory: context.inventory(),
    fleet: context.fleet(),
    rotation,
    alerts: alerts.list(),
    now: context.now(),
    vault: context.vault?.(),
  });
}

async function metrics({ metrics }: RouteContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  send(request, response, 200, await metrics.text(), { "content-type": metrics.registry.contentType });
}

function node(
  { fleet }: RouteContext,
  question: "ready" | "alive",
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { nodes } = fleet();
  const state = nodes.get(name);
  if (!state) {
    const error = `unknown node ${JSON.stringify(name.slice(0, 100))}${didYouMean(name.slice(0, 100), [...nodes.keys()])}`;
    sendJson(request, response, 404, { error });
    return;
  }
  const { ready, alive, reasons } = state;
  sendJson(request, response, state[question] ? 200 : 503, { node: name, ready, alive, reasons });
}

async function webhook({ alerts }: RouteContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const result = await readBody(request, MAX_WEBHOOK_BYTES);
  if ("problem" in result) {
    if (result.problem === "broken") return;
    return sendJson(
      request,
      response,
      413,
      { error: `body is longer than ${MAX_WEBHOOK_BYTES} bytes` },
      { connection: "close" },
    );
  }
  const parsed = parseWebhook(result.body.toString("utf8"));
  if ("problem" in parsed) return sendJson(request, response, 400, { error: parsed.problem });
  alerts.receive(parsed.alerts);
  sendJson(request, response, 200, { received: parsed.alerts.length });
}
