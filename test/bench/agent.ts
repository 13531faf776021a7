// What it costs to watch 1,000 nodes: CPU and memory of the bundled agent, with 1,000 simulated nodes in another process.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { agentBundlePath } from "../../packages/agent/src/index";
import { type AgentInventory, findProtocol } from "../../packages/core/src/index";
import { addressOf } from "./agent-simulator";

const NODES = Number(process.env.BENCH_NODES ?? 1000);
const WARM_UP_SECONDS = 20;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 75);
const INTERVAL_SECONDS = 15;
const NODE_PORT = 26657;
const AGENT_PORT = 27780;
const GOAL = { cores: 0.25, rssMiB: 150 };

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

function inventory(directory: string): AgentInventory {
  const health = findProtocol("cometbft")?.clients.find((c) => c.name === "cometbft")?.health;
  if (!health) throw new Error("the catalogue has no cometbft");
  return {
    schemaVersion: 1,
    stack: "bench",
    cluster: "bench",
    protocol: "cometbft",
    network: "bench",
    listen: { host: "127.0.0.1", port: AGENT_PORT },
    probe: { intervalSeconds: INTERVAL_SECONDS, timeoutMs: 5000, maxAnswerBytes: 4 * 1024 * 1024 },
    limits: {
      maxHeadAgeSeconds: 60,
      maxLagBlocks: 5,
      minPeers: 1,
      progressSeconds: 120,
      catchUpSeconds: 21_600,
      silenceSeconds: 120,
      staleSeconds: 50,
      chainId: "bench-1",
    },
    blockTimeSeconds: 6,
    checkpointBlocks: 10,
    questions: { cometbft: health },
    nodes: Array.from({ length: NODES }, (_, i) => {
      const name = `rpc-${i}`;
      const url = `http://${addressOf(i)}:${NODE_PORT}`;
      const process = {
        name,
        layer: "node",
        client: "cometbft",
        version: "0.38.19",
        questions: "cometbft",
        probeUrl: url,
        dataDir: dataDir(directory, name),
      } as const;
      return { name, group: "rpc", kind: "full", servesRpc: true, processes: [process] } as const;
    }),
  };
}

/** The agent looks at each of them, as it does beside nodes on one machine. */
function dataDir(directory: string, node: string): string {
  const made = path.join(directory, "data", node);
  mkdirSync(made, { recursive: true });
  return made;
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function memoryMiB(pid: number, field: "VmRSS" | "VmHWM"): number {
  const line = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`${field}:\\s+(\\d+) kB`));
  return Number(line?.[1]) / 1024;
}

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function firstLine(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`ended early with exit code ${code}`)));
  });
}

/** Asks as Prometheus and a person at `chainkeep status --watch` would. */
async function readers(stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    await (await fetch(`http://127.0.0.1:${AGENT_PORT}/metrics`)).text();
    await (await fetch(`http://127.0.0.1:${AGENT_PORT}/status`)).text();
    await sleep(INTERVAL_SECONDS);
  }
}

async function answering(agent: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 100 && agent.exitCode === null; tries++) {
    const answer = await fetch(`http://127.0.0.1:${AGENT_PORT}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(0.2);
  }
  throw new Error(`the agent does not answer on port ${AGENT_PORT}; exit code ${agent.exitCode}`);
}

async function readyNodes(): Promise<number> {
  const status = (await (await fetch(`http://127.0.0.1:${AGENT_PORT}/status`)).json()) as {
    nodes: { ready: boolean }[];
  };
  return status.nodes.filter((n) => n.ready).length;
}

async function main(): Promise<void> {
  if (!existsSync(agentBundlePath())) {
    execFileSync(process.execPath, [path.join(__dirname, "../../packages/agent/bundle.mjs")], { stdio: "inherit" });
  }
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-bench-"));
  const file = path.join(directory, "agent.json");
  writeFileSync(file, JSON.stringify(inventory(directory)));
  const children: ChildProcess[] = [];
  let over = false;
  try {
    const simulator = spawn(
      process.execPath,
      ["--import", "tsx", path.join(__dirname, "agent-simulator.ts"), String(NODES), String(NODE_PORT)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.push(simulator);
    await firstLine(simulator);
    const agent = spawn(process.execPath, [agentBundlePath(), "run", "--inventory", file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(agent);
    agent.stdout?.resume();
    await answering(agent);
    const pid = agent.pid as number;
    // Its failure is told at the end: a rejection that nobody awaits would end this process and leave the others.
    const reading = readers(() => over).then(
      () => undefined,
      (error: unknown) => error,
    );
    console.log(`${NODES} nodes, asked every ${INTERVAL_SECONDS} s: warm-up ${WARM_UP_SECONDS} s, then ${SECONDS} s`);
    await sleep(WARM_UP_SECONDS);
    const [startCpu, startTime] = [cpuSeconds(pid), performance.now()];
    const rss: number[] = [];
    while (performance.now() - startTime < SECONDS * 1000) {
      await sleep(1);
      rss.push(memoryMiB(pid, "VmRSS"));
    }
    const cores = (cpuSeconds(pid) - startCpu) / ((performance.now() - startTime) / 1000);
    const result = {
      bench: "agent",
      nodes: NODES,
      readyNodes: await readyNodes(),
      intervalSeconds: INTERVAL_SECONDS,
      seconds: SECONDS,
      cores: Math.round(cores * 1000) / 1000,
      rssMiB: Math.round(Math.max(...rss)),
      peakRssMiB: Math.round(memoryMiB(pid, "VmHWM")),
      goal: GOAL,
    };
    over = true;
    console.log(JSON.stringify(result));
    const met = result.cores <= GOAL.cores && result.peakRssMiB <= GOAL.rssMiB;
    console.log(
      `agent: ${result.cores} cores (goal ${GOAL.cores}), ${result.peakRssMiB} MiB at its peak (goal ${GOAL.rssMiB}): ${met ? "met" : "missed"}`,
    );
    const trouble = await reading;
    if (trouble !== undefined) throw trouble;
    process.exitCode = met ? 0 : 1;
  } finally {
    over = true;
    for (const child of children) child.kill("SIGTERM");
    rmSync(directory, { recursive: true, force: true });
  }
}

void main();
