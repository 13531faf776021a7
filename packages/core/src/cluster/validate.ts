import type { z } from "zod";
import { findProtocol, protocolNames } from "../chains/catalogue";
import type { NetworkDefinition, ProtocolDefinition } from "../chains/types";
import { ConfigError, type Problem, show } from "../errors/errors";
import { problemsOf } from "../errors/from-zod";
import { knownKeysAt } from "../errors/known-keys";
import { didYouMean } from "../errors/suggest";
import { monitoringProblems } from "../monitoring/problems";
import { scrapeNodeProblems } from "../monitoring/scrape-problems";
import { backupProblems } from "../vault/backup-problems";
import type { ChainArgs, ClusterArgs } from "./args";
import { checkGroups } from "./check-groups";
import { probeTiming } from "./limits";
import { plainCopy } from "./plain-copy";
import { chainSchema, clusterName, clusterSchema } from "./schema";
import { type ClusterSpec, type GroupSpec, LAYERS, type ResolvedChain } from "./spec";

/** What a target adds to the check: its own args, by zod, and what zod cannot say. */
export interface ValidateOptions {
  /** Name in the first line of an error, e.g. `NodeCluster`. */
  readonly component?: string;
  /** Args of this target only. */
  readonly shape?: z.ZodRawShape;
  /** Problems between args; `protocol` is absent when the chain itself is wrong. */
  readonly extra?: (args: ClusterArgs, protocol: ProtocolDefinition | undefined) => readonly Problem[];
  /** Dotted paths of this target's args that hold Inputs of resources; they are not looked into. */
  readonly opaque?: readonly string[];
}

/**
 * Checks everything that can be checked without a cloud and throws all problems at once.
 *
 * @throws ConfigError
 */
export function validateCluster(name: string, given: ClusterArgs, options: ValidateOptions = {}): ClusterSpec {
  const component = options.component ?? "NodeCluster";
  const { value: args, problems: unreadable } = plainCopy(given, [
    "chain.definition",
    "backup.vault",
    ...(options.opaque ?? []),
  ]);
  const problems: Problem[] = [...nameProblems(name), ...unreadable, ...shapeProblems(args, options.shape)];
  const chain = resolveChain(args, problems);
  problems.push(...timingProblems(args, chain?.facts), ...monitoringProblems(args?.monitoring));
  problems.push(...(options.extra?.(args, chain?.protocol) ?? []));
  const groups = chain ? checkGroups(args, chain, problems) : [];
  problems.push(...strangerProblems(args, groups), ...backupProblems(args, groups));
  if (problems.length > 0 || !chain) throw new ConfigError(`${component} ${show(name)}`, unique(problems));
  return { name, args, protocol: chain.protocol, network: chain.network, networkFacts: chain.facts, groups };
}

/** Nodes that settings name; said only where all groups are sound, since nodes of a broken one may be meant. */
function strangerProblems(args: ClusterArgs, groups: readonly GroupSpec[]): Problem[] {
  const nodes: unknown = args?.nodes;
  if (!isObject(nodes) || groups.length === 0 || groups.length < Object.keys(nodes).length) return [];
  const names = groups.flatMap(({ name, count }) => Array.from({ length: count }, (_, index) => `${name}-${index}`));
  return scrapeNodeProblems(args.monitoring?.scrape, names);
}

function nameProblems(name: string): Problem[] {
  const parsed = clusterName.safeParse(name);
  return parsed.success ? [] : problemsOf(parsed.error, name, () => []).map((p) => ({ ...p, path: "name" }));
}

function shapeProblems(args: ClusterArgs, shape: z.ZodRawShape = {}): Problem[] {
  const schema = clusterSchema.extend(shape);
  const parsed = schema.safeParse(args);
  return parsed.success ? [] : problemsOf(parsed.error, args, (path) => knownKeysAt(schema, path));
}

/** The timeout against the interval that will be in force, said or not. */
function timingProblems(args: ClusterArgs, facts: NetworkDefinition | undefined): Problem[] {
  const { probeIntervalSeconds, probeTimeoutMs: timeout } = args?.health ?? {};
  const interval = probeIntervalSeconds ?? (facts ? probeTiming(facts).intervalSeconds : undefined);
  if (typeof interval !== "number" || typeof timeout !== "number" || timeout < interval * 1000) return [];
  const message = `got ${timeout}; use less than the interval of ${interval} s, e.g. ${Math.floor(interval * 500)}`;
  return [{ path: "health.probeTimeoutMs", message, code: "PROBE_TIMEOUT_TOO_LONG" }];
}

/** Goes as far as the fields are sound: a broken one hides nothing of the others. */
function resolveChain(args: ClusterArgs, problems: Problem[]): ResolvedChain | undefined {
  const chain = args?.chain;
  const { protocol: name, definition, network } = chainSchema.shape;
  const named = name.safeParse(chain?.protocol).success && definition.safeParse(chain?.definition).success;
  const protocol = isObject(chain) && named ? resolveProtocol(chain, problems) : undefined;
  if (!protocol || !network.safeParse(chain.network).success) return undefined;
  const facts = Object.hasOwn(protocol.networks, chain.network) ? protocol.networks[chain.network] : undefined;
  if (!facts) {
    const names = Object.keys(protocol.networks);
    const list = names.map((n) => JSON.stringify(n)).join(", ");
    const message = `got ${show(chain.network)}; use one of ${list}${didYouMean(chain.network, names)}`;
    problems.push({ path: "chain.network", message, code: "NETWORK_UNKNOWN" });
    return undefined;
  }
  if (args.privateNetwork !== undefined && !facts.private) {
    const message = `got settings although ${show(chain.network)} is a public network; remove them or set chain.network to "private"`;
    problems.push({ path: "privateNetwork", message, code: "NOT_PRIVATE" });
  }
  return chainSchema.safeParse(chain).success ? { protocol, network: chain.network, facts } : undefined;
}

function resolveProtocol(chain: ChainArgs, problems: Problem[]): ProtocolDefinition | undefined {
  const { definition } = chain;
  if (definition !== undefined) {
    if (!isDefinition(definition)) {
      const message = "got something that is no protocol; use the result of defineProtocol";
      problems.push({ path: "chain.definition", message, code: "PROTOCOL_DEFINITION" });
      return undefined;
    }
    if (chain.protocol !== undefined && chain.protocol !== definition.name) {
      const message = `got ${show(chain.protocol)} beside a definition of ${show(definition.name)}; give one of the two`;
      problems.push({ path: "chain.protocol", message, code: "PROTOCOL_TWICE" });
    }
    return definition;
  }
  const names = protocolNames();
  const list = names.map((n) => JSON.stringify(n)).join(", ");
  if (chain.protocol === undefined) {
    const message = `missing; give one of ${list}, or a definition made with defineProtocol`;
    problems.push({ path: "chain.protocol", message, code: "PROTOCOL_UNKNOWN" });
    return undefined;
  }
  const found = findProtocol(chain.protocol);
  if (!found) {
    const message = `got ${show(chain.protocol)}; use one of ${list}${didYouMean(chain.protocol, names)}`;
    problems.push({ path: "chain.protocol", message, code: "PROTOCOL_UNKNOWN" });
  }
  return found;
}

/** Whether planning can rely on it; what it says is checked by `defineProtocol`. */
function isDefinition(value: object): value is ProtocolDefinition {
  try {
    const { name, kinds, networks, clients, defaults } = value as Record<string, unknown>;
    const lists = Array.isArray(kinds) && Array.isArray(clients) && clients.length > 0;
    return typeof name === "string" && lists && isObject(networks) && isObject(defaults) && clients.every(isClient);
  } catch {
    // Getters may throw, and proxies do what they like.
    return false;
  }
}

function isClient(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { name, layer, kinds, networks, ports, args, sizing, health, release, stop } = value;
  const lists = [kinds, networks, ports].every(Array.isArray);
  const functions = [args, sizing].every((f) => typeof f === "function");
  const objects = [health, release, stop].every(isObject);
  return typeof name === "string" && LAYERS.some((l) => l === layer) && lists && functions && objects;
}

function isObject<T>(value: T): value is T & Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The first problem of a path is the one to mend first. */
function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map([...problems].reverse().map((p) => [p.path, p])).values()].reverse();
}
