import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { BlockAnswer } from "../../packages/agent/src/probe/ask-block";
import { Reorgs } from "../../packages/agent/src/probe/reorgs";
import { bitcoin, bitcoinRpcCredentials } from "../../packages/core/src/chains/bitcoin";
import { btcd } from "../../packages/core/src/chains/btcd";
import { sampleContext } from "../../packages/core/src/chains/sample-context";
import type { ProcessContext } from "../../packages/core/src/chains/types";
import { describeWith, findProgram } from "./find-program";
import { freePorts } from "./free-ports";
import { oldBlock } from "./old-block";

const program = findProgram("btcd");
const SEED = "0123456789abcdef0123456789abcdef";
/** Addresses that nobody has the key of. */
const ADDRESSES: Readonly<Record<string, string>> = {
  simnet: "SMJ2EsMn4iEfrGr1c7hW9KnykTxwffDZkM",
  regtest: "mfWyW5fc9NUj75YAnFgoRLrjxgLDn2MMth",
};

const cases = btcd.kinds.flatMap((kind) => btcd.networks.map((network) => [kind, network] as const));

describeWith({ btcd: program })("btcd", () => {
  const btcdPath = program ?? "";
  const running: Running[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((node) => node.end()));
  });

  it("tells its version when asked as the catalogue says", () => {
    const { stdout } = spawnSync(btcdPath, [...(btcd.release.program.versionArgs ?? [])], { encoding: "utf8" });
    expect(stdout).toMatch(/^btcd version \d+\.\d+\.\d+/);
  });

  // btcd stops at the first flag that it does not know: when that is the one behind ours, it took all of ours.
  it.each(cases)("takes every flag of a %s node on %s", (kind, network) => {
    for (const change of [{}, { listen: "0.0.0.0" }, { announce: "203.0.113.7", peers: ["198.51.100.9:8333"] }]) {
      const ctx = sampleContext(bitcoin, btcd, kind, network, { home: "/nonexistent", ...change });
      expect(refusedFlag(btcdPath, btcd.args(ctx))).toBe("no-such-flag");
    }
  });

  it("takes the flag of every option", () => {
    for (const [name, { type, min }] of Object.entries(btcd.options ?? {})) {
      const value = type === "boolean" ? true : type === "number" ? (min ?? 1) : (ADDRESSES.simnet ?? "");
      const ctx = sampleContext(bitcoin, btcd, "full", "simnet", { home: "/nonexistent", options: { [name]: value } });
      expect([name, refusedFlag(btcdPath, btcd.args(ctx))]).toEqual([name, "no-such-flag"]);
    }
  });

  it.each(["simnet", "regtest"])(
    "makes a network of two on %s: they answer the agent's questions, follow each other and end when told",
    async (network) => {
      const [one, two] = await startPair(btcdPath, network, running);
      const before = await one.heads();
      expect(before).toMatchObject({
        height: 0,
        hash: bitcoin.networks[network]?.chainId,
        version: expect.any(Number),
      });
      expect(before.chainId).toBe(bitcoin.networks[network]?.chainId);
      await until("both have a peer", async () => hasPeer(await one.heads()) && hasPeer(await two.heads()));

      const user = bitcoinRpcCredentials(SEED, "pair");
      const mined = await one.call("generate", [3], `${user.user}:${user.password}`);
      expect(mined).toHaveLength(3);
      await until("the other follows", async () => (await two.heads()).height === 3);
      const [a, b] = [await one.heads(), await two.heads()];
      expect(b.hash).toBe(a.hash);
      expect(b.hash).toBe((mined as string[])[2]);
      expect(b.timestamp).toBeGreaterThan(Date.now() / 1000 - 7200);
      expect(await one.block(2)).toBe((mined as string[])[1]);
      expect(await two.block(2)).toBe(await one.block(2));
      expect(await one.block(9)).toBeNull();

      expect(await one.end()).toBe(0);
      expect(await two.end()).toBe(0);
    },
    60_000,
  );

  it("lets the agent see a reorganisation: the shorter of two branches gives way", async () => {
    const [one, two] = await startPair(btcdPath, "simnet", running);
    const user = bitcoinRpcCredentials(SEED, "pair");
    const auth = `${user.user}:${user.password}`;
    await until("both have a peer", async () => hasPeer(await one.heads()) && hasPeer(await two.heads()));
    await one.call("generate", [1], auth);
    await until("the other follows", async () => (await two.heads()).height === 1);
    for (const [node, other] of [
      [one, two],
      [two, one],
    ] as const) {
      await node.call("node", ["remove", other.peer, "perm"], auth);
    }
    await until("both are alone", async () => !hasPeer(await one.heads()) && !hasPeer(await two.heads()));

    await one.call("generate", [2], auth);
    await two.call("generate", [3], auth);
    const reorgs = new Reorgs();
    const see = async () => {
      const { height, hash } = await one.heads();
      return reorgs.see({ height: Number(height), hash: String(hash), faults: [] }, 10, one.block);
    };
    expect(await see()).toBe(0);
    const winner = await two.block(2);
    expect(await one.block(2)).not.toBe(winner);

    await one.call("node", ["connect", two.peer, "perm"], auth);
    await until("the longer branch wins", async () => (await one.heads()).height === 4);
    expect(await see()).toBe(1);
    expect(await one.block(2)).toBe(winner);
  }, 90_000);

  it("lets the agent read and nothing more, and strangers nothing", async () => {
    const [one] = await startPair(btcdPath, "simnet", running);
    await expect(one.call("stop", [], one.agent)).rejects.toThrow(/limited user not authorized/);
    await expect(one.call("generate", [1], one.agent)).rejects.toThrow(/limited user not authorized/);
    await expect(one.call("getinfo", [], "chainkeep:wrong")).rejects.toThrow(/401/);
    expect((await one.heads()).height).toBe(0);
  }, 60_000);
});

/** The flag that btcd complains of when one that it cannot know follows. */
function refusedFlag(file: string, args: readonly string[]): string | undefined {
  const { stdout, stderr, status } = spawnSync(file, [...args, "--no-such-flag"], { encoding: "utf8" });
  expect(status).toBe(1);
  return /unknown flag `([^']*)'/.exec(stdout + stderr)?.[1] ?? stdout + stderr;
}

interface Heads {
  readonly height: unknown;
  readonly hash: unknown;
  readonly timestamp: number;
  readonly peers: unknown;
  readonly chainId: unknown;
  readonly version: unknown;
}

interface Running {
  /** `user:password` of the agent, from the file that the health probe names. */
  readonly agent: string;
  call(method: string, params: readonly unknown[], auth: string): Promise<unknown>;
  heads(): Promise<Heads>;
  /** Hash of an old block, with the agent's question. */
  block(height: number): Promise<BlockAnswer>;
  /** Where other nodes find it. */
  readonly peer: string;
  end(): Promise<number | null>;
}

/** Each dials the other, so that whichever comes back is found at once: two connections, or one for a moment. */
function hasPeer({ peers }: Heads): boolean {
  return Number(peers) >= 1;
}

async function startPair(file: string, network: string, running: Running[]): Promise<readonly [Running, Running]> {
  const ports = await freePorts(4);
  const homes = [0, 1].map(() => mkdtempSync(path.join(tmpdir(), "chainkeep-btcd-")));
  const contexts = homes.map((home, i): ProcessContext => {
    const own = { p2p: ports[2 * i] ?? 0, rpc: ports[2 * i + 1] ?? 0 };
    const other = { p2p: ports[2 - 2 * i] ?? 0, rpc: ports[3 - 2 * i] ?? 0 };
    return sampleContext(bitcoin, btcd, "full", network, {
      cluster: "pair",
      node: `n-${i}`,
      index: i,
      home,
      ports: own,
      siblings: [{ node: `n-${1 - i}`, group: "n", kind: "full", host: "127.0.0.1", ports: other }],
      options: { miningAddress: ADDRESSES[network] ?? "" },
    });
  });
  writeSecrets(network, contexts);
  const nodes = contexts.map((ctx) => start(file, ctx));
  running.push(...nodes);
  const [one, two] = nodes;
  if (!one || !two) throw new Error("two nodes were started");
  await until("both answer", async () => (await Promise.all([one.heads(), two.heads()])).length === 2);
  return [one, two];
}

function writeSecrets(network: string, contexts: readonly ProcessContext[]): void {
  const processes = contexts.map((ctx) => ({ ...ctx, layer: "node" as const, client: "btcd" }));
  const settings = { genesisTime: "2025-01-01T00:00:00Z", blockTimeSeconds: 1, genesisValidators: 0 };
  const material = bitcoin.derive?.({ cluster: "pair", network, chainId: network, seed: SEED, processes, settings });
  for (const { node, home } of contexts) {
    for (const { path: name, content, mode } of material?.files[node]?.node?.secret ?? []) {
      writeFileSync(path.join(home, name), content);
      chmodSync(path.join(home, name), Number.parseInt(mode ?? "0644", 8));
    }
  }
}

function start(file: string, ctx: ProcessContext): Running {
  const child = spawn(file, [...btcd.args(ctx)], { stdio: "ignore" });
  const agent = readFileSync(path.join(ctx.home, btcd.health.basicAuthFile ?? ""), "utf8");
  const call = (method: string, params: readonly unknown[], auth: string) =>
    ask(ctx.ports.rpc ?? 0, method, params, auth);
  return {
    agent,
    call,
    peer: `127.0.0.1:${ctx.ports.p2p}`,
    block: (height) =>
      oldBlock(
        `http://127.0.0.1:${ctx.ports.rpc}`,
        btcd.health,
        height,
        path.join(ctx.home, btcd.health.basicAuthFile ?? ""),
      ),
    heads: () => heads((method, params) => call(method, params, agent)),
    end: async () => {
      const code = await ended(child);
      rmSync(ctx.home, { recursive: true, force: true });
      return code;
    },
  };
}

/** Ends the one process that was started here. */
function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.once("exit", (code) => {
      clearTimeout(patience);
      resolve(code);
    });
    child.kill(btcd.stop.signal);
  });
}

async function ask(port: number, method: string, params: readonly unknown[], auth: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Basic ${Buffer.from(auth).toString("base64")}` },
    body: JSON.stringify({ jsonrpc: "1.0", id: 1, method, params }),
    signal: AbortSignal.timeout(5000),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const { result, error } = (await response.json()) as { result: unknown; error: { message: string } | null };
  if (error) throw new Error(error.message);
  return result;
}

/** Asks what the health probe asks, in its two rounds, and reads the answers where it says. */
async function heads(call: (method: string, params: readonly unknown[]) => Promise<unknown>): Promise<Heads> {
  const { requests, head } = btcd.health;
  const answers: Record<string, unknown> = {};
  const read = (field: keyof typeof head): unknown => {
    const source = head[field];
    if (source === undefined || "slot" in source) return undefined;
    const steps = source.path === "" ? [] : source.path.split(".");
    return steps.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], answers[source.from]);
  };
  const late = (name: string) => JSON.stringify(requests[name]).includes("$");
  for (const name of Object.keys(requests).sort((a, b) => Number(late(a)) - Number(late(b)))) {
    const { method, params = [] } = requests[name]?.rpc ?? { method: "" };
    answers[name] = await call(
      method,
      params.map((value) => (value === "$hash" ? read("hash") : value)),
    );
  }
  return {
    height: read("height"),
    hash: read("hash"),
    timestamp: Number(read("timestamp")),
    peers: read("peers"),
    chainId: read("chainId"),
    version: read("version"),
  };
}

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      if (await done()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: not within 30 s`, { cause: last });
}
