import { ConfigError, type Problem, show } from "../errors/errors";
import { problemsOf } from "../errors/from-zod";
import { knownKeysAt } from "../errors/known-keys";
import { didYouMean } from "../errors/suggest";
import type { HealthProbe, ProbeRequest, ValueSource } from "../health/types";
import { inventorySchema } from "./inventory-schema";
import type { AgentInventory, InventoryNode } from "./inventory-types";

/**
 * Checks the content of an agent.json and says everything that is wrong with it at once.
 *
 * @param input - What the file holds, parsed.
 * @param where - How the file is called in the error.
 * @returns The same content, typed. Nothing is filled in: a target writes all fields.
 * @throws ConfigError
 *
 * @example parseInventory(JSON.parse(readFileSync("agent.json", "utf8")))
 */
export function parseInventory(input: unknown, where = "agent.json"): AgentInventory {
  const parsed = inventorySchema.safeParse(input);
  const problems = parsed.success
    ? crossProblems(parsed.data)
    : problemsOf(parsed.error, input, (path) => knownKeysAt(inventorySchema, path)).map(named);
  if (problems.length > 0 || !parsed.success) throw new ConfigError(`Inventory ${where}`, problems);
  return parsed.data;
}

/** The shared code calls the root "args", which this file is not. */
function named(problem: Problem): Problem {
  return problem.path === "args" ? { ...problem, path: "inventory" } : problem;
}

/** What fields say about each other. */
function crossProblems(inventory: AgentInventory): Problem[] {
  const probes = Object.entries(inventory.questions).flatMap(([key, probe]) =>
    probeProblems(`questions.${key}`, probe),
  );
  const nodes = inventory.nodes.flatMap((node, index) => nodeProblems(node, `nodes[${index}]`, inventory));
  return [...probes, ...nodes, ...twiceProblems(inventory.nodes), ...groupProblems(inventory)];
}

function nodeProblems(node: InventoryNode, path: string, { questions }: AgentInventory): Problem[] {
  const known = Object.keys(questions);
  const unknown = node.processes.flatMap((process, index) => {
    if (Object.hasOwn(questions, process.questions)) return [];
    const message = `got ${show(process.questions)}; use a key of questions${didYouMean(process.questions, known)}`;
    return [{ path: `${path}.processes[${index}].questions`, message, code: "QUESTIONS_UNKNOWN" }];
  });
  const names = node.processes.map((p) => p.name);
  const twice = names.filter((n, i) => names.indexOf(n) !== i);
  return [...unknown, ...twice.map((n) => taken(`${path}.processes`, n))];
}

function twiceProblems(nodes: readonly InventoryNode[]): Problem[] {
  const seen = new Set<string>();
  return nodes.flatMap(({ name }, index) => {
    if (seen.has(name)) return [taken(`nodes[${index}].name`, name)];
    seen.add(name);
    return [];
  });
}

function taken(path: string, name: string): Problem {
  return { path, message: `got ${show(name)} twice; use a name once`, code: "NAME_TWICE" };
}

function groupProblems({ proxy, nodes }: AgentInventory): Problem[] {
  const groups = [...new Set(nodes.map((n) => n.group))];
  if (!proxy || groups.includes(proxy.defaultGroup)) return [];
  const list = groups.map((g) => JSON.stringify(g)).join(", ") || "none, there are no nodes";
  const hint = didYouMean(proxy.defaultGroup, groups);
  const message = `got ${show(proxy.defaultGroup)}; use a group of these nodes: ${list}${hint}`;
  return [{ path: "proxy.defaultGroup", message, code: "GROUP_UNKNOWN" }];
}

function probeProblems(path: string, probe: HealthProbe): Problem[] {
  const known = Object.keys(probe.requests);
  const forms = Object.entries(probe.requests).flatMap(([name, request]) => {
    if ((request.rpc === undefined) !== (request.get === undefined)) return [];
    const message = "got neither or both of rpc and get; use one of them";
    return [{ path: `${path}.requests.${name}`, message, code: "REQUEST_FORM" }];
  });
  const sources = [...sourcesOf(probe)].flatMap(([where, source]) => {
    if (Object.hasOwn(probe.requests, source.from)) return [];
    const message = `got ${show(source.from)}; use the name of a request${didYouMean(source.from, known)}`;
    return [{ path: `${path}.${where}.from`, message, code: "REQUEST_UNKNOWN" }];
  });
  const circles = known
    .filter((name) => waitsForItself(probe, name))
    .map((name) => ({
      path: `${path}.requests.${name}`,
      message: "got a placeholder whose value comes from this very request; ask for it in another one",
      code: "REQUEST_CIRCLE",
    }));
  return [...forms, ...sources, ...circles];
}

/** Every value of a probe with its path below the probe. */
function* sourcesOf({ head, faults = [] }: HealthProbe): Generator<[string, ValueSource]> {
  for (const [key, source] of Object.entries(head)) {
    if ("slot" in source) {
      yield [`head.${key}.slot`, source.slot];
      yield [`head.${key}.genesisTime`, source.genesisTime];
    } else yield [`head.${key}`, source];
  }
  for (const [index, fault] of faults.entries()) yield [`faults[${index}].value`, fault.value];
}

/**
 * Requests that must be answered before this one can be put: those that hold the values of its placeholders.
 *
 * @returns Names of requests, each once.
 */
export function requestsBefore(probe: HealthProbe, name: string): string[] {
  const request = Object.hasOwn(probe.requests, name) ? probe.requests[name] : undefined;
  const used = request ? placeholdersOf(request) : { height: false, hash: false };
  const names = [
    ...(used.height ? [probe.head.height.from] : []),
    ...(used.hash && probe.head.hash ? [probe.head.hash.from] : []),
  ];
  return [...new Set(names)];
}

/** Which values of the head a request wants to be filled in. */
export function placeholdersOf(request: ProbeRequest): { height: boolean; hash: boolean } {
  const texts = request.get === undefined ? textsOf(request.rpc?.params ?? []) : [request.get];
  const whole = request.get === undefined;
  const uses = (...words: string[]) => texts.some((t) => words.some((w) => (whole ? t === w : t.includes(w))));
  return { height: uses("$height", "$heightHex", "$parent"), hash: uses("$hash") };
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function waitsForItself(probe: HealthProbe, name: string): boolean {
  const seen = new Set<string>();
  const waiting = requestsBefore(probe, name);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === name) return true;
    if (!seen.has(next)) waiting.push(...requestsBefore(probe, next));
    seen.add(next);
  }
  return false;
}
