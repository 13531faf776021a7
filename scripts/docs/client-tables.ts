import { catalogueDate, protocols } from "../../packages/core/src/chains/catalogue";
import type {
  ClientDefinition,
  Kind,
  NetworkDefinition,
  ProtocolDefinition,
  Sizing,
} from "../../packages/core/src/chains/types";
import { catalogueTexts } from "./catalogue-texts";
import { code, codes, table } from "./sections";

const texts = catalogueTexts();

/** Docstring of a client or protocol, as one paragraph per blank line. */
function textOf(type: "ClientDefinition" | "ProtocolDefinition", name: string): string {
  return texts.get(`${type}:${name}`) ?? "";
}

/** The catalogue: networks of each protocol, then its clients. */
export function clientsSection(): string {
  const date = `${protocols.length} protocols; every pin was reviewed on ${catalogueDate} or later.`;
  return [date, ...protocols.map(protocolText)].join("\n\n");
}

function protocolText(protocol: ProtocolDefinition): string {
  const defaults = Object.entries(protocol.defaults).map(([place, name]) => `${code(name)} (${place})`);
  const intro = [
    `Name in \`chain.protocol\`: ${code(protocol.name)}. Kinds: ${codes(protocol.kinds)}.`,
    defaults.length > 0 ? `Clients that are taken when you name none: ${defaults.join(", ")}.` : "",
  ];
  return [
    `## ${protocol.title}`,
    textOf("ProtocolDefinition", protocol.name),
    intro.filter((line) => line !== "").join(" "),
    networksTable(protocol),
    ...protocol.clients.map((client) => clientText(client, protocol)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function networksTable({ networks, needsSeed }: ProtocolDefinition): string {
  const head = ["Network", "Chain id as nodes tell it", "Block time", "Seed"];
  const rows = Object.entries(networks).map(([name, facts]) => [
    `${code(name)} (${facts.title})`,
    facts.chainId === undefined ? chosen(facts) : code(facts.chainId),
    `${facts.blockTimeSeconds} s`,
    needsSeed?.(name) === true ? "needed" : "not needed",
  ]);
  return table(head, rows);
}

function chosen(facts: NetworkDefinition): string {
  return facts.private ? "yours, see `privateNetwork.chainId`" : "not checked";
}

function clientText(client: ClientDefinition, protocol: ProtocolDefinition): string {
  const parts = [
    `### ${client.title} (\`${client.name}\`)`,
    textOf("ClientDefinition", client.name),
    table(["Fact", "Value"], facts(client)),
    "Ports:",
    table(
      ["Name", "Usual number", "Transport", "For"],
      client.ports.map((p) => [
        code(p.name),
        String(p.port),
        p.transport === "both" ? "tcp and udp" : p.transport,
        p.exposure,
      ]),
    ),
    optionsText(client),
    "Size of a node, as planned:",
    sizingTable(client, protocol),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function facts(client: ClientDefinition): string[][] {
  const { release, stop, database, metrics, health, rpc } = client;
  const asked = [...new Set(Object.values(health.requests).map((r) => r.rpc?.method ?? r.get ?? ""))];
  const rows: readonly (readonly [string, string])[] = [
    ["Version", `${release.version}, reviewed ${release.reviewed}, [source](${release.source})`],
    ["Image", code(release.image)],
    ["Program on this machine", programText(release.program)],
    ["Layer", client.layer],
    ["Kinds", codes(client.kinds)],
    ["Networks", codes(client.networks)],
    ["Stop", `${code(stop.signal)}, then up to ${stop.graceSeconds} s before it is killed`],
    ["Database", `${database.engine}; ${copyText(database.consistency)}. ${database.note}`],
    ["Data", codes(client.dataPaths)],
    ["Keys, never backed up", client.keyPaths.length > 0 ? codes(client.keyPaths) : "none"],
    [
      "Metrics",
      metrics ? `port ${code(metrics.port)}, path ${code(metrics.path)}` : "none of its own; the agent's series only",
    ],
    ["Asked for health", `port ${code(health.port)}: ${codes(asked)}`],
    ["Serves users", rpc ? `port ${code(rpc.port)}; never sent twice: ${code(rpc.writes)}` : "no"],
    ["One-way changes of the data", migrationsText(client)],
  ];
  return rows.map((row) => [...row]);
}

function programText({ binary, goModule }: ClientDefinition["release"]["program"]): string {
  if (goModule === undefined) return `${code(binary)}, which must be on PATH`;
  return `${code(binary)}, on PATH or built from ${code(`${goModule.module}@${goModule.version}`)}`;
}

function copyText(consistency: ClientDefinition["database"]["consistency"]): string {
  return consistency === "stop"
    ? "a sound copy needs a stopped process"
    : "a sound copy is an atomic snapshot of one volume, or taken of a stopped process";
}

function migrationsText({ migrations }: ClientDefinition): string {
  const oneWay = migrations.filter((m) => m.oneWay);
  return oneWay.length === 0 ? "none known" : oneWay.map((m) => `from ${m.version}: ${m.what}`).join("; ");
}

function optionsText({ options = {} }: ClientDefinition): string {
  const entries = Object.entries(options);
  if (entries.length === 0) return "It takes no settings in `options`.";
  const rows = entries.map(([name, option]) => {
    const { type, min, max, allowed, description } = option;
    const range = min === undefined && max === undefined ? "" : ` ${min ?? ""} to ${max ?? ""}`;
    return [code(name), allowed ? codes(allowed) : `${type}${range}`, description];
  });
  return `Settings in \`options\`:\n\n${table(["Setting", "Values", "Meaning"], rows)}`;
}

/** One row per network and size; kinds of the same size share a row. */
function sizingTable(client: ClientDefinition, protocol: ProtocolDefinition): string {
  const networks = client.networks.filter((n) => Object.hasOwn(protocol.networks, n));
  const rows = networks.flatMap((network) => {
    const bySize = new Map<string, { kinds: Kind[]; size: Sizing }>();
    for (const kind of client.kinds) {
      const size = client.sizing(network, kind);
      const key = JSON.stringify(size);
      bySize.set(key, { size, kinds: [...(bySize.get(key)?.kinds ?? []), kind] });
    }
    return [...bySize.values()].map(({ kinds, size }) => [
      code(network),
      codes(kinds),
      `${size.cpu}`,
      `${size.memoryGiB} GiB`,
      `${size.diskGiB} GiB`,
      `${size.growthGiBPerMonth} GiB a month`,
    ]);
  });
  return table(["Network", "Kinds", "CPU cores", "Memory", "Disk", "Growth"], rows);
}
