import { protocols } from "../chains/catalogue";
import { parseInventory } from "../cluster/inventory";
import { inventoryOf } from "../cluster/inventory-of";
import type { AgentInventory } from "../cluster/inventory-types";
import { type Groups, place, vaultedPlan } from "./vaulted-plan.fixture";

const at = { stack: "dev", listen: { host: "127.0.0.1", port: 26_680 }, vault: place };

/** As it comes out of the file that the target writes. */
function written(chain: Parameters<typeof vaultedPlan>[0], nodes: Groups): AgentInventory {
  const inventory = inventoryOf(vaultedPlan(chain, nodes), at);
  const read = parseInventory(JSON.parse(JSON.stringify(inventory)));
  expect(read).toEqual(JSON.parse(JSON.stringify(inventory)));
  return read;
}

/** Every client that keeps a chain, on the first of its networks, beside the usual other half. */
const chains = protocols.flatMap((protocol) =>
  protocol.clients
    .filter((c) => c.kinds.includes("full"))
    .map((client) => {
      const network = client.networks[0] as string;
      const layers =
        client.layer === "node" ? { client: client.name } : { ...protocol.defaults, [client.layer]: client.name };
      const { node: _, light: __, ...named } = layers as Record<string, string>;
      return [`${client.name} on ${network}`, { protocol: protocol.name, network, ...named }, client] as const;
    }),
);

describe("the vault in agent.json", () => {
  it.each(chains)("is read as it was written, for %s", (_, chain, client) => {
    const kind = client.kinds.includes("mirror") ? "mirror" : "full";
    const val: Groups = chain.network === "private" ? { val: { kind: "validator" } } : {};
    const { vault, nodes } = written(chain as never, { ...val, rpc: { kind: "full" }, copy: { kind } });
    expect(vault?.lineages).toHaveLength(1);
    const [lineage] = vault?.lineages ?? [];
    expect(lineage?.sources).toEqual(["copy-0", "rpc-0"]);
    expect([...(lineage?.nodes ?? [])].sort()).toEqual(nodes.map((n) => n.name).sort());
    const process = nodes[0]?.processes.find((p) => p.client === client.name);
    expect(process?.vault).toMatchObject({
      dataPaths: client.dataPaths,
      keyPaths: client.keyPaths,
      engine: client.database.engine,
      graceSeconds: client.stop.graceSeconds,
      control: { stop: ["control", "stop", process?.name] },
    });
    expect(process?.vault?.migrations ?? []).toEqual(client.migrations);
    expect(process?.vault?.signingState).toBe(client.signingState);
    const guest = lineage?.guest?.processes.find((p) => p.client === client.name);
    expect(guest?.home.startsWith(`${lineage?.guest?.directory}/`)).toBe(true);
    expect(guest?.probeUrl).toMatch(/^http:\/\/127\.0\.0\.1:270\d\d$/);
    expect(guest?.offline.files).not.toBe(guest?.online.files);
  });

  it("names what may be copied, not all that can be restored", () => {
    const nodes: Groups = { val: { kind: "validator", count: 4 }, rpc: { kind: "full" }, copy: { kind: "mirror" } };
    const { vault } = written({ protocol: "cometbft", network: "private" }, nodes);
    expect(vault?.groups).toEqual(["copy", "rpc"]);
    expect(vault?.lineages[0]?.sources).toEqual(["copy-0", "rpc-0"]);
    expect(vault?.lineages[0]?.nodes).toContain("val-0");
  });

  it("is not there without a vault, and is refused when a part of it is not ours", () => {
    const plan = vaultedPlan(
      { protocol: "cometbft", network: "private" },
      { rpc: { kind: "full" }, val: { kind: "validator" } },
    );
    const { vault: _, ...without } = at;
    const inventory = inventoryOf({ ...plan, backup: undefined }, without);
    expect(inventory).not.toHaveProperty("vault");
    expect(inventory.nodes.flatMap((n) => n.processes).filter((p) => "vault" in p)).toEqual([]);
    const good = inventoryOf(plan, at);
    expect(() => parseInventory({ ...good, vault: { ...good.vault, restic: "restic" } })).toThrow("vault.restic");
    expect(() => parseInventory({ ...good, vault: { ...good.vault, invention: 1 } })).toThrow("invention");
  });
});
