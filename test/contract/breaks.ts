import type { HealthArgs } from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import type { Preset } from "./sound-args";

type Path = readonly string[];

/** One thing that is wrong: what is put where, and the path by which it must be told. */
export interface Break {
  readonly at: Path;
  readonly told: string;
  /** What is put there; made anew for each case. Absent: the place is emptied. */
  readonly put?: () => unknown;
  /** Holds only where everything else is sound: it is what one arg means for another one. */
  readonly alone?: boolean;
}

const HUGE = "x".repeat(100_000);

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
const ODD: readonly (() => unknown)[] = [
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
function sampleOf(make: () => unknown): unknown {
  if (!samples.has(make)) samples.set(make, make());
  return samples.get(make);
}

/** Keys that nobody knows: typing errors, inherited names, and texts that would break a line. */
const ODD_KEYS = [
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

type Accepts = (value: unknown) => boolean;

const whole = (min: number, max: number): Accepts => {
  return (value) => typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
};
const between = (min: number, max: number): Accepts => {
  return (value) => typeof value === "number" && value >= min && value <= max;
};
const flag: Accepts = (value) => typeof value === "boolean";
const text: Accepts = (value) => value === "3" || value === "true";
const nothing: Accepts = () => false;
/** A plain object is sound in itself; what is wrong inside of it has a path of its own. */
const object: Accepts = (value) =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
const list: Accepts = (value) => Array.isArray(value) && (value.length === 0 || typeof value[0] === "object");

const HEALTH: Readonly<Record<keyof HealthArgs, Accepts>> = {
  probeIntervalSeconds: between(1, 300),
  probeTimeoutMs: whole(100, 60_000),
  maxHeadAgeSeconds: between(1, 604_800),
  maxLagBlocks: whole(0, 1_000_000),
  minPeers: whole(0, 1000),
  progressSeconds: between(5, 604_800),
  catchUpSeconds: between(5, 31_536_000),
  silenceSeconds: between(1, 604_800),
};

/** What a place takes, for every place that has a value of its own. */
function places(of: Preset, privately: boolean): [Path, Accepts][] {
  const one = <T extends object>(at: string, fields: T): [Path, Accepts][] =>
    Object.entries(fields).map(([key, accepts]) => [[at, key], accepts as Accepts]);
  return [
    [["chain"], object],
    [["chain", "network"], nothing],
    [["chain", "client"], nothing],
    [["chain", "execution"], nothing],
    [["chain", "consensus"], nothing],
    ...(of.chain.definition ? [[["chain", "definition"], nothing] as [Path, Accepts]] : []),
    ...(of.chain.protocol ? [[["chain", "protocol"], nothing] as [Path, Accepts]] : []),
    [["health"], object],
    ...one("health", HEALTH),
    [["monitoring"], object],
    ...one("monitoring", {
      enabled: flag,
      scrapeIntervalSeconds: whole(1, 300),
      retentionDays: whole(1, 3650),
      alerts: object,
    }),
    [["monitoring", "alerts", "NodeDown"], object],
    [["monitoring", "alerts", "NodeDown", "enabled"], flag],
    [["monitoring", "alerts", "NodeDown", "forSeconds"], whole(0, 604_800)],
    [["monitoring", "alerts", "NodeDown", "severity"], nothing],
    [["privateNetwork"], privately ? object : nothing],
    ...(privately
      ? one("privateNetwork", {
          chainId: text,
          genesisTime: nothing,
          blockTimeSeconds: between(0.2, 60),
          genesisValidators: whole(1, 200),
        })
      : []),
  ];
}

function groupPlaces(prefix: Path, { option }: Preset, counted: boolean): [Path, Accepts][] {
  const range: Accepts = (value) => typeof value === "number" && value >= option.min && value <= option.max;
  return [
    [[...prefix, "kind"], nothing],
    ...(counted ? [[[...prefix, "count"], whole(1, 200)] as [Path, Accepts]] : []),
    [[...prefix, "servesRpc"], flag],
    [[...prefix, "peers"], list],
    [[...prefix, "options"], object],
    [[...prefix, "options", option.name], range],
  ];
}

const PORTS = ["rpc", "agent", "prometheus", "alertmanager", "nodesFrom", "nodesTo"] as const;

const LOCAL_PLACES: [Path, Accepts][] = [
  [["seed"], (value) => value === HUGE || isInput(value)],
  [["stateDir"], text],
  [["purgeData"], flag],
  [["hostPorts"], object],
  ...PORTS.map((port): [Path, Accepts] => [["hostPorts", port], whole(1024, 65_535)]),
];

function isInput(value: unknown): boolean {
  try {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
  } catch {
    return false;
  }
}

/** As the errors write it; kept apart from their code on purpose. */
export function written(path: Path): string {
  return path.reduce((told, key) => {
    const short = key.length > 76 ? `"${"x".repeat(76)}...` : JSON.stringify(key);
    if (!/^[A-Za-z_][\w-]*$/.test(key) || key.length > 60) return `${told}[${short}]`;
    return told === "" ? key : `${told}.${key}`;
  }, "");
}

const wrongValues = (all: readonly [Path, Accepts][]): Break[] =>
  all.flatMap(([at, accepts]) =>
    ODD.filter((make) => !accepts(sampleOf(make))).map((put) => {
      // Names, settings and the kind of network are judged by what the rest of the chain says.
      const named = at[0] === "chain" && typeof sampleOf(put) === "string";
      const judged = named || at.includes("options") || (at[0] === "privateNetwork" && at.length === 1);
      return { at, told: written(at), put, ...(judged ? { alone: true } : {}) };
    }),
  );

const unknownKeys = (objects: readonly Path[], known: readonly string[] = []): Break[] =>
  objects.flatMap((path) =>
    ODD_KEYS.filter((key) => !known.includes(key)).map((key) => {
      const at = [...path, key];
      return { at, told: written(at), put: () => 1 };
    }),
  );

const missing = (...paths: Path[]): Break[] => paths.map((at) => ({ at, told: written(at) }));

const put = (at: Path, value: unknown, told = written(at)): Break => ({ at, told, put: () => value });
const alone = (at: Path, value: unknown, told = written(at)): Break => ({ ...put(at, value, told), alone: true });

/** Whatever can be wrong with a cluster of this preset; `group` is one of its groups. */
export function clusterBreaks(of: Preset, group: string): Break[] {
  const prefix = ["nodes", group];
  return [
    ...wrongValues([
      ...places(of, of.private),
      ...groupPlaces(prefix, of, true),
      [["nodes"], object],
      [prefix, object],
    ]),
    ...unknownKeys([
      [],
      ["chain"],
      prefix,
      ["health"],
      ["monitoring"],
      ["monitoring", "alerts", "NodeDown"],
      ...(of.private ? [["privateNetwork"]] : []),
    ]),
    // A group may be called "constructor"; the others are no names.
    ...unknownKeys([["nodes"]], ["constructor", "then", "length", "cuont"]),
    ...unknownKeys([["monitoring", "alerts"]]),
    ...unknownKeys([[...prefix, "options"]]).map((b) => ({ ...b, alone: true })),
    put(["nodes"], {}),
    ...missing(["chain"], ["chain", "network"], ["nodes"], [...prefix, "kind"]),
    ...["Rpc", "-a", "a-", "a".repeat(25), "a_b", "ä"].map((name) => put(["nodes", name], { kind: "full" })),
    put(["monitoring", "alerts", "NodeDwn"], {}),
    ...meanings(of, prefix),
  ];
}

/** Sound in itself, and wrong beside the rest. */
function meanings(of: Preset, prefix: Path): Break[] {
  const told = (rest: string) => (prefix.length === 0 ? rest : `${written(prefix)}.${rest}`);
  const other = of.chain.protocol === "ethereum" ? "client" : "execution";
  return [
    alone(["chain", "network"], "mainet"),
    alone(["chain", "network"], "constructor"),
    alone(["chain", other], "geth"),
    alone(["chain", of.chain.execution ? "consensus" : "client"], "gethh"),
    alone([...prefix, "kind"], of.lacks ?? "sentinel"),
    alone([...prefix, "options", of.foreignOption], 5000),
    alone([...prefix, "options", of.option.name], of.option.max + 1),
    alone([...prefix, "options", of.option.name], of.option.min - 1),
    alone([...prefix, "options", of.option.name], true),
    alone([...prefix, "peers"], ["sound:1", "line\nbreak"], told("peers[1]")),
    alone([...prefix, "peers"], [null], told("peers[0]")),
    alone([...prefix, "peers"], Array(101).fill("a:1"), told("peers")),
    alone(["health"], { probeIntervalSeconds: 2, probeTimeoutMs: 2000 }, "health.probeTimeoutMs"),
    alone(["health"], { probeTimeoutMs: of.private ? 2000 : 15_000 }, "health.probeTimeoutMs"),
    ...(of.private
      ? [
          alone(["privateNetwork", "genesisValidators"], 200),
          alone(["privateNetwork", "genesisTime"], "2025-02-30T00:00:00Z"),
        ]
      : [alone(["privateNetwork"], {})]),
    ...(of.chain.definition
      ? [
          alone(["chain", "protocol"], "ethereum"),
          alone(["chain", "definition"], { name: "x", networks: {}, clients: [], kinds: [], defaults: {} }),
          alone(["chain", "definition"], { ...of.chain.definition, clients: [{ name: "x" }] }),
          alone(["chain", "definition"], { ...of.chain.definition, networks: null }),
        ]
      : [alone(["chain", "protocol"], "etherum"), alone(["chain", "protocol"], "__proto__")]),
  ];
}

function localBreaks(needsSeed: boolean): Break[] {
  return [
    ...wrongValues(LOCAL_PLACES),
    ...unknownKeys([["hostPorts"]]),
    put(["seed"], "thirty-one characters are short"),
    ...(needsSeed ? missing(["seed"]).map((b) => ({ ...b, alone: true })) : []),
    alone(["hostPorts"], { rpc: 26_700, agent: 26_700 }, "hostPorts.agent"),
    alone(["hostPorts"], { prometheus: 26_693 }, "hostPorts.alertmanager"),
    alone(["hostPorts"], { rpc: 20_000 }, "hostPorts.rpc"),
    alone(["hostPorts"], { nodesFrom: 22_000, nodesTo: 22_014 }, "hostPorts.nodesTo"),
    alone(["hostPorts"], { nodesFrom: 25_000, nodesTo: 24_000 }, "hostPorts.nodesTo"),
  ];
}

export function nodeClusterBreaks(of: Preset, group: string, needsSeed: boolean): Break[] {
  const crowd = { kind: of.kinds[0], count: 200 };
  return [
    ...clusterBreaks(of, group),
    ...localBreaks(needsSeed),
    alone(["nodes"], { ...of.always, a: crowd, b: crowd }, "nodes"),
  ];
}

/** A single node has its group's fields beside the others. */
export function nodeBreaks(of: Preset, needsSeed: boolean): Break[] {
  return [
    ...wrongValues([...places(of, of.private), ...groupPlaces([], of, false)]),
    ...unknownKeys([[], ["chain"], ["health"], ["monitoring"], ["monitoring", "alerts"]]),
    ...unknownKeys([["options"]]).map((b) => ({ ...b, alone: true })),
    ...missing(["chain"], ["chain", "network"], ["kind"]),
    put(["nodes"], { rpc: { kind: "full" } }),
    put(["count"], 2),
    ...meanings(of, []),
    ...localBreaks(needsSeed),
  ];
}

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
  if (!Object.hasOwn(holder, key)) holder[key] = {};
  return holder[key] as Record<string, unknown>;
}

function clone(value: unknown, key = ""): unknown {
  if (key === "definition" || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => clone(inner));
  return Object.fromEntries(Object.entries(value).map(([k, inner]) => [k, clone(inner, k)]));
}

/** What can be given instead of args. */
export const NO_ARGS: readonly (() => unknown)[] = [() => undefined, ...ODD.filter((make) => !object(make()))];
/** What can be given instead of a name. */
export const NO_NAMES: readonly (() => unknown)[] = [
  () => undefined,
  () => "Eth",
  () => "-a",
  () => "a-",
  () => "a".repeat(41),
  ...ODD.filter((make) => make() !== "true"),
];
