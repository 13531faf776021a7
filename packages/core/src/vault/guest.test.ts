import { planCluster } from "../cluster/plan";
import { PORTS_PER_NODE } from "../cluster/ports";
import type { GuestPlan, NodePlan } from "../cluster/types";
import { hostLayout } from "../testing/toy-protocol.fixture";
import { deriveGuest } from "./derive-guest";
import { type Groups, lineageOf, podProofLayout, proofLayout, vaultedPlan } from "./vaulted-plan.fixture";

const pair = { protocol: "ethereum", network: "mainnet", execution: "geth", consensus: "lighthouse" } as const;
const comet = { protocol: "cometbft", network: "private" } as const;

function planned(chain: Parameters<typeof vaultedPlan>[0], nodes: Groups, layout = proofLayout) {
  const plan = vaultedPlan(chain, nodes, layout);
  const lineages = plan.backup?.lineages ?? [];
  const guests = lineages.map((l) => l.guest as GuestPlan);
  return { plan, guests, guest: guests[0] as GuestPlan };
}

/** Everything that a node's processes are told. */
function textOf(node: NodePlan): string {
  return JSON.stringify(
    node.processes.map(({ args, env, files, prepare, home }) => ({ args, env, files, prepare, home })),
  );
}
const portsOf = (node: NodePlan) => node.processes.flatMap((p) => Object.values(p.ports));

const everything: Groups = {
  val: { kind: "validator", count: 4 },
  rpc: { kind: "full", count: 2, peers: [`${"ab".repeat(20)}@203.0.113.9:26656`] },
  copy: { kind: "mirror" },
};

describe("a guest", () => {
  it("runs the clients, the versions and the options of the node that is copied first", () => {
    const { guest } = planned(pair, {
      rpc: { kind: "full" },
      copy: { kind: "mirror", options: { cacheMiB: 512 } },
    });
    const { plan } = planned(pair, { copy: { kind: "mirror", options: { cacheMiB: 512 } } });
    const model = plan.nodes.find((n) => n.name === "copy-0") as NodePlan;
    for (const node of [guest.offline, guest.online]) {
      expect(node.processes.map((p) => [p.client.name, p.version, p.layer])).toEqual(
        model.processes.map((p) => [p.client.name, p.version, p.layer]),
      );
      expect(node.processes.map((p) => p.context.options)).toEqual(model.processes.map((p) => p.context.options));
    }
  });

  it("has a name, directories and ports of its own, the same ones with and without peers", () => {
    const { guest, plan } = planned(pair, { rpc: { kind: "full", count: 2 }, copy: { kind: "mirror" } });
    expect(guest.name).toBe("proof-geth-lighthouse-full");
    expect(plan.nodes.map((n) => n.name)).not.toContain(guest.name);
    expect(portsOf(guest.online)).toEqual(portsOf(guest.offline));
    expect(guest.online.processes.map((p) => p.home)).toEqual(guest.offline.processes.map((p) => p.home));
    const ports = portsOf(guest.offline);
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.min(...ports)).toBe(27_000);
    expect(Math.max(...ports)).toBeLessThan(27_000 + PORTS_PER_NODE);
    const taken = plan.nodes.flatMap(portsOf);
    expect(ports.filter((p) => taken.includes(p))).toEqual([]);
    const homes = guest.offline.processes.map((p) => p.home);
    expect(homes).toEqual([
      "/state/demo/vault/guests/proof-geth-lighthouse-full/execution",
      "/state/demo/vault/guests/proof-geth-lighthouse-full/consensus",
    ]);
  });

  it("finds its two halves at its own ports, not at those of the node that it comes from", () => {
    const { guest, plan } = planned(pair, { copy: { kind: "mirror" } });
    const model = plan.nodes[0] as NodePlan;
    for (const node of [guest.offline, guest.online]) {
      const text = textOf(node);
      for (const port of portsOf(model)) expect(text).not.toContain(`:${port}`);
      for (const { home, context } of model.processes) {
        expect(text).not.toContain(home);
        expect(text).not.toContain(context.shared);
      }
    }
  });

  it("has its client's own ports where it has a host of its own", () => {
    const { guest, plan } = planned(comet, everything, podProofLayout);
    expect(guest.offline.processes[0]?.ports).toEqual(plan.nodes[0]?.processes[0]?.ports);
  });

  it("knows nobody offline: neither siblings nor the peers that a user has listed", () => {
    const { copy: _, ...unmirrored } = everything;
    const { guest, plan } = planned(comet, unmirrored);
    const derived = (node: NodePlan) => JSON.stringify(deriveGuest(plan, node, "s".repeat(64)).files[node.name]);
    expect(derived(guest.online)).toContain("203.0.113.9");
    const { siblings, peers, offline } = guest.offline.processes[0]?.context ?? {};
    expect({ siblings, peers, offline }).toEqual({ siblings: [], peers: [], offline: true });
    const text = textOf(guest.offline) + derived(guest.offline);
    for (const { address } of plan.nodes) expect(text).not.toContain(`:${Object.values(address.ports)[0]}`);
    expect(text).not.toContain("203.0.113.9");
  });

  it("knows everybody online, and none of them knows it", () => {
    const { guest, plan } = planned(comet, everything);
    const known = guest.online.processes[0]?.context.siblings.map((s) => s.node);
    expect(known).toEqual(plan.nodes.map((n) => n.name));
    expect(guest.online.processes[0]?.context).not.toHaveProperty("offline");
    for (const node of plan.nodes) {
      expect(node.processes[0]?.context.siblings.map((s) => s.node)).not.toContain(guest.name);
    }
  });

  it("serves nobody and validates nothing; that of an archive is one", () => {
    const { guests } = planned(pair, { rpc: { kind: "full" }, old: { kind: "archive" } });
    expect(guests.map((g) => [g.name, g.online.kind, g.online.servesRpc])).toEqual([
      ["proof-geth-lighthouse-archive", "archive", false],
      ["proof-geth-lighthouse-full", "mirror", false],
    ]);
  });

  it("is not there where the target has no place for one", () => {
    const { plan } = planned(comet, everything, { ...proofLayout, guest: undefined } as never);
    expect(lineageOf(plan, "cometbft-full").guest).toBeUndefined();
  });

  it("changes nothing of the cluster: its nodes are the same without a vault", () => {
    const { plan } = planned(comet, everything);
    const without = planCluster(
      "demo",
      { chain: comet, nodes: everything, monitoring: { receivers: "none" } },
      hostLayout,
    );
    expect(JSON.stringify(plan.nodes)).toBe(JSON.stringify(without.nodes));
    expect(without.backup).toBeUndefined();
  });
});
