import * as pulumi from "@pulumi/pulumi";

export type Path = readonly string[];

/** One thing that is wrong: what is put where, and the path by which it must be told. */
export interface Break {
  readonly at: Path;
  readonly told: string;
  /** What is put there; made anew for each case. Absent: the place is emptied. */
  readonly put?: () => unknown;
  /** Holds only where everything else is sound: it is what one arg means for another one. */
  readonly alone?: boolean;
}

export const HUGE = "x".repeat(100_000);

function circle(): object {
  const value: Record<string, unknown> = { kind: "full" };
  value.again = value;
  return value;
}

function circularList(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

function deep(): unknown {
  let value: unknown = 1;
  for (let i = 0; i < 50_000; i++) value = [value];
  return value;
}

const unreadable = () =>
  new Proxy(
    {},
    {
      get: () => {
        throw new Error("not\ntoday");
      },
    },
  );

/** Values of every type that JavaScript has, and some that only look like one. */
export const ODD: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => false,
  () => 0,
  () => -1,
  () => 1.5,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => Number.NEGATIVE_INFINITY,
  () => Number.MAX_VALUE,
  () => 2 ** 53,
  () => "",
  () => "3",
  () => "true",
  () => "line\nbreak",
  () => "nul\u0000",
  () => HUGE,
  () => 10n,
  () => Symbol("line\nbreak"),
  () => () => "source\ncode",
  () => [],
  () => [null],
  () => ({}),
  () => new Date(0),
  () => new Map([["count", 1]]),
  () => new Set([1]),
  () => /x/,
  () => Object(3),
  () => circularList(),
  () => circle(),
  () => deep(),
  () => unreadable(),
  () => Promise.resolve(3),
  () => pulumi.output(3),
  () => pulumi.secret({ kind: "full" }),
];

const samples = new Map<() => unknown, unknown>();

/** A value to look at; making some of them takes its time. */
export function sampleOf(make: () => unknown): unknown {
  if (!samples.has(make)) samples.set(make, make());
  return samples.get(make);
}

/** Keys that nobody knows: typing errors, inherited names, and texts that would break a line. */
export const ODD_KEYS = [
  "cuont",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "then",
  "length",
  "",
  " ",
  "0",
  "ключ",
  "a.b",
  "line\nbreak",
  "nul\u0000",
  HUGE,
];

export type Accepts = (value: unknown) => boolean;

export const whole = (min: number, max: number): Accepts => {
  return (value) => typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
};
export const between = (min: number, max: number): Accepts => {
  return (value) => typeof value === "number" && value >= min && value <= max;
};
export const flag: Accepts = (value) => typeof value === "boolean";
export const text: Accepts = (value) => value === "3" || value === "true";
export const nothing: Accepts = () => false;
/** A value that is not known yet: it is not looked into. */
export function isLater(value: unknown): boolean {
  try {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
  } catch {
    return false;
  }
}

/** A plain object is sound in itself; what is wrong inside of it has a path of its own. */
export const object: Accepts = (value) =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
export const list: Accepts = (value) => Array.isArray(value) && (value.length === 0 || typeof value[0] === "object");

/** As the errors write it; kept apart from their code on purpose. */
export function written(path: Path): string {
  return path.reduce((told, key) => {
    const short = key.length > 76 ? `"${"x".repeat(76)}...` : JSON.stringify(key);
    if (!/^[A-Za-z_][\w-]*$/.test(key) || key.length > 60) return `${told}[${short}]`;
    return told === "" ? key : `${told}.${key}`;
  }, "");
}

export const wrongValues = (all: readonly [Path, Accepts][]): Break[] =>
  all.flatMap(([at, accepts]) =>
    ODD.filter((make) => !accepts(sampleOf(make))).map((put) => {
      // Names, settings and the kind of network are judged by what the rest of the chain says.
      const named = at[0] === "chain" && typeof sampleOf(put) === "string";
      const judged = named || at.includes("options") || (at[0] === "privateNetwork" && at.length === 1);
      return { at, told: written(at), put, ...(judged ? { alone: true } : {}) };
    }),
  );

export const unknownKeys = (objects: readonly Path[], known: readonly string[] = []): Break[] =>
  objects.flatMap((path) =>
    ODD_KEYS.filter((key) => !known.includes(key)).map((key) => {
      const at = [...path, key];
      return { at, told: written(at), put: () => 1 };
    }),
  );

export const missing = (...paths: Path[]): Break[] => paths.map((at) => ({ at, told: written(at) }));

export const put = (at: Path, value: unknown, told = written(at)): Break => ({ at, told, put: () => value });
export const alone = (at: Path, value: unknown, told = written(at)): Break => ({
  ...put(at, value, told),
  alone: true,
});

/** Breaks that do not stand in each other's way: the first one, then those in other places. */
export function together(all: readonly Break[], picks: readonly number[]): Break[] {
  const chosen: Break[] = [];
  for (const pick of picks) {
    const next = all[pick % all.length] as Break;
    const first = chosen[0];
    if (first && (first.alone || next.alone)) continue;
    if (chosen.every((b) => !within(b.at, next.at) && !within(next.at, b.at))) chosen.push(next);
  }
  return chosen;
}

function within(inner: Path, outer: Path): boolean {
  return outer.every((key, i) => inner[i] === key);
}

/** A copy of the args in which the breaks are. */
export function broken<T>(args: T, breaks: readonly Break[]): T {
  const copy = clone(args) as Record<string, unknown>;
  for (const { at, put: make } of breaks) {
    const last = at[at.length - 1] as string;
    const parent = at.slice(0, -1).reduce((holder, key) => childOf(holder, key), copy);
    if (make)
      Object.defineProperty(parent, last, { value: make(), enumerable: true, configurable: true, writable: true });
    else delete parent[last];
  }
  return copy as T;
}

function childOf(holder: Record<string, unknown>, key: string): Record<string, unknown> {
  // Some places take a word or an object, e.g. receivers and "none".
  if (!Object.hasOwn(holder, key) || typeof holder[key] !== "object") holder[key] = {};
  return holder[key] as Record<string, unknown>;
}

function clone(value: unknown, key = ""): unknown {
  if (key === "definition" || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => clone(inner));
  return Object.fromEntries(Object.entries(value).map(([k, inner]) => [k, clone(inner, k)]));
}
