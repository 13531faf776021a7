import type { ClientDefinition, Kind, Layer } from "../chains/types";
import { type Problem, show } from "../errors/errors";
import { didYouMean } from "../errors/suggest";
import type { ClusterArgs, NodeGroupArgs } from "./args";
import { checkOptions } from "./check-options";
import { groupName, groupSchema } from "./schema";
import { type GroupSpec, LAYERS, type ResolvedChain, SERVING_KINDS } from "./spec";

/** Checks every group that has a sound shape; groups with a broken one were reported already. */
export function checkGroups(args: ClusterArgs, chain: ResolvedChain, problems: Problem[]): GroupSpec[] {
  const nodes = typeof args.nodes === "object" && args.nodes !== null ? args.nodes : {};
  const groups: GroupSpec[] = [];
  checkClientNames(args, chain, problems);
  for (const name of Object.keys(nodes).sort()) {
    const group = nodes[name];
    if (group === undefined || !groupName.safeParse(name).success || !groupSchema.safeParse(group).success) continue;
    const spec = checkGroup(name, group, args, chain, problems);
    if (spec) groups.push(spec);
  }
  problems.push(...checkPrivateNetwork(args, groups));
  if (problems.length === 0) {
    const summary = groups.map((g) => ({ group: g.name, kind: g.args.kind, count: g.count }));
    for (const p of chain.protocol.check?.(summary, chain.network) ?? []) {
      problems.push({ path: p.path, message: `got ${show(p.got)}; use ${p.allowed}; ${p.fix}`, code: p.code });
    }
  }
  return groups;
}

function checkGroup(
  name: string,
  group: NodeGroupArgs,
  args: ClusterArgs,
  chain: ResolvedChain,
  problems: Problem[],
): GroupSpec | undefined {
  const path = `nodes.${name}`;
  const { protocol } = chain;
  if (!protocol.kinds.includes(group.kind)) {
    const list = protocol.kinds.map((k) => JSON.stringify(k)).join(", ");
    const message = `got ${show(group.kind)}, which ${protocol.title} does not have; use one of ${list}`;
    problems.push({ path: `${path}.kind`, message, code: "KIND_UNSUPPORTED" });
    return undefined;
  }
  if (group.servesRpc === true && !SERVING_KINDS.includes(group.kind)) {
    const message = `got true for a ${group.kind} node; use false: only ${SERVING_KINDS.join(", ")} nodes answer users`;
    problems.push({ path: `${path}.servesRpc`, message, code: "KIND_NEVER_SERVES" });
  }
  const clients = pickClients(args, chain, group.kind, path, problems);
  problems.push(...checkOptions(path, group.options ?? {}, clients));
  const servesRpc = group.servesRpc ?? SERVING_KINDS.includes(group.kind);
  return { name, args: group, count: group.count ?? 1, servesRpc: servesRpc && clients.some((c) => c.rpc), clients };
}

function checkClientNames({ chain: args }: ClusterArgs, chain: ResolvedChain, problems: Problem[]): void {
  for (const [field, layer] of FIELDS) {
    const asked = args[field];
    if (asked === undefined) continue;
    const ofLayer = chain.protocol.clients.filter((c) => c.layer === layer);
    const names = ofLayer.map((c) => c.name);
    const path = `chain.${field}`;
    if (names.length === 0) {
      const fields = FIELDS.filter(([, l]) => chain.protocol.clients.some((c) => c.layer === l)).map(([f]) => f);
      const message = `got ${show(asked)}, but ${chain.protocol.title} nodes have no ${layer} client; use ${fields.join(" and ")}`;
      problems.push({ path, message, code: "CLIENT_FIELD" });
    } else if (!names.includes(asked)) {
      const list = names.map((n) => JSON.stringify(n)).join(", ");
      const message = `got ${show(asked)}; use one of ${list}${didYouMean(asked, names)}`;
      problems.push({ path, message, code: "CLIENT_UNKNOWN" });
    }
  }
}

const FIELDS: readonly (readonly ["client" | "execution" | "consensus", Layer])[] = [
  ["client", "node"],
  ["execution", "execution"],
  ["consensus", "consensus"],
];

function pickClients(
  args: ClusterArgs,
  chain: ResolvedChain,
  kind: Kind,
  path: string,
  problems: Problem[],
): ClientDefinition[] {
  const picked: ClientDefinition[] = [];
  for (const layer of LAYERS) {
    const ofLayer = chain.protocol.clients.filter((c) => c.layer === layer);
    if (ofLayer.length === 0) continue;
    const able = ofLayer.filter((c) => c.kinds.includes(kind) && c.networks.includes(chain.network));
    const asked = FIELDS.filter(([, l]) => l === layer).map(([field]) => args.chain[field])[0];
    const { defaults } = chain.protocol;
    const wanted = [asked, defaults[kind], defaults[layer]];
    // A light proxy is a program of its own: the asked client of the protocol steps back for a kind that it does not have.
    const client = wanted.map((name) => able.find((c) => c.name === name)).find((c) => c !== undefined) ?? able[0];
    const askedKnown = ofLayer.find((c) => c.name === asked);
    const stepsBack = askedKnown !== undefined && client?.name !== asked && askedKnown.kinds.includes(kind);
    if (!client || stepsBack) {
      const subject = askedKnown?.title ?? chain.protocol.title;
      const message = `got ${show(kind)}, which ${subject} does not run on ${show(chain.network)}; use ${suggestions(ofLayer, chain.network)}`;
      problems.push({ path: `${path}.kind`, message, code: "CLIENT_CANNOT" });
    } else picked.push(client);
  }
  return picked;
}

function suggestions(clients: readonly ClientDefinition[], network: string): string {
  const able = clients.filter((c) => c.networks.includes(network));
  return able.length === 0 ? "another network" : able.map((c) => `${c.name} (${c.kinds.join(", ")})`).join(" or ");
}

function checkPrivateNetwork(args: ClusterArgs, groups: readonly GroupSpec[]): Problem[] {
  const wanted = args.privateNetwork?.genesisValidators;
  if (typeof wanted !== "number") return [];
  const validators = groups.filter((g) => g.args.kind === "validator").reduce((sum, g) => sum + g.count, 0);
  if (wanted <= validators) return [];
  const message = `got ${wanted} with ${validators} validator nodes; use at most ${validators}, or add validators`;
  return [{ path: "privateNetwork.genesisValidators", message, code: "GENESIS_VALIDATORS_RANGE" }];
}
