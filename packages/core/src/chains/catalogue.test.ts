import type { SlotTime, ValueSource } from "../health/types";
import { catalogueDate, findProtocol, protocolNames, protocols } from "./catalogue";
import { defineProtocol } from "./define-protocol";
import { floatingImage, floatingVersion } from "./pinned";
import { sampleContext } from "./sample-context";
import { type ClientDefinition, KINDS, type Kind, type ProtocolDefinition } from "./types";

const clients = protocols.flatMap((protocol) =>
  protocol.clients.map((client) => [client.name, protocol, client] as const),
);
const cases = clients.flatMap(([name, protocol, client]) =>
  client.kinds.flatMap((kind) => client.networks.map((network) => ({ name, protocol, client, kind, network }))),
);
const LISTENS = ["127.0.0.1", "0.0.0.0"];

function seedOf(protocol: ProtocolDefinition, kind: Kind, network: string) {
  const processes = protocol.clients
    .filter((client) => client.kinds.includes(kind) && client.networks.includes(network))
    .map((client) => ({
      ...sampleContext(protocol, client, kind, network, { node: `${client.name}-0` }),
      layer: client.layer,
      client: client.name,
    }));
  const blockTimeSeconds = protocol.networks[network]?.blockTimeSeconds ?? 1;
  const settings = {
    genesisTime: "2025-01-01T00:00:00Z",
    blockTimeSeconds,
    genesisValidators: kind === "validator" ? processes.length : 0,
  };
  const seed = "0123456789abcdef0123456789abcdef";
  return protocol.derive?.({ cluster: "sample", network, chainId: "sample", seed, processes, settings });
}

/** Whether a glob of `keyPaths` covers a path; `**` stands for any depth, also none. */
function covers(glob: string, path: string): boolean {
  const pattern = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("**/", "\u0001")
    .replaceAll("**", "\u0002")
    .replaceAll("*", "[^/]*")
    .replaceAll("\u0001", "(?:.*/)?")
    .replaceAll("\u0002", ".*");
  return new RegExp(`^${pattern}$`).test(path);
}

function sourcesOf(client: ClientDefinition): ValueSource[] {
  const flat = (value: ValueSource | SlotTime) => ("slot" in value ? [value.slot, value.genesisTime] : [value]);
  const head = Object.values(client.health.head).flatMap(flat);
  return [...head, ...(client.health.faults ?? []).map((fault) => fault.value)];
}

describe("catalogue", () => {
  it("finds its protocols by name and no others", () => {
    for (const name of protocolNames()) expect(findProtocol(name)?.name).toBe(name);
    expect(findProtocol("ethereumm")).toBeUndefined();
    expect(findProtocol("constructor")).toBeUndefined();
    expect(protocolNames()).toEqual([...new Set(protocolNames())].sort());
  });

  it("dates itself by its oldest review", () => {
    const days = clients.map(([, , client]) => client.release.reviewed);
    expect(days).toContain(catalogueDate);
    for (const day of days) expect(day >= catalogueDate).toBe(true);
  });

  it("has a title and an owner for every name once: clients are told apart by name alone", () => {
    const names = clients.map(([name]) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(protocols.map((protocol) => [protocol.name, protocol] as const))(
    "%s passes defineProtocol",
    (_, protocol) => {
      expect(() => defineProtocol(protocol)).not.toThrow();
    },
  );

  it.each(protocols.map((protocol) => [protocol.name, protocol] as const))(
    "%s has limits that fit its block time on every network",
    (_, protocol) => {
      for (const facts of Object.values(protocol.networks)) {
        expect(facts.maxHeadAgeSeconds ?? 10 * facts.blockTimeSeconds).toBeGreaterThan(3 * facts.blockTimeSeconds);
        expect(facts.maxLagBlocks).toBeGreaterThan(0);
        expect(facts.minPeers).toBeGreaterThanOrEqual(0);
        if (!facts.private) expect(facts.chainId).toBeTruthy();
      }
    },
  );

  describe.each(clients)("%s", (_, protocol, client) => {
    it("is pinned to a release that was looked at", () => {
      const { version, image, reviewed, source } = client.release;
      expect([...floatingVersion(version), ...floatingImage(image)]).toEqual([]);
      expect(reviewed).toMatch(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
      expect(source).toMatch(/^https:\/\//);
      const module = client.release.program.goModule;
      if (module) expect(module.package.startsWith(module.module)).toBe(true);
    });

    it("has ports of its own and a grace in which it can end", () => {
      const numbers = client.ports.map((port) => port.port);
      expect(numbers).toEqual([...new Set(numbers)]);
      expect(client.stop.graceSeconds).toBeGreaterThan(0);
    });

    it("asks its health questions of requests and ports that exist", () => {
      expect(client.ports.map((port) => port.name)).toContain(client.health.port);
      for (const source of sourcesOf(client)) expect(Object.keys(client.health.requests)).toContain(source.from);
      expect(client.health.head.timestamp).toBeDefined();
    });

    it("never shares a port of engine or metrics with users", () => {
      const rpc = client.ports.find((port) => port.name === client.rpc?.port);
      if (client.rpc) expect(rpc?.exposure).toBe("rpc");
      const metrics = client.ports.find((port) => port.name === client.metrics?.port);
      if (client.metrics) expect(metrics?.exposure).toBe("metrics");
    });

    it("says which calls must not be sent twice, and those are no reads", () => {
      if (!client.rpc) return;
      const writes = new RegExp(client.rpc.writes);
      for (const { rpc, get } of Object.values(client.health.requests)) {
        expect(writes.test(rpc?.method ?? get ?? "")).toBe(false);
      }
    });

    it("keeps every secret that it is given out of backups", () => {
      const secrets = client.kinds.flatMap((kind) =>
        client.networks.flatMap((network) => {
          const files = seedOf(protocol, kind, network)?.files[`${client.name}-0`]?.[client.layer];
          return files?.secret.map((file) => file.path) ?? [];
        }),
      );
      for (const path of new Set(secrets)) {
        expect([path, client.keyPaths.some((glob) => covers(glob, path))]).toEqual([path, true]);
      }
      if (client.kinds.includes("validator")) expect(client.keyPaths).not.toEqual([]);
      const auth = client.health.basicAuthFile;
      if (auth) expect(client.keyPaths.some((glob) => covers(glob, auth))).toBe(true);
    });

    it("explains its options", () => {
      for (const option of Object.values(client.options ?? {})) expect(option.description.length).toBeGreaterThan(10);
    });
  });

  it.each(cases)(
    "gives arguments and figures for $name as $kind on $network",
    ({ protocol, client, kind, network }) => {
      expect(KINDS).toContain(kind);
      for (const listen of LISTENS) {
        const ctx = sampleContext(protocol, client, kind, network, { listen });
        const args = client.args(ctx);
        expect(args.length).toBeGreaterThan(0);
        for (const arg of args) {
          expect(arg).toEqual(expect.stringMatching(/^[^\0\n]+$/));
          expect(arg).not.toMatch(/\bundefined\b|\bNaN\b|\[object/);
        }
        expect(client.args(ctx)).toEqual(args);
      }
      const sizing = client.sizing(network, kind);
      for (const figure of [sizing.cpu, sizing.memoryGiB, sizing.diskGiB]) expect(figure).toBeGreaterThan(0);
      expect(sizing.growthGiBPerMonth).toBeGreaterThanOrEqual(0);
    },
  );
});
