import { polkadot } from "./polkadot";
import { sampleContext } from "./sample-context";
import { substrate } from "./substrate";
import { TIMESTAMP_NOW } from "./substrate-health";
import { substrateNodeKey, substratePeerId } from "./substrate-identity";

const seed = "0123456789abcdef0123456789abcdef";

function derive(nodes: readonly string[]) {
  const processes = nodes.map((node) => ({
    ...sampleContext(substrate, polkadot, "validator", "polkadot", { node }),
    layer: "node" as const,
    client: "polkadot",
  }));
  const settings = { genesisTime: "2025-01-01T00:00:00Z", blockTimeSeconds: 6, genesisValidators: 0 };
  return substrate.derive?.({ cluster: "dot", network: "polkadot", chainId: "Polkadot", seed, processes, settings });
}

describe("substrate", () => {
  it("gives the peer id that the client itself gives to a known key", () => {
    const key = Buffer.from("01".padStart(64, "0"), "hex");
    expect(substratePeerId(key)).toBe("12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp");
  });

  it("gives every node a key of its own for its network identity, secret, and its peer id in the open", () => {
    const material = derive(["a", "b"]);
    const a = material?.files.a?.node;
    const key = substrateNodeKey(seed, "dot", "a");
    expect(a?.secret).toEqual([{ path: "node.key", content: key.toString("hex"), mode: "0600" }]);
    expect(a?.open).toEqual([{ path: "peer-id", content: `${substratePeerId(key)}\n` }]);
    expect(material?.files.b?.node).not.toEqual(a);
    expect(polkadot.keyPaths).toContain("node.key");
  });

  it("changes nobody's identity when a node is added", () => {
    expect(derive(["a", "b", "c"])?.files.a).toEqual(derive(["a"])?.files.a);
  });

  it("never derives a session key: only the network identity", () => {
    const paths = derive(["a"])?.files.a?.node?.secret.map((file) => file.path);
    expect(paths).toEqual(["node.key"]);
    expect(polkadot.keyPaths).toContain("chains/*/keystore/**");
  });

  it("asks for the time of the head under Timestamp.Now", () => {
    expect(TIMESTAMP_NOW).toBe(`0x${twox128("Timestamp")}${twox128("Now")}`);
  });
});

/** Substrate's hash of storage names: xxHash64 with seeds 0 and 1, little-endian. */
function twox128(text: string): string {
  return [0n, 1n].map((start) => littleEndian(xxh64(Buffer.from(text), start))).join("");
}

function littleEndian(value: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.toString("hex");
}

const [P1, P2, P3, P4, P5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const u64 = (value: bigint) => BigInt.asUintN(64, value);
const rotate = (value: bigint, bits: bigint) => u64((value << bits) | (u64(value) >> (64n - bits)));

/** Inputs below 32 bytes only, which the names are. */
function xxh64(data: Buffer, start: bigint): bigint {
  let hash = u64(start + P5 + BigInt(data.length));
  let at = 0;
  for (; at + 8 <= data.length; at += 8) {
    const lane = u64(rotate(u64(data.readBigUInt64LE(at) * P2), 31n) * P1);
    hash = u64(rotate(hash ^ lane, 27n) * P1 + P4);
  }
  for (; at + 4 <= data.length; at += 4) {
    hash = u64(rotate(hash ^ u64(BigInt(data.readUInt32LE(at)) * P1), 23n) * P2 + P3);
  }
  for (; at < data.length; at++) hash = u64(rotate(hash ^ u64(BigInt(data.readUInt8(at)) * P5), 11n) * P1);
  hash = u64((hash ^ (hash >> 33n)) * P2);
  hash = u64((hash ^ (hash >> 29n)) * P3);
  return hash ^ (hash >> 32n);
}
