import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What to do with an answer of the real node: another body, or nothing at all (the connection stays open and silent). */
export type Forge = (
  question: { readonly path: string; readonly method: string | undefined },
  answer: unknown,
) => unknown;

/** Says that nothing is ever answered. */
export const SILENCE = Symbol("silence");

/** Stands between the agent and a node: passes questions on and changes what comes back. */
export class ForgedNode {
  private server: Server | undefined;

  constructor(
    private readonly real: string,
    private readonly forge: Forge,
  ) {}

  async open(): Promise<this> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.answer(request.url ?? "/", request.method ?? "GET", Buffer.concat(chunks)).then(
          (body) => {
            if (body === undefined) return;
            response.writeHead(200, { "content-type": "application/json" });
            response.end(body);
          },
          () => response.destroy(),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.server = server;
    return this;
  }

  get url(): string {
    const address = this.server?.address() as AddressInfo | null | undefined;
    if (!address) throw new Error("the forged node is not open");
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }

  private async answer(path: string, method: string, body: Buffer): Promise<string | undefined> {
    const post =
      method === "POST" ? { method, body: new Uint8Array(body), headers: { "content-type": "application/json" } } : {};
    const real = await fetch(`${this.real}${path}`, { ...post, signal: AbortSignal.timeout(5000) });
    const answer = (await real.json()) as unknown;
    const asked = method === "POST" ? (JSON.parse(body.toString("utf8")) as { method?: string }).method : undefined;
    const changed = this.forge({ path, method: asked }, structuredClone(answer));
    return changed === SILENCE ? undefined : JSON.stringify(changed);
  }
}
