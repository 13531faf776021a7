import fc from "fast-check";
import type { Kind } from "../chains/types";
import type { NodePlan } from "../cluster/types";
import { lineageId, lineagesOf, SOURCE_KINDS } from "./lineage";
import { vaultedPlan } from "./vaulted-plan.fixture";

const node = (group: string, kind: Kind, index = 0, clients = ["geth", "lighthouse"]): NodePlan =>
  ({
    name: `${group}-${index}`,
    group,
    index,
    kind,
    processes: clients.map((name) => ({ client: { name } })),
  }) as never;
const told = (nodes: readonly NodePlan[], groups?: readonly string[]) =>
  lineagesOf({ nodes }, groups).map(({ id, nodes, sources }) => ({
    id,
    nodes: nodes.map((n) => n.name),
    sources: sources.map((n) => n.name),
  }));

describe("lineagesOf", () => {
  it("keeps data apart that does not fit: other clients, other depth", () => {
    expect(
      told([node("rpc", "full"), node("old", "archive"), node("alt", "full", 0, ["reth", "lighthouse"])]).map(
        (l) => l.id,
      ),
    ).toEqual(["geth-lighthouse-archive", "geth-lighthouse-full", "reth-lighthouse-full"]);
  });

  it("takes mirrors first, then nodes that serve in the order of their names; validators take data and give none", () => {
    const nodes = [
      node("val", "validator"),
      node("rpc", "full", 10),
      node("rpc", "full", 2),
      node("api", "full"),
      node("sen", "sentry"),
      node("zz", "mirror"),
    ];
    expect(told(nodes)).toEqual([
      {
        id: "geth-lighthouse-full",
        nodes: ["val-0", "rpc-10", "rpc-2", "api-0", "sen-0", "zz-0"],
        sources: ["zz-0", "api-0", "rpc-2", "rpc-10"],
      },
    ]);
  });

  it("takes only the groups that are named, and knows no lineage without a source", () => {
    const nodes = [
      node("rpc", "full"),
      node("copy", "mirror"),
      node("old", "archive"),
      node("thin", "light", 0, ["helios"]),
    ];
    expect(told(nodes, ["copy"])).toEqual([
      { id: "geth-lighthouse-full", nodes: ["rpc-0", "copy-0"], sources: ["copy-0"] },
    ]);
    expect(told([node("val", "validator"), node("thin", "light")])).toEqual([]);
    expect(told([node("rpc", "full"), node("thin", "light")])[0]?.nodes).toEqual(["rpc-0"]);
  });

  it("never copies what must not stop, and copies no node twice, whatever the cluster", () => {
    const kinds = fc.constantFrom<Kind>("full", "archive", "light", "validator", "sentry", "seed", "mirror");
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.constantFrom("geth", "reth")), { maxLength: 12 }), (list) => {
        const nodes = list.map(([kind, client], i) => node(`g${i}`, kind, 0, [client]));
        const lineages = lineagesOf({ nodes });
        const sources = lineages.flatMap((l) => l.sources);
        expect(sources.every((s) => SOURCE_KINDS.includes(s.kind))).toBe(true);
        expect(new Set(sources).size).toBe(sources.length);
        expect(sources.length).toBe(nodes.filter((n) => SOURCE_KINDS.includes(n.kind)).length);
        for (const { id, nodes: members } of lineages) expect(members.map(lineageId)).toEqual(members.map(() => id));
      }),
    );
  });

  it("is the same for the same cluster, whatever the order of its groups", () => {
    const chain = { protocol: "ethereum", network: "mainnet", execution: "geth", consensus: "lighthouse" } as const;
    const forward = vaultedPlan(chain, { a: { kind: "full" }, m: { kind: "mirror" } });
    const backward = vaultedPlan(chain, { m: { kind: "mirror" }, a: { kind: "full" } });
    expect(JSON.stringify(backward.backup)).toBe(JSON.stringify(forward.backup));
    expect(forward.backup?.lineages.map((l) => l.sources.map((s) => s.name))).toEqual([["m-0", "a-0"]]);
  });
});
