import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Progress } from "./progress";

/** A machine of its own: nothing on PATH but tar and a shell, an empty cache, a release host on loopback. */
export class ToolsWorld {
  readonly root = mkdtempSync(path.join(tmpdir(), "chainkeep-tools-"));
  readonly bin = path.join(this.root, "bin");
  readonly env: NodeJS.ProcessEnv;
  readonly told: string[] = [];
  readonly requests: string[] = [];
  readonly files = new Map<string, Buffer | { readonly location: string } | "hang-up">();
  /** Connections so far. */
  connections = 0;
  private server: Server | undefined;

  constructor() {
    mkdirSync(this.bin);
    this.env = {
      PATH: `${this.bin}:/usr/bin:/bin`,
      HOME: this.root,
      XDG_CACHE_HOME: path.join(this.root, "cache"),
    };
  }

  get cache(): string {
    return path.join(this.root, "cache", "chainkeep");
  }

  get progress(): Progress {
    return {
      line: (text) => void this.told.push(text),
      task: (label) => ({
        say: (doing) => void this.told.push(`${label}: ${doing}`),
        end: (text) => void this.told.push(`${label}: ${text}`),
      }),
    };
  }

  /** A program that says its version, in a folder. */
  program(name: string, says: string, folder = this.bin): string {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${says}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** A `go` that writes down how it was called, and builds a program that says the given. */
  go(builds: string): string {
    const log = path.join(this.root, "go.log");
    this.program(
      "go",
      [
        `echo "$@" >> ${log}`,
        'if [ "$1" = build ]; then',
        '  while [ "$1" != -o ]; do shift; done',
        `  printf '#!/bin/sh\\n${builds}\\n' > "$2"`,
        "fi",
      ].join("\n"),
    );
    return log;
  }

  /** Serves releases the way a mirror does: `/<host>/<path>`. */
  async serve({ refuse = false } = {}): Promise<void> {
    const server = createServer((request, response) => {
      this.requests.push(request.url ?? "");
      const found = this.files.get(request.url ?? "");
      if (found === undefined) response.writeHead(404).end();
      else if (found === "hang-up") {
        response.writeHead(200, { "content-length": 1_000_000 }).write("short");
        setImmediate(() => response.destroy());
      } else if (Buffer.isBuffer(found)) response.writeHead(200, { "content-length": found.length }).end(found);
      else response.writeHead(302, found).end();
    });
    server.on("connection", (socket) => {
      this.connections += 1;
      if (refuse) socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.server = server;
    this.env.CHAINKEEP_MIRROR = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A release of programs that say the given, with further files; its list of sums is right unless another one is given. */
  release(
    base: string,
    archive: string,
    sums: string,
    programs: Readonly<Record<string, string>>,
    sum?: string,
    beside: readonly string[] = [],
  ): Buffer {
    const folder = path.join(this.root, "release", archive.replace(/\.tar\.gz$/, ""));
    rmSync(folder, { recursive: true, force: true });
    for (const [name, says] of Object.entries(programs)) {
      this.program(path.basename(name), says, path.join(folder, path.dirname(name)));
    }
    for (const name of beside) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), `${name}\n`);
    }
    const file = path.join(this.root, archive);
    execFileSync("tar", ["-czf", file, "-C", path.dirname(folder), path.basename(folder)]);
    const bytes = readFileSync(file);
    this.files.set(`${base}/${archive}`, bytes);
    const right = createHash("sha256").update(bytes).digest("hex");
    this.files.set(`${base}/${sums}`, Buffer.from(`${"0".repeat(64)}  other.tar.gz\n${sum ?? right}  ${archive}\n`));
    return bytes;
  }

  async dispose(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
    rmSync(this.root, { recursive: true, force: true });
  }
}
