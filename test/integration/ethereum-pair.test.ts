import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ethereum } from "../../packages/core/src/chains/ethereum";
import { geth } from "../../packages/core/src/chains/geth";
import { prysm } from "../../packages/core/src/chains/prysm";
import { sampleContext } from "../../packages/core/src/chains/sample-context";
import type { ClientDefinition, Kind, ProcessContext } from "../../packages/core/src/chains/types";
import type { HealthProbe, ProbeRequest, ValueFormat, ValueSource } from "../../packages/core/src/health/types";
import { describeWith, findProgram } from "./find-program";
import { freePorts } from "./free-ports";
import { oldBlock } from "./old-block";

const gethPath = findProgram("geth");
const prysmPath = findProgram("beacon-chain");
const SEED = "0123456789abcdef0123456789abcdef";

const MAINNET_GENESIS = "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3";

/** Nothing of a test leaves this machine: no discovery, no peers. */
const ALONE: Readonly<Record<string, readonly string[]>> = {
  geth: ["--nodiscover", "--maxpeers=0"],
  prysm: ["--no-discovery"],
};

const FORMS: Readonly<Record<ValueFormat, RegExp>> = {
  decimal: /^\d+$/,
  hex: /^"0x[0-9a-f]+"$/,
  string: /^"[^"]+"$/,
  boolean: /^(true|false)$/,
  falseOrObject: /^(false|\{.*\})$/s,
  time: /^"\d{4}-/,
  unix: /^\d+$/,
  hexUnix: /^"0x[0-9a-f]+"$/,
  scaleMillis: /^"0x[0-9a-f]+"$/,
  length: /^\[.*\]$/s,
};

const running: Running[] = [];
let home = "";

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "chainkeep-eth-"));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((p) => p.end()));
  rmSync(home, { recursive: true, force: true });
});

describeWith({ geth: gethPath })("geth, started as the catalogue says,", () => {
  it("answers the agent, shows users nothing that commands it, and ends when told", async () => {
    const node = await start(geth, gethPath, "full");
    await node.until("HTTP server started.*auth=true");

    expect(await answersOf(node, geth.health)).toEqual({ head: [], missing: [] });
    const url = `http://127.0.0.1:${node.ports.rpc}`;
    expect(await oldBlock(url, geth.health, 0)).toBe(MAINNET_GENESIS);
    expect(await oldBlock(url, geth.health, 10)).toBeNull();
    for (const method of ["admin_nodeInfo", "debug_memStats", "engine_exchangeCapabilities", "txpool_status"]) {
      expect(await ask(node, { rpc: { method } })).toMatchObject({ error: { code: -32601 } });
    }
    const engine = await fetch(`http://127.0.0.1:${node.ports.engine}`, { method: "POST", body: "{}" });
    expect(engine.status).toBe(401);
    expect(await missingSeries(node, geth)).toEqual([]);
    expect(await node.end(geth.stop.signal)).toBe(0);
  }, 60_000);

  it("serves users more when they ask for it, and a mirror's users nothing", async () => {
    const served = await start(geth, gethPath, "full", { options: { httpApi: "txpool" } });
    const mirror = await start(geth, gethPath, "mirror");
    await Promise.all([served, mirror].map((node) => node.until("HTTP server started.*auth=true")));
    expect(await ask(served, { rpc: { method: "txpool_status" } })).toMatchObject({ result: { pending: "0x0" } });
    await expect(fetch(`http://127.0.0.1:${mirror.ports.ws}`)).rejects.toThrow("fetch failed");
  }, 60_000);

  it("keeps the state of the whole chain as an archive, and of the last blocks otherwise", async () => {
    const [archive, full] = [await start(geth, gethPath, "archive"), await start(geth, gethPath, "full")];
    await archive.until('state-history="entire chain"');
    await full.until('state-history="last 90000 blocks"');
  }, 60_000);
});

describeWith({ geth: gethPath, "beacon-chain": prysmPath })("geth and prysm, started as the catalogue says,", () => {
  it("find each other with the JWT of the seed", async () => {
    const shared = await start(geth, gethPath, "full");
    await shared.until("HTTP server started.*auth=true");
    const beacon = await start(prysm, prysmPath, "full", {
      options: { checkpointSyncUrl: "genesis" },
      layers: { execution: shared.ports },
    });
    await beacon.until("Connected to new endpoint");
    await shared.until("Beacon client online");

    expect(await answersOf(beacon, prysm.health)).toEqual({ head: [], missing: [] });
    expect(await missingSeries(beacon, prysm)).toEqual([]);
    expect(await beacon.end(prysm.stop.signal)).toBe(0);
  }, 120_000);
});

interface Running {
  readonly ports: Readonly<Record<string, number>>;
  /** Waits until the program's log has a line of that form. */
  until(pattern: string): Promise<void>;
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a client with the arguments, files and secrets of its definition, on free ports of this machine. */
async function start(
  client: ClientDefinition,
  file: string | undefined,
  kind: Kind,
  change: Partial<ProcessContext> = {},
): Promise<Running> {
  const free = await freePorts(client.ports.length);
  const ports = Object.fromEntries(client.ports.map(({ name }, i) => [name, free[i] as number]));
  const own = mkdtempSync(path.join(home, `${client.name}-`));
  const ctx = sampleContext(ethereum, client, kind, "mainnet", { home: own, shared: home, ports, ...change });
  const settings = { genesisTime: "2025-01-01T00:00:00Z", blockTimeSeconds: 12, genesisValidators: 0 };
  const processes = [{ ...ctx, layer: client.layer, client: client.name }];
  const derive = { cluster: "pair", network: "mainnet", chainId: "1", seed: SEED, processes, settings };
  const secrets = ethereum.derive?.(derive).files[ctx.node]?.[client.layer]?.secret ?? [];
  for (const { path: name, content } of [...(client.files?.(ctx) ?? []), ...secrets]) {
    const target = name.startsWith("shared:") ? path.join(ctx.shared, name.slice(7)) : path.join(own, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content, { mode: 0o600 });
  }
  const child = spawn(file ?? "", [...client.args(ctx), ...(ALONE[client.name] ?? [])], { cwd: own });
  const program = supervise(child, ports);
  running.push(program);
  return program;
}

function supervise(child: ChildProcess, ports: Running["ports"]): Running {
  let log = "";
  const collect = (chunk: Buffer) => {
    log += chunk.toString();
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return {
    ports,
    async until(pattern) {
      const form = new RegExp(pattern);
      while (!form.test(log)) {
        const over = await Promise.race([ended.then(() => true), new Promise((resolve) => setTimeout(resolve, 100))]);
        if (over === true && !form.test(log)) throw new Error(`it ended before it said ${pattern}:\n${log}`);
      }
    },
    end(signal = "SIGKILL") {
      if (child.exitCode === null) child.kill(signal);
      return ended;
    },
  };
}

async function ask(node: Running, { rpc, get }: ProbeRequest): Promise<unknown> {
  if (get !== undefined) return (await fetch(`http://127.0.0.1:${node.ports.beacon}${get}`)).json();
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: rpc?.method, params: rpc?.params ?? [] });
  const headers = { "content-type": "application/json" };
  return (await fetch(`http://127.0.0.1:${node.ports.rpc}`, { method: "POST", headers, body })).json();
}

/** Values that the probe does not find in the real answers, or finds in another form; and requests without an answer. */
async function answersOf(node: Running, probe: HealthProbe): Promise<{ head: string[]; missing: string[] }> {
  const answers = new Map<string, unknown>();
  for (const [name, request] of Object.entries(probe.requests)) {
    const answer = (await ask(node, request)) as { result?: unknown; data?: unknown };
    answers.set(name, request.rpc ? answer.result : answer.data === undefined ? undefined : answer);
  }
  const { timestamp, ...plain } = probe.head;
  const times =
    timestamp && "slot" in timestamp ? { slot: timestamp.slot, genesisTime: timestamp.genesisTime } : { timestamp };
  const faults = Object.fromEntries((probe.faults ?? []).map(({ code, value }) => [code, value]));
  const sources = Object.entries({ ...plain, ...times, ...faults }).filter((entry) => entry[1] !== undefined);
  const wrong = sources.filter(([, source]) => {
    const { from, path: at, as } = source as ValueSource;
    const value = at
      .split(".")
      .reduce((v, key) => (key === "" ? v : (v as Record<string, unknown>)?.[key]), answers.get(from));
    // A fresh node knows no finalized block; that is why the question is optional.
    if (value === undefined && probe.requests[from]?.optional) return false;
    const text = JSON.stringify(value) ?? "";
    return !FORMS[as].test(as === "decimal" || as === "unix" ? text.replaceAll('"', "") : text);
  });
  const missing = [...answers].filter(([name, v]) => v === undefined && !probe.requests[name]?.optional);
  return { head: wrong.map(([name]) => name), missing: missing.map(([name]) => name) };
}

/** Metric names of the definition that the running program does not expose. */
async function missingSeries(node: Running, { metrics }: ClientDefinition): Promise<string[]> {
  const text = await (await fetch(`http://127.0.0.1:${node.ports.metrics}${metrics?.path}`)).text();
  const exposed = new Set([...text.matchAll(/^([a-zA-Z_:][\w:]*)/gm)].map((m) => m[1]));
  const words = Object.values(metrics?.series ?? {}).flatMap((expr) => metricNames(expr as string));
  return [...new Set(words)].filter((name) => !exposed.has(name)).sort();
}

/** Names in PromQL that are neither functions, nor keywords with their label lists, nor matchers. */
function metricNames(expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}|\[[^\]]*\]/g, "").replace(/\b(without|by|ignoring|on)\s*\([^)]*\)/g, "");
  return [...bare.matchAll(/(?<!\w)[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)]
    .map((m) => m[0])
    .filter((w) => !/^(bool|and|or|unless)$/.test(w));
}
