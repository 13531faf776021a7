import { type ChildProcess, spawn } from "node:child_process";
import { CANONICAL } from "@chainkeep/core";
import { renderNodeExporter } from "../../packages/local/src/monitoring/render";
import { describeWith, findProgram } from "./find-program";
import { freePort } from "./free-ports";

const nodeExporter = findProgram("node_exporter");
/** Kernels tell of their own: this one's series are asked for. */
const onLinux = process.platform === "linux";

describeWith({ node_exporter: nodeExporter, ...(onLinux ? {} : { Linux: undefined }) })("node_exporter", () => {
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill("SIGKILL");
  });

  it("tells with our collectors everything that the rules ask of a machine, and listens on loopback alone", async () => {
    const asked = CANONICAL.filter((series) => series.scope === "host").flatMap((series) =>
      [...(series.other ?? []).join(" ").matchAll(/\bnode_[a-zA-Z0-9_]+/g)].map(([name]) => name),
    );
    expect(asked.length).toBeGreaterThan(5);
    const port = await freePort();
    const find = () => nodeExporter ?? "";
    const { command } = renderNodeExporter({ directory: "/", port }, { node: "", agentBundle: "", find });
    expect(command).toContain(`--web.listen-address=127.0.0.1:${port}`);
    child = spawn(command[0] ?? "", command.slice(1), { stdio: "ignore" });
    const scrape = await answer(`http://127.0.0.1:${port}/metrics`, child);
    const told = new Set(scrape.split("\n").map((line) => /^[a-zA-Z_][a-zA-Z0-9_]*/.exec(line)?.[0]));
    expect([...new Set(asked)].filter((name) => !told.has(name))).toEqual([]);
    // Everything else that it could tell stays away.
    expect(scrape).not.toMatch(/^(node_filesystem|node_network|node_load|go_|process_)/m);
  });
});

/** Asks until there is an answer; a program that has ended gives none. */
async function answer(url: string, program: ChildProcess): Promise<string> {
  for (;;) {
    if (program.exitCode !== null) throw new Error(`node_exporter ended with ${program.exitCode}`);
    try {
      const got = await fetch(url, { signal: AbortSignal.timeout(5000) });
      if (got.ok) return await got.text();
    } catch {
      // Not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
