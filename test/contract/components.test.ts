import { type DerivedMaterial, deriveGuest, deriveMaterial, type VaultReference } from "@chainkeep/core";
import type { NodeClusterArgs } from "@chainkeep/local";
import * as local from "@chainkeep/local";
import * as pulumi from "@pulumi/pulumi";
import { planVault } from "../../packages/local/src/backup-vault/render";
import { planLocal } from "../../packages/local/src/node-cluster/node-cluster";
import { fileSetProblems } from "../../packages/local/src/provider/file-set-props";
import { processProblems } from "../../packages/local/src/provider/process-props";
import { problemText } from "../../packages/local/src/supervisor/problem";
import {
  CASES,
  type Case,
  kinds,
  make,
  PASSWORD,
  readable,
  run,
  SEED,
  TOKEN,
  WEBHOOK,
  withStandIns,
} from "./local-world";

withStandIns();
// The first cluster of a run loads Grafana's SDK, and some tests make all of them.
jest.setTimeout(60_000);

const named = CASES.map((c) => ({ ...c, title: `${c.type}: ${c.title}` }));

/** Exported classes that are components. */
const components = Object.entries(local).filter(
  ([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource,
);

describe("exported components", () => {
  it("are all made by the cases below, alone or as a child", async () => {
    const made = new Set<string>();
    for (const one of CASES) {
      for (const type of Object.keys(kinds((await run(() => make(one, "dev"))).resources))) made.add(type);
    }
    expect(components.length).toBeGreaterThan(0);
    for (const [name] of components) expect(made).toContain(name);
    for (const name of ["Supervisor", "FileSet", "Process"]) expect(made).toContain(name);
  });
});

describe.each(named)("$title", (one) => {
  it("makes what the budget says, and nothing else", async () => {
    expect(kinds((await run(() => make(one, "dev"))).resources)).toEqual(one.budget);
  });

  it("gives every child a parent, a token of this package and a name that starts with its own", async () => {
    const { resources } = await run(() => make(one, "dev"));
    const root = `urn:pulumi:dev::project::${TOKEN}${one.type}::dev`;
    const vault = `urn:pulumi:dev::project::${TOKEN}BackupVault::dev-vault`;
    for (const { urn, type, name } of resources) {
      expect(type.startsWith(TOKEN)).toBe(true);
      if (urn === root || urn === vault) continue;
      expect(urn).toMatch(/^urn:pulumi:dev::project::chainkeep-local:index:\w+\$/);
      expect(name).toMatch(/^dev(-|$)/);
    }
    expect(resources.map((r) => r.urn)).toContain(root);
    expect(new Set(resources.map((r) => r.urn)).size).toBe(resources.length);
  });

  it("makes nothing that the provider refuses", async () => {
    const { resources } = await run(() => make(one, "dev"));
    const supervisor = "0123456789abcdef";
    const problems = resources.flatMap(({ type, name, inputs }) => {
      if (type === `${TOKEN}FileSet`) return fileSetProblems(inputs).map((p) => `${name}: ${problemText(p)}`);
      if (type !== `${TOKEN}Process`) return [];
      return processProblems({ ...inputs, supervisor }).map((p) => `${name}: ${problemText(p)}`);
    });
    expect(problems).toEqual([]);
  });

  it("does not collide with another one", async () => {
    const { resources } = await run(() => [make(one, "dev"), make(one, "test")]);
    expect(new Set(resources.map((r) => r.urn)).size).toBe(resources.length);
    const twice = Object.fromEntries(Object.entries(one.budget).map(([type, count]) => [type, 2 * count]));
    expect(kinds(resources)).toEqual(twice);
    const directories = resources.filter((r) => r.type === `${TOKEN}FileSet`).map((r) => r.inputs.directory);
    expect(new Set(directories).size).toBe(directories.length);
  });

  it("registers as outputs what it offers as outputs", async () => {
    const spy = jest.spyOn(pulumi.ComponentResource.prototype as unknown as Registering, "registerOutputs");
    const made: object[] = [];
    try {
      await run(() => {
        made.push(make(one, "dev"));
      });
      // The base class registers once more, with nothing, in case that a component forgot to.
      const { contexts, calls } = spy.mock;
      const first = new Map([...contexts.map((c, i) => [c as object, calls[i]?.[0] ?? {}] as const)].reverse());
      expect(first.size).toBe(components.reduce((sum, [name]) => sum + (one.budget[name] ?? 0), 0));
      expect(made.filter((component) => !first.has(component))).toEqual([]);
      for (const [component, outputs] of first) expect(Object.keys(outputs).sort()).toEqual(offered(component));
    } finally {
      spy.mockRestore();
    }
  });

  it("keeps the seed and what derives from it out of whatever can be read", async () => {
    const { resources } = await run(() => make(one, "dev"));
    const secrets = secretsOf(one, "dev");
    const plain = JSON.stringify(resources.map((r) => readable(r.inputs)));
    for (const secret of [SEED, ...secrets]) expect(plain).not.toContain(JSON.stringify(secret).slice(1, -1));
    for (const files of resources.filter((r) => r.type === `${TOKEN}FileSet`)) {
      expect(readable(files.inputs.secretFiles)).toBe("[secret]");
    }
    const all = JSON.stringify(resources.map((r) => r.inputs));
    for (const outside of [SEED, WEBHOOK]) expect(all).not.toContain(outside);
    for (const secret of secrets) expect(all).toContain(JSON.stringify(secret).slice(1, -1));
  });

  it("leaves its args alone, and makes the same of the same args", async () => {
    const args = one.args(pulumi.secret(SEED), standIn(one, "dev") as VaultReference);
    const before = shown(args);
    const first = await run(() => make({ ...one, args: (_, vault) => withVault(args, vault) }, "dev"));
    expect(shown(args)).toBe(before);
    const second = await run(() => make(one, "dev"));
    expect(second.resources).toEqual(first.resources);
  });

  it("registers the same in a preview in which the seed is not known yet", async () => {
    const upWith = await run(() => make(one, "dev"));
    let known = false;
    const previewed = await run(
      () => {
        const later = new local.Supervisor("later", { stateDir: "/later", binary: "/bin/true" });
        const seed = pulumi.secret(later.supervisorId);
        seed.apply(() => {
          known = true;
        });
        return make(one, "dev", seed);
      },
      { preview: true, outputs: () => ({}) },
    );
    expect(known).toBe(false);
    const urns = previewed.resources.map((r) => r.urn).filter((urn) => !urn.endsWith("::later"));
    expect(urns).toEqual(upWith.resources.map((r) => r.urn));
  });
});

interface Registering {
  registerOutputs(outputs?: object): void;
}

/** Fields of a component that are Outputs, but for those that every resource has. */
function offered(component: object): string[] {
  return Object.entries(component)
    .filter(([key, value]) => key !== "urn" && !key.startsWith("__") && pulumi.Output.isInstance(value))
    .map(([key]) => key)
    .sort();
}

/** Texts of the secret files of a case: keys, and whatever else derives from the seed, and the vault's password. */
function secretsOf(one: Case, name: string): string[] {
  if (one.type === "BackupVault") return "passwordFile" in one.args(SEED, undefined as never) ? [] : [PASSWORD];
  const args = one.args(SEED, standIn(one, name) as VaultReference);
  const clusterArgs = one.type === "NodeCluster" ? (args as NodeClusterArgs) : clusterOfOne(args as never);
  const { plan } = planLocal(one.type, name, clusterArgs);
  const passwords = one.keeps ? [PASSWORD] : [];
  if (!plan.needsSeed) return passwords;
  const guests = (plan.backup?.lineages ?? []).flatMap(({ guest }) => (guest ? [guest.offline, guest.online] : []));
  const keys = guests.map((guest) => secretTexts({ files: pick(deriveGuest(plan, guest, SEED), guest.name) }));
  const texts = [...secretTexts(deriveMaterial(plan, SEED)), ...keys.flat()];
  expect(texts.length).toBeGreaterThan(0);
  return [...passwords, ...texts];
}

function secretTexts({ files }: Pick<DerivedMaterial, "files">): string[] {
  return Object.values(files).flatMap((layers) =>
    Object.values(layers).flatMap((layer) => layer.secret.map((file) => file.content)),
  );
}

function pick({ files }: DerivedMaterial, node: string): DerivedMaterial["files"] {
  return files[node] === undefined ? {} : { [node]: files[node] };
}

/** The vault of a case, without registering it. */
function standIn({ keeps }: Case, name: string): object | undefined {
  if (keeps === undefined) return undefined;
  const { spec, passwordFile } = planVault(`${name}-vault`, keeps(SEED), "dev");
  return { vaultSpec: spec, localVault: { passwordFile, needs: [] } };
}

/** Args with the vault that a program has registered. */
function withVault<T extends object>(args: T, vault: VaultReference): T {
  return "backup" in args ? { ...args, backup: { ...(args.backup as object), vault } } : args;
}

/** Args as text. Outputs are not looked into. */
function shown(args: unknown): string {
  const plain = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (pulumi.Output.isInstance(value)) return "[later]";
    if (Array.isArray(value)) return value.map(plain);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  };
  return JSON.stringify(plain(args));
}

function clusterOfOne({
  kind,
  servesRpc,
  options,
  peers,
  bootstrap,
  ...rest
}: local.BlockchainNodeArgs): NodeClusterArgs {
  const group = Object.fromEntries(
    Object.entries({ kind, servesRpc, options, peers, bootstrap }).filter(([, value]) => value !== undefined),
  );
  const nodes = { node: group as unknown as NodeClusterArgs["nodes"][string] };
  return { monitoring: { enabled: false }, ...rest, nodes };
}
