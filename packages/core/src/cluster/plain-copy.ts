import { kindOf, type Problem, show } from "../errors/errors";
import { pathText, unknownKey } from "../errors/from-zod";

/** Deeper than any args of ours; deeper data would end in an overflow of the stack. */
const DEEPEST = 20;

export interface PlainCopy<T> {
  readonly value: T;
  /** What could not be copied; it is left out of the copy. */
  readonly problems: readonly Problem[];
}

/**
 * Copy of args that is plain data all through: read once, without getters, classes and circles. What decides which resources
 * exist must be known at once, so an Output or a promise has no place in it, and a Map would be taken for an empty object.
 *
 * @param opaque dotted paths whose values are taken as they are: definitions, Inputs of resources
 */
export function plainCopy<T>(args: T, opaque: readonly string[] = []): PlainCopy<T> {
  const problems: Problem[] = [];
  const add = (path: Path, message: string, code: string) =>
    problems.push({ path: pathText(path) || "args", message, code });
  const value = copyOf(args, [], { opaque: new Set(opaque), above: new Set(), add });
  return { value: value as T, problems };
}

type Path = readonly PropertyKey[];

interface Walk {
  readonly opaque: ReadonlySet<string>;
  /** Objects that hold the one at hand. */
  readonly above: Set<object>;
  readonly add: (path: Path, message: string, code: string) => void;
}

function copyOf(value: unknown, path: Path, walk: Walk): unknown {
  const held = typeof value === "object" || typeof value === "function" || typeof value === "symbol";
  if (!held || value === null || walk.opaque.has(pathText(path))) return value;
  const kind = typeof value === "object" ? kindOf(value) : show(value);
  if (kind !== undefined) {
    walk.add(path, `got ${kind}; use plain data: objects, lists, texts, numbers, true and false`, "NOT_PLAIN");
    return undefined;
  }
  if (typeof value !== "object" || walk.above.has(value) || path.length > DEEPEST) {
    walk.add(path, "got data that contains itself or is nested too deeply; use plain data", "NOT_PLAIN");
    return undefined;
  }
  walk.above.add(value);
  const copy = Array.isArray(value) ? listOf(value, path, walk) : objectOf(value, path, walk);
  walk.above.delete(value);
  return copy;
}

function listOf(list: readonly unknown[], path: Path, walk: Walk): unknown[] {
  return Array.from({ length: list.length }, (_, i) => read(list, i, path, walk));
}

function objectOf(value: object, path: Path, walk: Walk): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    // Schemas pass over this one in silence, and writing it would change what the copy is.
    if (key === "__proto__") walk.add([...path, key], unknownKey(key, []), "UNKNOWN_KEY");
    else copy[key] = read(value, key, path, walk);
  }
  return copy;
}

function read(from: object, key: PropertyKey, path: Path, walk: Walk): unknown {
  const at = [...path, key];
  let value: unknown;
  try {
    value = (from as Record<PropertyKey, unknown>)[key];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    walk.add(at, `got a property that cannot be read (${show(why)}); use a plain value`, "NOT_PLAIN");
    return undefined;
  }
  return copyOf(value, at, walk);
}
