import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findProgram } from "./find-program";

/** A browser of this machine: CHAINKEEP_CHROMIUM, or on PATH. */
export const CHROMIUM = findProgram("chromium") ?? findProgram("chromium-browser") ?? findProgram("google-chrome");

/** `describe`, or a skipped one with a line that says what is missing. */
export function describeWithChromium(): jest.Describe {
  if (CHROMIUM !== undefined) return describe;
  process.stderr.write("skipped: chromium not found; install it, or set CHAINKEEP_CHROMIUM to the browser's program\n");
  return describe.skip;
}

/** Makes a profile of its own, which is gone with it. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM ?? "",
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Watched {
  readonly page: Page;
  /** Errors and warnings of the browser, and requests to anywhere but the page's own server. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

/** A page whose every complaint is kept. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== new URL(url).origin) complaints.push(`elsewhere: ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/** Pixels by which the page is wider than the window: more than 0 makes people scroll sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
