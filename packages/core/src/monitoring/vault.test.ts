import { planCluster } from "../cluster/plan";
import { hostLayout, toy } from "../testing/toy-protocol.fixture";
import type { VaultArgs } from "../vault/args";
import { vaultSpecOf } from "../vault/vault-spec";
import type { MonitoringArgs } from "./args";
import { clusterAlerts, rulesYaml } from "./rules";

const DAY = 86_400;

const input = (vault: VaultArgs | undefined, monitoring: MonitoringArgs = {}) => {
  const backup = vault
    ? { backup: { vault: { vaultSpec: vaultSpecOf("safe", { destination: { directory: "/srv/safe" }, ...vault }) } } }
    : {};
  const chain = { definition: toy, network: "private" } as const;
  const nodes = { rpc: { kind: "full" }, mirror: { kind: "mirror" } } as const;
  const plan = planCluster("c", { chain, nodes, monitoring: { receivers: "none" }, ...backup }, hostLayout);
  return { plan, stack: "dev", monitoring, links: { agentUrl: "http://127.0.0.1:26680" } };
};
const parameters = (...given: Parameters<typeof input>) => clusterAlerts(input(...given)).parameters;

describe("a cluster with a vault", () => {
  it("has the alerts of backups, unless the user chooses sets", () => {
    expect(clusterAlerts(input({})).presets).toContain("backup");
    expect(clusterAlerts(input(undefined)).presets).not.toContain("backup");
    expect(clusterAlerts(input({}, { presets: ["core"] })).presets).toEqual(["core"]);
  });

  it("says that it is there, so that its silence can alert", () => {
    expect(rulesYaml(input({}))).toMatch(/record: "?chain:expected_vault"?[^-]*vault: "?safe"?/);
    expect(rulesYaml(input(undefined))).not.toContain("chain:expected_vault");
  });

  it("is held against the objectives of monitoring, else those of the vault", () => {
    const vault = { objectives: { rpoSeconds: 2 * DAY, rtoSeconds: 600 } };
    expect(parameters(vault)).toMatchObject({ rpoSeconds: 2 * DAY, rtoSeconds: 600 });
    const objectives = { rpoSeconds: 3 * DAY, rtoSeconds: 60, verifySeconds: 7200 };
    expect(parameters(vault, { objectives })).toMatchObject(objectives);
  });

  it("may leave points unproven for a day longer than its schedule of proofs does", () => {
    expect(parameters({ verify: { schedule: "0 5 1 * *" } }).verifySeconds).toBe(32 * DAY);
    expect(parameters({ verify: { schedule: "0 5 * * 0" } }).verifySeconds).toBe(8 * DAY);
    expect(parameters({ verify: { schedule: "0 * * * *" } }).verifySeconds).toBe(7 * DAY);
  });

  it("never waits longer for a mirror than the objective allows", () => {
    const alert = (vault: VaultArgs) =>
      clusterAlerts(input(vault)).alerts.find(({ definition }) => definition.name === "MirrorBehind");
    expect(alert({})?.threshold).toBe(120);
    expect(alert({ schedule: "* * * * *", objectives: { rpoSeconds: 90 } })?.threshold).toBe(90);
  });
});
