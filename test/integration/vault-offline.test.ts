import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { basicAuth } from "../../packages/agent/src/probe/auth";
import { bitcoin, bitcoinRpcCredentials } from "../../packages/core/src/chains/bitcoin";
import { ethereum } from "../../packages/core/src/chains/ethereum";
import { SEED } from "./comet-world";
import { CREDITED, call, makeBlocks } from "./engine-blocks";
import { describeWith, findProgram } from "./find-program";
import { OfflineWorld } from "./vault-offline-world";

const geth = findProgram("geth");
const btcd = findProgram("btcd");
const restic = findProgram("restic");

let world: OfflineWorld;
afterEach(() => world?.dispose(), 30_000);

/** What a node, or a guest, says of its chain. */
async function chainOf(of: "node" | "guest", height: number) {
  const target = world.targetOf(of);
  const { head, error } = await world.asker.head(target);
  if (!head) throw new Error(error);
  const { height: at, hash, chainId, genesis } = head;
  return { head: { at, hash, chainId, genesis }, peers: head.peers, block: await world.asker.block(target, height) };
}

describeWith({ geth, restic })("a copy of geth", () => {
  it.each(["full", "archive"] as const)(
    "of a node of kind %s opens without a network and is what it was copied from, without a key in it",
    async (kind) => {
      const chain = { definition: ethereum, network: "hoodi" };
      // A node that still waits for others' state takes no blocks; an archive never does.
      const alone = ["--nodiscover", "--maxpeers=0", ...(kind === "full" ? ["--syncmode=full"] : [])];
      world = await OfflineWorld.of({ chain, group: { kind }, program: geth ?? "", restic: restic ?? "", alone });
      await world.start();
      const { home, ports, context } = world.process;
      const keystore = path.join(home, "data/keystore", `UTC--2026-01-01T00-00-00.000000000Z--${"ab".repeat(20)}`);
      mkdirSync(path.dirname(keystore), { recursive: true });
      writeFileSync(keystore, "{}");
      const [rpc, engine] = [ports.rpc, ports.engine].map((port) => `http://127.0.0.1:${port}`);
      await makeBlocks({ rpc: rpc ?? "", engine: engine ?? "", jwtFile: path.join(context.shared, "jwt.hex") }, 8);
      const balance = (url: string) => call(url, "eth_getBalance", [CREDITED, "latest"]);
      const [source, credit] = [await chainOf("node", 8), await balance(rpc ?? "")];
      expect(source.head).toMatchObject({ at: 8, chainId: "560048", hash: source.block?.hash });
      expect(credit).toBe(`0x${(8n * 10n ** 18n).toString(16)}`);
      expect(source.block?.genesis).toBe(source.head.genesis);
      expect(await world.stop()).toBe(0);

      const point = await world.take(8);
      for (const key of ["data/geth/nodekey", path.relative(home, keystore)]) {
        expect(existsSync(path.join(home, key))).toBe(true);
      }
      const names = await world.namesOf(point);
      expect(names.filter((name) => !/^data\/geth\/(chaindata|triedb|blobpool)\//.test(name))).toEqual([]);
      const opened = await world.inGuest(point, async () => ({
        ...(await chainOf("guest", 8)),
        credit: await balance(world.targetOf("guest").probeUrl),
      }));
      expect(opened).toEqual({ ...source, peers: 0, credit });
    },
    60_000,
  );
});

describeWith({ btcd, restic })("a copy of btcd", () => {
  it("opens without a network and is what it was copied from, without a password in it", async () => {
    const group = { kind: "full" as const, options: { miningAddress: "SMJ2EsMn4iEfrGr1c7hW9KnykTxwffDZkM" } };
    const chain = { definition: bitcoin, network: "simnet", client: "btcd" };
    world = await OfflineWorld.of({ chain, group, program: btcd ?? "", restic: restic ?? "", alone: [] });
    await world.start();
    const { user, password } = bitcoinRpcCredentials(SEED, "world");
    const owner = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const mined = (await call(world.targetOf("node").probeUrl, "generate", [8], owner)) as string[];
    const coinOf = async (of: "node" | "guest") => {
      const { probeUrl, basicAuthFile } = world.targetOf(of);
      const auth = await basicAuth(basicAuthFile ?? "");
      const agent = "failure" in auth ? undefined : auth.authorization;
      const { tx } = (await call(probeUrl, "getblock", [mined[7], 1], agent)) as { tx: string[] };
      return call(probeUrl, "gettxout", [tx[0], 0], agent);
    };
    const [source, coin] = [await chainOf("node", 8), await coinOf("node")];
    expect(source.head).toMatchObject({ at: 8, hash: mined[7] });
    expect(coin).toMatchObject({ coinbase: true, bestblock: mined[7] });
    expect(await world.stop()).toBe(0);

    const point = await world.take(8);
    for (const own of ["btcd.conf", "data/simnet/peers.json"]) {
      expect(existsSync(path.join(world.process.home, own))).toBe(true);
    }
    const names = await world.namesOf(point);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !/^data\/simnet\/blocks_ffldb\//.test(name))).toEqual([]);
    const opened = await world.inGuest(point, async () => ({
      ...(await chainOf("guest", 8)),
      coin: await coinOf("guest"),
    }));
    expect(opened).toEqual({ ...source, peers: 0, coin });
  }, 60_000);
});
