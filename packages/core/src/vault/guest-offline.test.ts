import { protocols } from "../chains/catalogue";
import type { ClientDefinition, Kind, ProtocolDefinition } from "../chains/types";
import type { NodeGroupArgs } from "../cluster/args";
import type { ClusterPlan, GuestPlan, NodePlan, TargetLayout } from "../cluster/types";
import { deriveGuest } from "./derive-guest";
import { podProofLayout, proofLayout, vaultedPlan } from "./vaulted-plan.fixture";

const OUTSIDE = "203.0.113.9";
const SEED = "s".repeat(64);

/** What a user may set that sends a node out of its host. */
const OUTGOING: Readonly<Record<string, string | number | boolean>> = {
  checkpointSyncUrl: "https://checkpoint.example",
  trustedBlockRoot: `0x${"ab".repeat(32)}`,
  stateSyncRpcServers: "https://a.example:443,https://b.example:443",
  trustHeight: 5,
  trustHash: "ab".repeat(32),
  privValidatorLaddr: "tcp://0.0.0.0:26659",
  telemetry: true,
};
const PEERS: Readonly<Record<string, readonly string[]>> = {
  bitcoin: [`${OUTSIDE}:8333`],
  cometbft: [`${"ab".repeat(20)}@${OUTSIDE}:26656`],
  ethereum: [`enode://${"ab".repeat(64)}@${OUTSIDE}:30303`, `/ip4/${OUTSIDE}/tcp/9000/p2p/16Uiu2HAm`],
  substrate: [`/ip4/${OUTSIDE}/tcp/30333/p2p/12D3KooW`],
};
const LAYOUTS: readonly TargetLayout[] = [proofLayout, podProofLayout];

interface Case {
  readonly protocol: ProtocolDefinition;
  readonly client: ClientDefinition;
  readonly network: string;
}
const cases = protocols.flatMap((protocol) =>
  protocol.clients
    .filter((client) => client.kinds.includes("full"))
    .flatMap((client) => client.networks.map((network) => ({ name: client.name, protocol, client, network }))),
);

/** With everything set that the catalogue lets a user set, and with nothing. */
function plansOf({ protocol, client, network }: Case): ClusterPlan[] {
  const { options = {} } = client;
  const group = (kind: Kind, given: boolean): NodeGroupArgs => {
    const asked = Object.entries(OUTGOING).filter(([name]) => given && name in options);
    const isRefused = (name: string) => kind === "archive" && /^(stateSync|trustH)/.test(name);
    const kept = Object.fromEntries(asked.filter(([name]) => !isRefused(name)));
    return { kind, peers: [...(PEERS[protocol.name] ?? [])], options: kept };
  };
  const kinds = (["full", "archive", "mirror"] as const).filter((kind) => client.kinds.includes(kind));
  const validators = protocol.networks[network]?.private && client.kinds.includes("validator");
  const chain = { definition: protocol, network, [client.layer === "node" ? "client" : client.layer]: client.name };
  return LAYOUTS.filter((layout) => client.name !== "btcd" || layout.listen === "127.0.0.1").flatMap((layout) =>
    kinds.flatMap((kind) =>
      [true, false].map((given) =>
        vaultedPlan(
          chain,
          { copied: group(kind, given), ...(validators ? { val: { kind: "validator" as const } } : {}) },
          layout,
        ),
      ),
    ),
  );
}

const guestsOf = (plan: ClusterPlan) => (plan.backup?.lineages ?? []).map(({ guest }) => guest as GuestPlan);

/** Every word that the processes of a node are given, secrets too. */
function wordsOf(plan: ClusterPlan, node: NodePlan): string[] {
  const derived = Object.values(deriveGuest(plan, node, SEED).files[node.name] ?? {});
  const files = [...node.processes.flatMap((p) => p.files), ...derived.flatMap((d) => [...d.open, ...d.secret])];
  return [
    ...node.processes.flatMap((p) => [...p.args, ...Object.values(p.env), ...p.prepare.flatMap((s) => s.agent)]),
    ...files.flatMap((file) => file.content.split("\n")),
  ];
}

const INSIDE = /^(127\.\d+\.\d+\.\d+|0\.0\.0\.0|localhost|\[?::1\]?)$/;
const hostOf = (url: string) => url.replace(/^.*@/, "").replace(/:\d+$/, "");

/** Why a word sends a node somewhere; undefined for one that does not. */
function leadsOut(word: string): string | undefined {
  for (const [, authority = ""] of word.matchAll(/\b[a-z][a-z0-9+.-]*:\/\/([^\s/"',?#]+)/gi)) {
    if (!INSIDE.test(hostOf(authority))) return `a URL of ${authority}`;
  }
  for (const [address] of word.matchAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g)) {
    if (!INSIDE.test(address)) return `the address ${address}`;
  }
  const name = /\b[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|dev|example|io|net|network|org)\b/i.exec(word)?.[0];
  if (name !== undefined) return `the host ${name}`;
  if (/^-+nat(-method)?=(?!none$)/i.test(word)) return "a search for its own address";
  if (/^-+((no-)?telemetry|.*(ethstats|sentry-dsn))/.test(word) && word !== "--no-telemetry") return "telemetry";
  if (
    /^-+([\w.-]*(boot-?nodes?|bootstrap|reserved-nodes|static-?peers|trusted-peers)|(add|direct-)?peer|addnode)=/i.test(
      word,
    )
  ) {
    return /^--Network\.OnlyStaticPeers=true$/.test(word) ? undefined : "a peer";
  }
  if (/^(seeds|persistent_peers|rpc_servers|priv_validator_laddr) = "[^"]/.test(word) || word === "pex = true")
    return "a peer";
  return undefined;
}

describe("a guest that starts without a network", () => {
  it.each(cases)("$name on $network is told of nobody outside, whatever its model was told", (one) => {
    for (const plan of plansOf(one)) {
      for (const { offline } of guestsOf(plan)) {
        const process = offline.processes.find((p) => p.client.name === one.client.name);
        expect(process?.context.offline).toBe(true);
        const out = wordsOf(plan, offline).flatMap((word) => (leadsOut(word) ? [[word, leadsOut(word)]] : []));
        expect(out).toEqual([]);
      }
    }
  });

  it("sees what leads out where a guest may look for others", () => {
    const reasons = new Set(
      cases.flatMap((one) =>
        plansOf(one).flatMap((plan) =>
          guestsOf(plan).flatMap(({ online }) =>
            wordsOf(plan, online).map((word) => leadsOut(word)?.replace(/^(an? \S+|the \S+).*$/, "$1")),
          ),
        ),
      ),
    );
    expect([...reasons].filter((r) => r !== undefined).sort()).toEqual([
      "a URL",
      "a peer",
      "a search",
      "the address",
      "the host",
    ]);
  });

  it("reports nothing to the makers of its client, although its model does", () => {
    const polkadot = cases.filter(({ name }) => name === "polkadot");
    const args = polkadot.flatMap((one) => plansOf(one).flatMap(guestsOf)).map((g) => g.offline.processes[0]?.args);
    expect(args.length).toBeGreaterThan(0);
    for (const words of args) expect(words).toContain("--no-telemetry");
  });

  it("asks nobody for the first state of the chain: the copy has one or is none", () => {
    const consensus = cases.filter(({ client }) => client.layer === "consensus");
    const args = consensus.flatMap((one) => plansOf(one).flatMap(guestsOf)).map((g) => g.offline.processes[1]?.args);
    expect(args.length).toBeGreaterThan(0);
    for (const words of args) {
      expect(words?.filter((w) => /checkpoint|genesis-|initial-state|beacon-api-url/.test(w))).toEqual([]);
    }
  });
});
