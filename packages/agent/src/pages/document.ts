import { createHash } from "node:crypto";
import { type Content, type Html, html, trusted } from "./html";
import { SCRIPT } from "./script";
import { STYLE } from "./style";
import type { Level } from "./words";

export interface PageInput {
  readonly title: string;
  /** Colour of the icon in the browser's tab, and the word that is read out when it changes. */
  readonly level: Level;
  readonly word: string;
  readonly refreshSeconds: number;
  /** For pages that are read, not scanned. */
  readonly narrow?: boolean;
  /** Name of the page, and whose it is. */
  readonly header: Html;
  readonly main: Content;
  readonly footer: Content;
}

const ICON_COLOURS: Readonly<Record<Level, string>> = { good: "18794e", info: "2450c8", warn: "b26b00", bad: "b42318" };

/** A whole page: one answer, no other request for it. */
export function documentOf(page: PageInput): string {
  const icon = `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#${ICON_COLOURS[page.level]}" d="${ICON_SHAPES[page.level]}"/></svg>`,
  )}`;
  const { text } = html`<!doctype html>
<html lang="en" data-refresh="${page.refreshSeconds}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<link rel="icon" href="${icon}">
<noscript><meta http-equiv="refresh" content="15"></noscript>
<style>${trusted(STYLE)}</style>
</head>
<body data-word="${page.word}"${page.narrow === true && html` class="narrow"`}>
${SIGNS}
<p id="_live" class="hidden" role="status" aria-live="polite"></p>
<div class="page">
<header class="top">${page.header}</header>
<div id="_alarm" role="alert"></div>
<main>${page.main}</main>
<footer>${page.footer}</footer>
</div>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
  return text;
}

/** A full disc, an i, a triangle, an octagon: told apart without their colours. */
const ICON_SHAPES: Readonly<Record<Level, string>> = {
  good: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Z",
  info: "M2 2h12v12H2Z",
  warn: "M8 1 15.5 14.5H.5Z",
  bad: "M5 1h6l4 4v6l-4 4H5l-4-4V5Z",
};

const SIGNS = trusted(`<svg width="0" height="0" class="hidden" aria-hidden="true">
<symbol id="_good" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9" fill="currentColor"/><polyline points="5.8,10.4 8.8,13.3 14.2,7.2" fill="none" stroke="var(--card)" stroke-width="2.2"/></symbol>
<symbol id="_info" viewBox="0 0 20 20"><rect x="1.5" y="1.5" width="17" height="17" rx="4" fill="currentColor"/><polyline points="10,15 10,5.5" fill="none" stroke="var(--card)" stroke-width="2.2"/><polyline points="6.2,9.2 10,5.3 13.8,9.2" fill="none" stroke="var(--card)" stroke-width="2.2"/></symbol>
<symbol id="_warn" viewBox="0 0 20 20"><polygon points="10,1.2 19.6,18.4 0.4,18.4" fill="currentColor"/><line x1="10" y1="7" x2="10" y2="12.6" stroke="var(--card)" stroke-width="2.2"/><circle cx="10" cy="15.6" r="1.3" fill="var(--card)"/></symbol>
<symbol id="_bad" viewBox="0 0 20 20"><polygon points="6,1 14,1 19,6 19,14 14,19 6,19 1,14 1,6" fill="currentColor"/><line x1="6.4" y1="6.4" x2="13.6" y2="13.6" stroke="var(--card)" stroke-width="2.2"/><line x1="13.6" y1="6.4" x2="6.4" y2="13.6" stroke="var(--card)" stroke-width="2.2"/></symbol>
</svg>`);

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Only this style and this script run, and nothing is loaded from anywhere: what a node says cannot become a program. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": [
    "default-src 'none'",
    `style-src ${hash(STYLE)}`,
    `script-src ${hash(SCRIPT)}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};
