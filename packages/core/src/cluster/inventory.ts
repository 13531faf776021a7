import { ConfigError, type Problem, show } from "../errors/errors";
import { problemsOf } from "../errors/from-zod";
import { knownKeysAt } from "../errors/known-keys";
import { didYouMean } from "../errors/suggest";
import { checkpointMistakes, requestsBefore } from "../health/placeholders";
import type { HealthProbe, ValueSource } from "../health/types";
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
  return [
    ...probes,
    ...nodes,
    ...twiceProblems(inventory.nodes),
    ...groupProblems(inventory),
    ...questionsProblems(inventory.reference?.questions, "reference", inventory),
  ];
}

function questionsProblems(name: string | undefined, path: string, { questions }: AgentInventory): Problem[] {
  if (name === undefined || Object.hasOwn(questions, name)) return [];
  const message = `got ${show(name)}; use a key of questions${didYouMean(name, Object.keys(questions))}`;
  return [{ path: `${path}.questions`, message, code: "QUESTIONS_UNKNOWN" }];
}

function nodeProblems(node: InventoryNode, path: string, inventory: AgentInventory): Problem[] {
  const unknown = node.processes.flatMap((process, index) =>
    questionsProblems(process.questions, `${path}.processes[${index}]`, inventory),
  );
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
  const checkpoint = checkpointMistakes(probe).map((mistake) => ({ ...mistake, path: `${path}.${mistake.path}` }));
  return [...forms, ...sources, ...circles, ...checkpoint];
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
