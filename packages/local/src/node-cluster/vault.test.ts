import { existsSync } from "node:fs";
import { deriveGuest, inventoryOf, planCluster, type VaultSpec } from "@chainkeep/core";
import { planVault } from "../backup-vault/render";
import { hostPortsOf } from "../layout/host-ports";
import { localLayout } from "../layout/layout";
import { guestTemplates } from "./guest-templates";
import type { Programs } from "./render";
import { CONTROL_PROGRAM, vaultPlace } from "./vault";

const SEED = "0123456789abcdef0123456789abcdef";
const programs: Programs = { node: "/bin/node", agentBundle: "/lib/agent.cjs", find: (name) => `/bin/${name}` };
const layout = localLayout("/state", hostPortsOf({ proof: 27_000 }));
const vaultSpec: VaultSpec = planVault("vault", { password: "sesame-0123456789" }, "dev").spec;
const vault = { passwordFile: "/keys/password", needs: [] };

const devnet = {
  chain: { protocol: "cometbft", network: "private" },
  nodes: { validators: { kind: "validator" as const, count: 2 }, mirror: { kind: "mirror" as const } },
};
const pair = {
  chain: { protocol: "ethereum", network: "mainnet", execution: "reth", consensus: "teku" },
  nodes: { rpc: { kind: "full" as const, count: 2 } },
};

function planned(args: typeof devnet | typeof pair) {
  const plan = planCluster(
    "dev",
    { ...args, backup: { vault: { vaultSpec } }, monitoring: { receivers: "none" } },
    layout,
  );
  const place = vaultPlace({ plan, vault, directory: "/state/dev", programs });
  const inventory = inventoryOf(plan, { stack: "dev", listen: { host: "127.0.0.1", port: 1 }, vault: place });
  const lineage = inventory.vault?.lineages[0];
  const guest = plan.backup?.lineages[0]?.guest;
  if (!lineage?.guest || !guest) throw new Error("no guest");
  return { plan, inventory, lineage, guest };
}

describe("what the agent knows of the vault", () => {
  it("stops, starts and looks at a process by a program of this package, and holds what it stops", () => {
    const { inventory } = planned(devnet);
    const { control } = inventory.nodes.find((n) => n.name === "mirror-0")?.processes[0]?.vault ?? {};
    const at = ["--state-dir", "/state/dev", "--process", "mirror-0"];
    expect(control).toEqual({
      stop: ["/bin/node", CONTROL_PROGRAM, "stop", ...at, "--hold"],
      start: ["/bin/node", CONTROL_PROGRAM, "start", ...at],
      state: ["/bin/node", CONTROL_PROGRAM, "state", ...at],
    });
    expect(existsSync(CONTROL_PROGRAM)).toBe(true);
  });

  it("keeps its own files below the cluster, and finds password and restic", () => {
    const { inventory } = planned(devnet);
    expect(inventory.vault).toMatchObject({
      name: "vault",
      restic: "/bin/restic",
      passwordFile: "/keys/password",
      directory: "/state/dev/vault",
    });
  });

  it("starts a guest as a node is started, below the vault's directory and on ports of its own", () => {
    const { lineage } = planned(devnet);
    const [process] = lineage.guest?.processes ?? [];
    expect(lineage.guest?.directory).toBe(`/state/dev/vault/guests/${lineage.guest?.name}`);
    expect(process?.home).toBe(lineage.guest?.directory);
    expect(process?.probeUrl).toMatch(/^http:\/\/127\.0\.0\.1:270(0\d|1[0-5])$/);
    expect(process?.offline.command.slice(0, 4)).toEqual(["/bin/cometbft", "start", "--home", process?.home]);
    expect(process?.offline.files).toBe(`/state/dev/vault/templates/${lineage.guest?.name}/offline/node`);
    expect(process?.online.files).toBe(`/state/dev/vault/templates/${lineage.guest?.name}/online/node`);
    expect(process?.offline.shared).toBeUndefined();
  });

  it("gives a pair of clients the secret that both of them read", () => {
    const { lineage, guest, plan } = planned(pair);
    const offline = deriveGuest(plan, guest.offline, SEED);
    const material = { offline, online: deriveGuest(plan, guest.online, SEED) };
    const secret = guestTemplates(guest, material, "secret");
    const open = guestTemplates(guest, material, "open");
    for (const { offline: off, online: on } of lineage.guest?.processes ?? []) {
      for (const start of [off, on]) {
        expect(start.shared).toBe(`${lineage.guest?.directory}/shared`);
        const folder = start.sharedFiles?.slice("/state/dev/vault/".length) ?? "";
        expect(Object.keys(secret).filter((name) => name.startsWith(`${folder}/`))).not.toEqual([]);
        // A folder without a file is no folder: the agent could not copy it.
        const files = start.files.slice("/state/dev/vault/".length);
        expect(Object.keys(open).some((name) => name.startsWith(`${files}/`))).toBe(true);
      }
    }
  });

  it("gives a guest the network's genesis and none of anybody's keys", () => {
    const { plan, guest } = planned(devnet);
    const material = {
      offline: deriveGuest(plan, guest.offline, SEED),
      online: deriveGuest(plan, guest.online, SEED),
    };
    const [open, secret] = [guestTemplates(guest, material, "open"), guestTemplates(guest, material, "secret")];
    const at = (mode: string, file: string) => `templates/${guest.name}/${mode}/node/config/${file}`;
    const genesis = material.online.files["mirror-0"]?.node?.open.find(
      (f) => f.path === "config/genesis.json",
    )?.content;
    expect(genesis).toBeDefined();
    expect(open[at("offline", "genesis.json")]?.content).toBe(genesis);
    expect(open[at("online", "genesis.json")]?.content).toBe(genesis);
    const others = plan.nodes.flatMap((n) => material.online.files[n.name]?.node?.secret ?? []).map((f) => f.content);
    const own = Object.values(secret).map((file) => file.content);
    expect(own.length).toBeGreaterThan(0);
    // The state of signing is the same empty one everywhere: it is no key.
    const keys = others.filter((content) => /priv_key/.test(content));
    expect(keys.length).toBeGreaterThan(0);
    expect(own.filter((content) => keys.includes(content))).toEqual([]);
    expect(Object.values({ ...open, ...secret }).every((file) => file.createOnly === undefined)).toBe(true);
  });
});
