import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSocketServer } from "node:net";

/** Answers as 1,000 CometBFT nodes do, each on an address of its own. Run by agent.ts: `agent-simulator.ts <nodes> <port>`. */
const [nodes = 1000, port = 26657] = process.argv.slice(2).map(Number);
const BLOCK_SECONDS = 6;
const GENESIS = Date.now() / 1000 - 1_000_000 * BLOCK_SECONDS;

export function addressOf(index: number): string {
  return `127.1.${Math.floor(index / 250)}.${1 + (index % 250)}`;
}

const peer = (i: number) => ({
  node_info: {
    protocol_version: { p2p: "8", block: "11", app: "1" },
    id: `${i}`.padStart(40, "a"),
    listen_addr: `tcp://10.0.0.${i}:26656`,
    network: "bench-1",
    version: "0.38.19",
    channels: "40202122233038606100",
    moniker: `peer-${i}`,
    other: { tx_index: "on", rpc_address: "tcp://127.0.0.1:26657" },
  },
  is_outbound: i % 2 === 0,
  connection_status: {
    Duration: "1234567890123",
    SendMonitor: {
      Start: "2026-01-01T00:00:00Z",
      Bytes: "123456789",
      Samples: "12345",
      InstRate: "1000",
      AvgRate: "1000",
    },
    RecvMonitor: {
      Start: "2026-01-01T00:00:00Z",
      Bytes: "123456789",
      Samples: "12345",
      InstRate: "1000",
      AvgRate: "1000",
    },
    Channels: [48, 64, 32, 33, 34, 35, 56, 96, 0].map((ID) => ({
      ID,
      SendQueueCapacity: "100",
      SendQueueSize: "0",
      Priority: "5",
      RecentlySent: "1234",
    })),
  },
  remote_ip: `10.0.0.${i}`,
});

const netInfo = {
  listening: true,
  listeners: ["Listener(@)"],
  n_peers: "10",
  peers: Array.from({ length: 10 }, (_, i) => peer(i)),
};
const netInfoText = JSON.stringify({ jsonrpc: "2.0", id: 1, result: netInfo });
const mempoolText = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  result: { n_txs: "3", total: "3", total_bytes: "900", txs: null },
});

function statusText(): string {
  const height = Math.floor((Date.now() / 1000 - GENESIS) / BLOCK_SECONDS);
  const time = new Date((GENESIS + height * BLOCK_SECONDS) * 1000).toISOString();
  const result = {
    node_info: peer(1).node_info,
    sync_info: {
      latest_block_hash: `${height}`.padStart(64, "A"),
      latest_app_hash: "0".repeat(64),
      latest_block_height: String(height),
      latest_block_time: time,
      earliest_block_height: "1",
      earliest_block_time: "2026-01-01T00:00:00Z",
      catching_up: false,
    },
    validator_info: {
      address: "A".repeat(40),
      pub_key: { type: "tendermint/PubKeyEd25519", value: "A".repeat(44) },
      voting_power: "0",
    },
  };
  return JSON.stringify({ jsonrpc: "2.0", id: 1, result });
}

/** Block metas of one height, as the question for an old block wants them. */
function blockText(url: string): string {
  const height = new URL(url, "http://node").searchParams.get("minHeight") ?? "";
  const block_metas = [{ block_id: { hash: height.padStart(64, "A"), parts: { total: 1, hash: "B".repeat(64) } } }];
  return JSON.stringify({ jsonrpc: "2.0", id: -1, result: { last_height: "1000000", block_metas } });
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => {
    const index = Number(request.socket.localAddress?.split(".")[3]);
    // One in a hundred hangs and one in a hundred talks nonsense: a fleet is never all well.
    if (index % 100 === 50) return;
    const method = body === "" ? "blockchain" : (JSON.parse(body) as { method: string }).method;
    const text =
      index % 100 === 51
        ? "<html>"
        : method === "status"
          ? statusText()
          : method === "net_info"
            ? netInfoText
            : method === "blockchain"
              ? blockText(request.url ?? "")
              : mempoolText;
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
}

function main(): void {
  const server = createServer({ keepAliveTimeout: 120_000 }, answer);
  let listening = 0;
  for (let i = 0; i < nodes; i += 1) {
    const door = createSocketServer((socket) => server.emit("connection", socket));
    door.listen(port, addressOf(i), () => {
      listening += 1;
      if (listening === nodes) console.log("ready");
    });
  }
}

if (require.main === module) main();
