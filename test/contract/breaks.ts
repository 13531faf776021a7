import type { HealthArgs } from "@chainkeep/core";
import {
  type Accepts,
  alone,
  type Break,
  between,
  flag,
  HUGE,
  isLater,
  list,
  missing,
  nothing,
  ODD,
  object,
  type Path,
  put,
  text,
  unknownKeys,
  whole,
  written,
  wrongValues,
} from "./break-parts";
import { MONITORING_OBJECTS, MONITORING_PLACES, MONITORING_RECORDS, monitoringMeanings } from "./monitoring-breaks";
import type { Preset } from "./sound-args";

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
    ...MONITORING_PLACES,
    ...WITH_VAULT,
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
    [[...prefix, "bootstrap"], nothing],
    [[...prefix, "peers"], list],
    [[...prefix, "options"], object],
    [[...prefix, "options", option.name], range],
  ];
}

const PORTS = [
  "rpc",
  "agent",
  "prometheus",
  "alertmanager",
  "grafana",
  "nodeExporter",
  "nodesFrom",
  "nodesTo",
] as const;

const WITH_VAULT: [Path, Accepts][] = [
  [["backup"], object],
  [["backup", "vault"], nothing],
  [["backup", "groups"], (value) => Array.isArray(value) && value.length > 0],
];

const LOCAL_PLACES: [Path, Accepts][] = [
  [["seed"], (value) => value === HUGE || isLater(value)],
  [["stateDir"], text],
  [["purgeData"], flag],
  [["hostPorts"], object],
  ...PORTS.map((port): [Path, Accepts] => [["hostPorts", port], whole(1024, 65_535)]),
  [["hostPorts", "proof"], whole(1024, 65_520)],
];

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
      ["backup"],
      ...MONITORING_OBJECTS,
      ...(of.private ? [["privateNetwork"]] : []),
    ]),
    // A group may be called "constructor"; the others are no names.
    ...unknownKeys([["nodes"]], ["constructor", "then", "length", "cuont"]),
    ...unknownKeys(MONITORING_RECORDS),
    ...unknownKeys([[...prefix, "options"]]).map((b) => ({ ...b, alone: true })),
    put(["nodes"], {}),
    ...missing(["chain"], ["chain", "network"], ["nodes"], [...prefix, "kind"]),
    ...["Rpc", "-a", "a-", "a".repeat(25), "a_b", "ä"].map((name) => put(["nodes", name], { kind: "full" })),
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
    alone([...prefix, "bootstrap"], "newest-verified"),
    alone([...prefix, "peers"], ["sound:1", "line\nbreak"], told("peers[1]")),
    alone([...prefix, "peers"], [null], told("peers[0]")),
    alone([...prefix, "peers"], Array(101).fill("a:1"), told("peers")),
    ...monitoringMeanings(),
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
    alone(["hostPorts"], { proof: 26_650 }, "hostPorts.proof"),
    alone(["hostPorts"], { proof: 25_990 }, "hostPorts.proof"),
    alone(["backup"], {}, "backup.vault"),
    alone(["backup"], { vault: { vaultSpec: { policy: {}, destination: {} } } }, "backup.vault"),
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
    ...unknownKeys([[], ["chain"], ["health"], ["backup"], ...MONITORING_OBJECTS, ...MONITORING_RECORDS]),
    ...unknownKeys([["options"]]).map((b) => ({ ...b, alone: true })),
    ...missing(["chain"], ["chain", "network"], ["kind"]),
    put(["nodes"], { rpc: { kind: "full" } }),
    put(["count"], 2),
    ...meanings(of, []),
    ...localBreaks(needsSeed),
  ];
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
