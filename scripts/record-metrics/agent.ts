import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { bitcoindHealth } from "../../packages/core/src/chains/bitcoin-health";
import { ethereum } from "../../packages/core/src/chains/ethereum";
import { inventoryOf } from "../../packages/core/src/cluster/inventory-of";
import type { AgentInventory } from "../../packages/core/src/cluster/inventory-types";
import { planCluster } from "../../packages/core/src/cluster/plan";
import { CometWorld } from "../../test/integration/comet-world";
import { freePorts } from "../../test/integration/free-ports";
import { RunningAgent } from "../../test/integration/running-agent";
import { besideVault } from "./agent-vault";
import { DevChain } from "./geth";
import type { Ground, Recording } from "./recording";
import { until } from "./running";

const HOST = "127.0.0.1";
const PACKAGE = path.resolve(__dirname, "../../packages/agent");

/** The agent three times: beside nodes that serve users, beside an Ethereum node whose head is rewound, and beside a vault. */
export const agentRecording: Recording = {
  name: "agent",
  version: (JSON.parse(readFileSync(path.join(PACKAGE, "package.json"), "utf8")) as { version: string }).version,
  needs: ["cometbft", "geth", "restic"],
  how: "beside a network of CometBFT with requests of users, a node of the reference and a node that is down; beside a developer chain of geth with a reorganisation, and stand-ins for its beacon node and for a bitcoind that catches up; beside a vault with recovery points, after each kind of work with it",
  trim: { keepHelp: true, replace: [[/^v\d+\.\d+\.\d+$/, "v20.0.0"]] },
  scrapes: async (ground) => {
    execFileSync(process.execPath, [path.join(PACKAGE, "bundle.mjs")], { stdio: "inherit" });
    return [await besideComet(ground), await besideEthereum(ground), await besideVault(ground)];
  },
};

async function besideComet({ program, say }: Ground): Promise<string> {
  const world = await CometWorld.of(program("cometbft"), { val: ["validator", 4], rpc: ["full", 2] });
  let agent: RunningAgent | undefined;
  try {
    for (const { name } of world.plan.nodes) await world.start(name);
    await world.until("rpc-0", "follows", (told) => told.height >= 3 && told.syncing === false);
    const [port = 0, proxy = 0] = await freePorts(2);
    const input = { stack: "dev", listen: { host: HOST, port }, proxy: { host: HOST, port: proxy }, sharesDisks: true };
    agent = await RunningAgent.start({
      ...inventoryOf(world.plan, input),
      // Soon enough for a recording.
      checkpointBlocks: 2,
      reference: { questions: "cometbft", probeUrl: world.url("val-0") },
    });
    say("watches a network of CometBFT");
    for (const node of ["rpc-0", "rpc-1"]) await ready(agent, node);
    for (let i = 0; i < 5; i += 1) await agent.ask("/status");
    await agent.ask("/group/nobody/status");
    world.signal("rpc-1", "SIGKILL");
    // Until the agent has noticed, every second request is tried again.
    for (let i = 0; i < 4; i += 1) await agent.ask("/status");
    return await scrapeWith(agent, [
      /^chain_reference_height\{/m,
      /^chain_probe_checkpoint_hash48\{/m,
      /^chain_disk_readonly\{/m,
      /^chain_probe_rpc_errors_total\{.*node="rpc-1"/m,
      /^chain_proxy_duration_seconds_count\{/m,
      /^chain_proxy_retries_total\{/m,
    ]);
  } finally {
    await agent?.stop();
    await world.dispose();
  }
}

async function besideEthereum(ground: Ground): Promise<string> {
  const beacon = await standIn();
  const chain = await DevChain.start(ground);
  let agent: RunningAgent | undefined;
  try {
    const [port = 0] = await freePorts(1);
    agent = await RunningAgent.start(pairInventory(port, chain.url, urlOf(beacon)));
    ground.say("watches a developer chain of geth");
    await until(
      "its head",
      async () => (await agent?.node("full-0"))?.height ?? 0,
      (height) => height >= 3,
    );
    await chain.rewind();
    return await scrapeWith(agent, [
      /^chain_probe_reorg_depth_blocks\{/m,
      /^chain_probe_fault\{.*EXECUTION_OFFLINE/m,
      /^chain_probe_sync_progress\{/m,
    ]);
  } finally {
    await agent?.stop();
    await chain.stop();
    beacon.closeAllConnections();
    beacon.close();
  }
}

/** A pair as the catalogue plans it, at addresses of this recording. */
function pairInventory(port: number, execution: string, beacon: string): AgentInventory {
  const layout = {
    name: "local" as const,
    listen: HOST,
    self: HOST,
    host: () => HOST,
    home: () => "/srv/pair",
    sharedPorts: { from: 20_000, to: 20_099 },
  };
  const chain = { definition: ethereum, network: "hoodi" };
  const plan = planCluster(
    "pair",
    { chain, nodes: { full: { kind: "full" } }, monitoring: { receivers: "none" } },
    layout,
  );
  const inventory = inventoryOf(plan, { stack: "dev", listen: { host: HOST, port } });
  const { basicAuthFile: _, ...bitcoind } = bitcoindHealth;
  const nodes = inventory.nodes.flatMap((node) => [
    {
      ...node,
      processes: node.processes.map((p) => ({ ...p, probeUrl: p.client === "geth" ? execution : beacon })),
    },
    {
      ...node,
      name: "bitcoin-0",
      processes: node.processes
        .slice(0, 1)
        .map((p) => ({ ...p, name: "bitcoin-0", client: "bitcoind", questions: "bitcoind", probeUrl: beacon })),
    },
  ]);
  const questions = { ...inventory.questions, bitcoind };
  const probe = { ...inventory.probe, intervalSeconds: 1 };
  return { ...inventory, nodes, questions, probe, checkpointBlocks: 2 };
}

/** Answers what the agent asks a beacon node and bitcoind: neither is among the programs that can be built here. */
async function standIn(): Promise<Server> {
  const genesis = {
    genesis_time: String(Math.floor(Date.now() / 1000) - 600),
    genesis_validators_root: `0x${"1".repeat(64)}`,
  };
  const header = { root: `0x${"2".repeat(64)}`, header: { message: { slot: "50" } } };
  const answers: Readonly<Record<string, object>> = {
    "/eth/v1/beacon/headers/head": header,
    "/eth/v1/beacon/headers/finalized": header,
    "/eth/v1/node/syncing": { is_syncing: false, el_offline: false, is_optimistic: false, sync_distance: "0" },
    "/eth/v1/node/peer_count": { connected: "3" },
    "/eth/v1/beacon/genesis": genesis,
    "/eth/v1/config/deposit_contract": { chain_id: "1337" },
    "/eth/v1/node/version": { version: "stand-in/1.0.0" },
  };
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      answerBitcoin(request, response);
      return;
    }
    const data = answers[request.url ?? ""];
    response.writeHead(data ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(data ? { data } : { code: 404, message: "not found" }));
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  return server;
}

function answerBitcoin(request: IncomingMessage, response: ServerResponse): void {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk;
  });
  request.on("end", () => {
    const { method, id } = JSON.parse(body) as { method: string; id: unknown };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ result: method === "getblockhash" ? "4".repeat(64) : BITCOIND, error: null, id }));
  });
}

/** One answer to all other questions of bitcoind's. */
const BITCOIND = {
  blocks: 100,
  headers: 200,
  bestblockhash: "3".repeat(64),
  time: Math.floor(Date.now() / 1000),
  initialblockdownload: true,
  connections: 8,
  subversion: "/stand-in:1.0.0/",
  size: 5,
};

const urlOf = (server: Server) => `http://${HOST}:${(server.address() as AddressInfo).port}`;

async function ready(agent: RunningAgent, node: string): Promise<void> {
  await agent.until(
    `${node} ready`,
    () => agent.node(node),
    (told) => told.ready,
  );
}

function scrapeWith(agent: RunningAgent, wanted: readonly RegExp[]): Promise<string> {
  return agent.until(
    `series ${wanted.join(", ")}`,
    async () => (await agent.get("/metrics")).text(),
    (text) => wanted.every((pattern) => pattern.test(text)),
  );
}
