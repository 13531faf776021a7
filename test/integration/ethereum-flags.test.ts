import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ethereum } from "../../packages/core/src/chains/ethereum";
import { ENODE, MULTIADDRESS } from "../../packages/core/src/chains/ethereum-args.fixture";
import { geth } from "../../packages/core/src/chains/geth";
import { prysm } from "../../packages/core/src/chains/prysm";
import { sampleContext } from "../../packages/core/src/chains/sample-context";
import type { ClientDefinition, Kind, ProcessContext } from "../../packages/core/src/chains/types";
import { describeWith, findProgram } from "./find-program";

const gethPath = findProgram("geth");
const prysmPath = findProgram("beacon-chain");

const NETWORK_IDS: Readonly<Record<string, string>> = { mainnet: "1", sepolia: "11155111", hoodi: "560048" };
const casesOf = (client: ClientDefinition) =>
  client.kinds.flatMap((kind) => client.networks.map((network) => [kind, network] as const));
const PLACES: readonly Partial<ProcessContext>[] = [
  {},
  { listen: "0.0.0.0", self: "rpc-0" },
  { announce: "203.0.113.7", peers: [ENODE, MULTIADDRESS] },
];

/** A value that an option takes. */
function sampleOf({ type, min, allowed }: NonNullable<ClientDefinition["options"]>[string], text: string) {
  if (type === "boolean") return true;
  return type === "number" ? (min ?? 1) : (allowed?.at(-1) ?? text);
}

describeWith({ geth: gethPath })("geth", () => {
  const home = mkdtempSync(path.join(tmpdir(), "chainkeep-geth-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** `dumpconfig` reads all flags as a start would, prints what they mean and ends. */
  const dump = (kind: Kind, network: string, change: Partial<ProcessContext>) => {
    const ctx = sampleContext(ethereum, geth, kind, network, { home, shared: path.join(home, "shared"), ...change });
    mkdirSync(ctx.shared, { recursive: true });
    for (const { path: name, content } of geth.files?.(ctx) ?? []) writeFileSync(path.join(home, name), content);
    const run = spawnSync(gethPath ?? "", [...geth.args(ctx), "dumpconfig"], { encoding: "utf8" });
    return { status: run.status, settings: settingsOf(run.stdout), complaint: complaintOf(run.stdout + run.stderr) };
  };

  it("tells the pinned version, or one that is near it", () => {
    const { stdout } = spawnSync(gethPath ?? "", ["version"], { encoding: "utf8" });
    expect(stdout).toMatch(/^Version: 1\.17\./m);
  });

  it("would tell if it did not know a flag", () => {
    const run = spawnSync(gethPath ?? "", ["--mainnet", "--no-such-flag", "dumpconfig"], { encoding: "utf8" });
    expect(run.status).not.toBe(0);
    expect(complaintOf(run.stdout + run.stderr)).toBe("no-such-flag");
  });

  it.each(casesOf(geth))("takes every flag of a %s node on %s and understands it", (kind, network) => {
    for (const place of PLACES) {
      const { status, settings, complaint } = dump(kind, network, place);
      expect([complaint, status]).toEqual([undefined, 0]);
      expect(settings).toMatchObject({
        NetworkId: NETWORK_IDS[network],
        DataDir: `"${home}/data"`,
        JWTSecret: `"${home}/shared/jwt.hex"`,
        HTTPHost: `"${place.listen ?? "127.0.0.1"}"`,
        HTTPPort: "8545",
        HTTPModules: '["eth", "net", "web3"]',
        WSHost: kind === "mirror" ? '""' : `"${place.listen ?? "127.0.0.1"}"`,
        AuthAddr: `"${place.self === undefined ? "127.0.0.1" : "0.0.0.0"}"`,
        AuthPort: "8551",
        ListenAddr: '":30303"',
        StaticNodes: place.peers === undefined ? "[]" : `["${ENODE}"]`,
        NoPruning: String(kind === "archive"),
        SyncMode: kind === "archive" ? '"full"' : '"snap"',
      });
      // Values that mean "none" or "all" are left out of what geth prints.
      expect(settings.StateHistory).toBe(kind === "archive" ? undefined : "90000");
      expect(settings.NAT).toBe(place.announce === undefined ? undefined : '"extip:203.0.113.7"');
      // No socket of its own that would answer admin.
      expect(settings.IPCPath ?? '""').toBe('""');
    }
  });

  it("takes the flag of every option", () => {
    for (const [name, option] of Object.entries(geth.options ?? {})) {
      for (const kind of geth.kinds) {
        const ctx = { options: { [name]: sampleOf(option, "txpool") } };
        const { status, complaint } = dump(kind, "mainnet", ctx);
        expect([name, kind, complaint, status]).toEqual([name, kind, undefined, 0]);
      }
    }
    expect(dump("full", "mainnet", { options: { cacheMiB: 1000 } }).settings.DatabaseCache).toBe("500");
    // -1 is off.
    expect(dump("archive", "mainnet", {}).settings.TrienodeHistory).toBe("-1");
    expect(dump("archive", "mainnet", { options: { historicProofs: true } }).settings.TrienodeHistory).toBeUndefined();
    expect(dump("full", "mainnet", { options: { httpApi: "txpool" } }).settings.HTTPModules).toContain('"txpool"');
  });
});

describeWith({ "beacon-chain": prysmPath })("prysm", () => {
  // It stops at the first flag that it does not know: when that is the one behind ours, it took all of ours.
  const complaint = (kind: Kind, network: string, change: Partial<ProcessContext>) => {
    const ctx = sampleContext(ethereum, prysm, kind, network, { home: "/nonexistent", ...change });
    const run = spawnSync(prysmPath ?? "", [...prysm.args(ctx), "--no-such-flag"], { encoding: "utf8" });
    return complaintOf(run.stdout + run.stderr);
  };

  it.each(casesOf(prysm))("takes every flag of a %s node on %s", (kind, network) => {
    for (const place of PLACES) expect(complaint(kind, network, place)).toBe("no-such-flag");
  });

  it("takes the flag of every option", () => {
    for (const [name, option] of Object.entries(prysm.options ?? {})) {
      const options = { [name]: sampleOf(option, "https://checkpoint.example.org") };
      expect([name, complaint("full", "hoodi", { options })]).toEqual([name, "no-such-flag"]);
    }
    expect(complaint("full", "hoodi", { options: { checkpointSyncUrl: "genesis" } })).toBe("no-such-flag");
  });
});

/** `Key = value` lines of a TOML file, the last of a name. */
function settingsOf(toml: string): Record<string, string> {
  return Object.fromEntries(
    [...toml.matchAll(/^(\w+) = (.*)$/gm)].map(([, key, value]) => [key as string, value as string]),
  );
}

/** The flag that a Go program's command line does not know. */
function complaintOf(output: string): string | undefined {
  return /flag provided but not defined: -+([\w.-]+)/.exec(output)?.[1];
}
