import { protocols } from "./catalogue";
import { sampleContext } from "./sample-context";
import type { ClientDefinition, ProcessContext, ProtocolDefinition, SiblingAddress } from "./types";

/** What keeps each client from finding anybody, in its own words. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  geth: ["--nodiscover", "--maxpeers=0"],
  reth: ["--nat=none", "--disable-discovery", "--max-outbound-peers=0", "--max-inbound-peers=0"],
  nethermind: [
    "--Init.DiscoveryEnabled=false",
    "--Init.PeerManagerEnabled=false",
    "--Network.OnlyStaticPeers=true",
    "--Network.LocalIp=127.0.0.1",
    "--Network.ExternalIp=127.0.0.1",
  ],
  besu: ["--p2p-enabled=false", "--discovery-enabled=false"],
  erigon: ["--nodiscover", "--maxpeers=0", "--no-downloader"],
  lighthouse: ["--ignore-ws-check", "--disable-discovery", "--target-peers=0"],
  prysm: ["--no-discovery", "--p2p-max-peers=0"],
  teku: ["--p2p-enabled=false"],
  nimbus: ["--max-peers=0", "--discv5=false"],
  bitcoind: ["-connect=0", "-dnsseed=0", "-fixedseeds=0"],
  btcd: ["--nolisten", "--connect=127.0.0.1:1"],
  polkadot: ["--reserved-only", "--in-peers=0", "--out-peers=0"],
};

const PEER = "10.9.8.7";
const sibling = (ports: Readonly<Record<string, number>>): SiblingAddress => ({
  node: "other-0",
  group: "other",
  kind: "full",
  host: PEER,
  ports,
});

function contextsOf(
  protocol: ProtocolDefinition,
  client: ClientDefinition,
): { readonly joined: ProcessContext; readonly offline: ProcessContext }[] {
  return client.networks.map((network) => {
    const base = sampleContext(protocol, client, client.kinds.includes("mirror") ? "mirror" : "full", network);
    return {
      joined: { ...base, siblings: [sibling(base.ports)] },
      offline: { ...base, siblings: [], peers: [], offline: true },
    };
  });
}

const pairs = protocols
  .flatMap((p) => p.clients.map((c) => [c.name, p, c] as const))
  .filter(([, , c]) => c.kinds.some((k) => k !== "light"));
const clients = pairs.map(([, , c]) => c);

describe("a node that must find nobody", () => {
  it.each(pairs)("%s is told so in its own words", (name, protocol, client) => {
    for (const { offline } of contextsOf(protocol, client)) {
      const args = client.args(offline);
      const files = (client.files?.(offline) ?? []).map((f) => f.content).join("\n");
      expect(args).toEqual(expect.arrayContaining([...(WORDS[name] ?? [])]));
      expect(`${args.join(" ")} ${files}`).not.toContain(PEER);
      const flags = args.map((a) => a.split("=")[0]);
      const twice = flags.filter(
        (f, i) => f?.startsWith("-") && !["-rpcallowip", "-dnsseed"].includes(f) && flags.indexOf(f) !== i,
      );
      expect(twice).toEqual([]);
    }
  });

  it.each(pairs)("%s that may find others is told nothing of it", (name, protocol, client) => {
    for (const { joined } of contextsOf(protocol, client)) {
      for (const word of WORDS[name] ?? []) {
        const usual = client.networks.includes("private") || word === "-dnsseed=0";
        if (!usual) expect(client.args(joined)).not.toContain(word);
      }
    }
  });

  it("every client that keeps a chain has words for it, or a configuration file that says it", () => {
    const byFile = ["cometbft", "gaiad"];
    expect(clients.map((c) => c.name).filter((n) => !WORDS[n] && !byFile.includes(n))).toEqual([]);
  });

  it("every client that keeps a chain says how a block of it is proven", () => {
    expect(clients.filter((c) => !c.health.proof).map((c) => c.name)).toEqual([]);
  });
});
