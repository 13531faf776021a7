import type { VaultJobRequest } from "../../packages/core/src/vault/job";
import { RunningAgent } from "../../test/integration/running-agent";
import { RestoreStack } from "../../test/integration/vault-restore-world";
import type { Ground } from "./recording";

/** Every piece of work that leaves a figure. There is no guest here: points are proven up to `intact`, and the drill does not get there. */
const WORK: readonly VaultJobRequest[] = [
  { kind: "backup" },
  { kind: "verify" },
  { kind: "drill" },
  { kind: "check" },
  { kind: "restore", node: "rpc-0", point: { newestVerified: true } },
];

/** The agent beside a node, a mirror and a vault, after each kind of work with it. */
export async function besideVault({ program, say }: Ground): Promise<string> {
  const stack = await RestoreStack.of(program("restic"), "rpc-0", "mirror-0");
  let agent: RunningAgent | undefined;
  try {
    for (const name of stack.names) {
      stack.fill(stack.home(name), { height: 10, databases: 2 });
      stack.control("start", name);
    }
    await stack.take({ height: 9, databases: 2 });
    const inventory = await stack.inventory();
    const { vault } = inventory;
    if (!vault) throw new Error("the stack has no vault");
    const policy = { ...vault.policy, schedule: "0 3 * * *", lock: { mode: "governance", days: 7 } } as const;
    agent = await RunningAgent.start({ ...inventory, stack: "test", vault: { ...vault, policy } });
    const { node, until } = { node: agent.node.bind(agent), until: agent.until.bind(agent) };
    for (const name of stack.names) {
      await until(
        `${name} ready`,
        () => node(name),
        (told) => told.ready,
      );
    }
    for (const request of WORK) {
      say(`vault: ${request.kind}`);
      await stack.job(agent, request);
    }
    const wanted = [/^chain_backup_last_restore_seconds\{/m, /^chain_mirror_lag_seconds\{/m];
    const scrape = async () => (await (agent as RunningAgent).get("/metrics")).text();
    return await until("series of the vault", scrape, (text) => wanted.every((pattern) => pattern.test(text)));
  } finally {
    await agent?.stop();
    stack.dispose();
  }
}
