import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type AgentInventory,
  ALERTS,
  findAlert,
  type HistoryDocument,
  type RunbookLinks,
  runbookIndexMarkdown,
  runbookMarkdown,
  type StatusDocument,
  suggest,
} from "@chainkeep/core";
import { send } from "../server/http";
import { PAGE_HEADERS } from "./document";
import {
  clusterRunbook,
  noRunbookHtml,
  type RunbookInput,
  runbookEntries,
  runbookHtml,
  runbookIndexHtml,
} from "./runbook-page";
import { statusPage } from "./status-page";

export interface PageContext {
  readonly inventory: () => AgentInventory;
  readonly status: () => StatusDocument;
  readonly history: () => HistoryDocument;
}

/** Addresses of pages, for people. */
export function isPage(path: string): boolean {
  return path === "/" || path === "/runbooks" || /^\/runbooks\/[^/]+$/.test(path);
}

export function servePage(
  context: PageContext,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { status, kind, body } = pageOf(context, path, wantsMarkdown(request));
  const headers = kind === "html" ? PAGE_HEADERS : MARKDOWN_HEADERS;
  send(request, response, status, body, { ...headers, vary: "accept" });
}

interface Page {
  readonly status: number;
  readonly kind: "html" | "markdown";
  readonly body: string;
}

function pageOf(context: PageContext, path: string, markdown: boolean): Page {
  const inventory = context.inventory();
  const status = context.status();
  if (path === "/") return pageAs("html", 200, statusPage({ inventory, status, history: context.history() }));
  const input: RunbookInput = { inventory, alerts: status.alerts, now: status.time };
  if (path === "/runbooks") {
    return markdown ? pageAs("markdown", 200, indexMarkdown(inventory)) : pageAs("html", 200, runbookIndexHtml(input));
  }
  const name = path.slice("/runbooks/".length);
  const alert = findAlert(name);
  if (alert === undefined) {
    const names = ALERTS.map((a) => a.name);
    const short = name.slice(0, 100);
    const meant = suggest(short, names);
    const guess = meant === undefined ? "." : `; did you mean ${JSON.stringify(meant)}?`;
    const message = `There is no alert ${JSON.stringify(short)}${guess}`;
    return markdown
      ? pageAs("markdown", 404, `${message}\n`)
      : pageAs("html", 404, noRunbookHtml(input, message, meant));
  }
  return markdown
    ? pageAs("markdown", 200, runbookMarkdown(clusterRunbook(input, alert), LINKS))
    : pageAs("html", 200, runbookHtml(input, alert));
}

function pageAs(kind: Page["kind"], status: number, body: string): Page {
  return { kind, status, body };
}

const MARKDOWN_HEADERS = {
  "content-type": "text/markdown; charset=utf-8",
  "x-content-type-options": "nosniff",
};

const LINKS: RunbookLinks = {
  alert: (name) => (findAlert(name) ? `/runbooks/${name}?format=md` : undefined),
  other: (href) => (/^https:/.test(href) ? href : undefined),
};

function indexMarkdown(inventory: AgentInventory): string {
  return `# Runbooks of ${inventory.cluster}\n\n${runbookIndexMarkdown(runbookEntries(inventory), LINKS)}\n`;
}

/** Asked for by the address, or by programs that prefer it to HTML. */
function wantsMarkdown({ url = "", headers }: IncomingMessage): boolean {
  if (/[?&]format=md(&|$)/.test(url)) return true;
  const accepted = (headers.accept ?? "").split(",").map((part) => part.split(";")[0]?.trim());
  const [markdown, page] = [accepted.indexOf("text/markdown"), accepted.indexOf("text/html")];
  return markdown !== -1 && (page === -1 || markdown < page);
}
