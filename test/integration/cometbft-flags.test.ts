import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { cometConfigToml } from "../../packages/core/src/chains/comet-config";
import { cometLight } from "../../packages/core/src/chains/comet-light";
import { cometbft as client } from "../../packages/core/src/chains/cometbft";
import { cometbft } from "../../packages/core/src/chains/cometbft-protocol";
import { sampleContext } from "../../packages/core/src/chains/sample-context";
import type { Kind } from "../../packages/core/src/chains/types";
import { describeWith, findProgram } from "./find-program";

const program = findProgram("cometbft");

describeWith({ cometbft: program })("cometbft", () => {
  const file = program ?? "";
  let home = "";

  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), "chainkeep-cometbft-"));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const run = (...args: string[]) => spawnSync(file, args, { encoding: "utf8", timeout: 20_000 });

  it("tells its version when asked as the catalogue says", () => {
    const { stdout, stderr } = run(...(client.release.program.versionArgs ?? []));
    expect(stdout + stderr).toMatch(/^0\.38\.\d+/);
  });

  /** cometbft stops at the first flag that it does not know: when that is the one behind ours, it took all of ours. */
  function refusedFlag(args: readonly string[]): string {
    const { stdout, stderr, status } = run(...args, "--no-such-flag");
    expect(status).not.toBe(0);
    return /unknown flag: (\S+)/.exec(stderr + stdout)?.[1] ?? stderr + stdout;
  }

  it.each([...client.kinds])("takes every flag of a %s node", (kind) => {
    expect(refusedFlag(client.args(sampleContext(cometbft, client, kind, "private", { home })))).toBe("--no-such-flag");
  });

  it.each([...cometLight.networks])("takes every flag of a light proxy on %s", (network) => {
    const siblings = ["rpc-0", "rpc-1"].map((node) => ({
      node,
      group: "rpc",
      kind: "full" as const,
      host: node,
      ports: { rpc: 1 },
    }));
    const ctx = sampleContext(cometbft, cometLight, "light", network, { home, siblings });
    const trusted = ["--height=1", `--hash=${"AB".repeat(32)}`];
    expect(refusedFlag([...cometLight.args(ctx), ...trusted])).toBe("--no-such-flag");
  });

  const config = (kind: Kind, own: boolean) =>
    cometConfigToml({
      moniker: "demo",
      kind,
      listen: own ? "127.0.0.1" : "::",
      ports: { p2p: 26656, rpc: 26657, metrics: 26660 },
      private: own,
      timeoutCommitMs: 200,
      peers: { persistent: [], seeds: [], privateIds: [], unconditionalIds: [], pex: true },
      proxyApp: "kvstore",
      ...(own
        ? {}
        : {
            stateSync: {
              rpcServers: ["https://a.example:443", "https://b.example:443"],
              trustHeight: 5,
              trustHash: "AB".repeat(32),
            },
          }),
    });

  it.each([...client.kinds].flatMap((kind) => [[kind, true] as const, [kind, false] as const]))(
    "reads the config of a %s node (private network: %s)",
    (kind, own) => {
      const folder = path.join(home, `${kind}-${own}`);
      mkdirSync(path.join(folder, "config"), { recursive: true });
      writeFileSync(path.join(folder, "config", "config.toml"), config(kind, own));
      const { stdout, stderr, status } = run("gen-node-key", "--home", folder);
      expect([status, stderr]).toEqual([0, ""]);
      expect(stdout.trim()).toMatch(/^[0-9a-f]{40}$/);
    },
  );

  it("finds a mistake in a config: the test above can fail", () => {
    const folder = path.join(home, "wrong");
    mkdirSync(path.join(folder, "config"), { recursive: true });
    writeFileSync(path.join(folder, "config", "config.toml"), config("full", true).replace('"3s"', '"three"'));
    expect(run("gen-node-key", "--home", folder).status).not.toBe(0);
  });

  it("knows every key that we set, under its section", () => {
    const folder = path.join(home, "init");
    expect(run("init", "--home", folder).status).toBe(0);
    const known = new Set(keysOf(readFileSync(path.join(folder, "config", "config.toml"), "utf8")));
    expect(keysOf(config("full", false)).filter((key) => !known.has(key))).toEqual([]);
  });
});

/** `section.key` of every setting. */
function keysOf(toml: string): string[] {
  let section = "";
  return toml.split("\n").flatMap((line) => {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
    const key = /^([\w-]+) = /.exec(line)?.[1];
    return key === undefined ? [] : [`${section}.${key}`];
  });
}
