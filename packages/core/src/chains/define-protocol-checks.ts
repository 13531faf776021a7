import { type Problem, show } from "../errors/errors";
import { didYouMean } from "../errors/suggest";
import { checkpointMistakes } from "../health/placeholders";
import type { HealthProbe, ValueSource } from "../health/types";
import { matchesGlob } from "../vault/key-rules";
import {
  type ClientDefinition,
  KINDS,
  type MetricsSource,
  NATIVE_SERIES,
  type PortDefinition,
  type ProtocolDefinition,
} from "./types";

const LAYERS = ["node", "execution", "consensus"] as const;

/** What fields of a whole protocol say about each other. Its shape is sound and its defaults are filled in. */
export function protocolProblems(protocol: ProtocolDefinition): Problem[] {
  const needsDerive = protocol.needsSeed && !protocol.derive;
  const message = "missing although needsSeed is there; give the function that derives files";
  return [
    ...coverage(protocol),
    ...defaults(protocol),
    ...neighbours(protocol.clients),
    ...(needsDerive ? [problem("derive", message, "DERIVE_MISSING")] : []),
  ];
}

function problem(path: string, message: string, code: string): Problem {
  return { path, message, code };
}

function oneOf(values: readonly string[]): string {
  return [...new Set(values)].map((value) => JSON.stringify(value)).join(", ") || "nothing: there is none";
}

function unknown(path: string, got: string, known: readonly string[], code: string): Problem {
  return problem(path, `got ${show(got)}; use one of ${oneOf(known)}${didYouMean(got, known)}`, code);
}

/** Every kind and every network needs a program in each layer. */
function coverage({ kinds, networks, clients }: ProtocolDefinition): Problem[] {
  const layers = [...new Set(clients.map((client) => client.layer))];
  const lacking = (able: (client: ClientDefinition) => boolean) =>
    layers.filter((layer) => !clients.some((client) => client.layer === layer && able(client)));
  return [
    ...kinds.flatMap((kind, i) =>
      lacking((client) => client.kinds.includes(kind)).map((layer) =>
        problem(
          `kinds[${i}]`,
          `got ${show(kind)}, which no ${layer} client has; add it to a client or remove it`,
          "KIND_WITHOUT_CLIENT",
        ),
      ),
    ),
    ...Object.keys(networks).flatMap((network) =>
      lacking((client) => client.networks.includes(network)).map((layer) =>
        problem(
          `networks.${network}`,
          `no ${layer} client follows it; add it to a client or remove it`,
          "NETWORK_WITHOUT_CLIENT",
        ),
      ),
    ),
  ];
}

function defaults({ clients, defaults: chosen }: ProtocolDefinition): Problem[] {
  const keys: readonly string[] = [...LAYERS, ...KINDS];
  return Object.entries(chosen).flatMap(([key, name]) => {
    const path = `defaults.${key}`;
    if (!keys.includes(key))
      return [problem(path, `unknown key${didYouMean(key, keys)}; use a layer or a kind`, "UNKNOWN_KEY")];
    const client = clients.find((c) => c.name === name);
    if (!client)
      return [
        unknown(
          path,
          name,
          clients.map((c) => c.name),
          "DEFAULT_UNKNOWN",
        ),
      ];
    const fits = client.layer === key || client.kinds.some((kind) => kind === key);
    if (fits) return [];
    return [
      problem(
        path,
        `got ${show(name)}, a ${client.layer} client for ${client.kinds.join(", ")}; use one that fits`,
        "DEFAULT_UNFIT",
      ),
    ];
  });
}

/** What fields of one client say about each other and about the protocol. */
export function clientProblems(protocol: ProtocolDefinition, client: ClientDefinition, path: string): Problem[] {
  const networks = Object.keys(protocol.networks);
  const twin = protocol.clients.find((other) => other !== client && other.name === client.name);
  return [
    ...(twin ? [problem(`${path}.name`, `got ${show(client.name)} twice; use another name`, "CLIENT_DUPLICATE")] : []),
    ...client.kinds.flatMap((kind, i) =>
      protocol.kinds.includes(kind) ? [] : [unknown(`${path}.kinds[${i}]`, kind, protocol.kinds, "CLIENT_KIND")],
    ),
    ...client.networks.flatMap((network, i) =>
      networks.includes(network) ? [] : [unknown(`${path}.networks[${i}]`, network, networks, "CLIENT_NETWORK")],
    ),
    ...duplicatePorts(client.ports, path),
    ...portNames(client, path),
    ...keys(client, path),
    ...options(client, path),
    ...healthProblems(client.health, `${path}.health`),
    ...(client.metrics ? metricsProblems(client.metrics, `${path}.metrics`) : []),
  ];
}

function overlap(a: PortDefinition, b: PortDefinition): boolean {
  return a.port === b.port && (a.transport === b.transport || a.transport === "both" || b.transport === "both");
}

/** Programs of different layers stand side by side in one pod or on one machine: a number serves one of them. */
function neighbours(clients: readonly ClientDefinition[]): Problem[] {
  return clients.flatMap((client, i) =>
    client.ports.flatMap((port, k) => {
      const others = clients.slice(0, i).filter((other) => other.layer !== client.layer);
      const other = others.find(({ ports }) => ports.some((taken) => overlap(taken, port)));
      if (!other) return [];
      const message = `got ${port.port}, also used by ${show(other.name)} beside it; use a port of its own`;
      return [problem(`clients[${i}].ports[${k}].port`, message, "PORT_NEIGHBOUR")];
    }),
  );
}

function duplicatePorts(ports: readonly PortDefinition[], path: string): Problem[] {
  return ports.flatMap((port, i) => {
    const at = `${path}.ports[${i}]`;
    const before = ports.slice(0, i);
    if (before.some((other) => other.name === port.name)) {
      return [problem(`${at}.name`, `got ${show(port.name)} twice; use a name of its own`, "PORT_DUPLICATE")];
    }
    const clash = before.find((other) => overlap(other, port));
    if (!clash) return [];
    return [
      problem(
        `${at}.port`,
        `got ${port.port}, also used by ${show(clash.name)}; use a port of its own`,
        "PORT_DUPLICATE",
      ),
    ];
  });
}

function portNames({ ports, health, metrics, rpc }: ClientDefinition, path: string): Problem[] {
  const names = ports.map((port) => port.name);
  const wanted = [
    ["health.port", health.port, "HEALTH_PORT"],
    ["metrics.port", metrics?.port, "METRICS_PORT"],
    ["rpc.port", rpc?.port, "RPC_PORT"],
  ] as const;
  return wanted.flatMap(([field, name, code]) =>
    name === undefined || names.includes(name) ? [] : [unknown(`${path}.${field}`, name, names, code)],
  );
}

function keys(client: ClientDefinition, path: string): Problem[] {
  const { kinds, keyPaths, signingState } = client;
  if (signingState !== undefined && !keyPaths.some((glob) => matchesGlob(signingState, glob))) {
    const message = `got ${show(signingState)}, which keyPaths does not name; add it there, or a restore could bring an old one back`;
    return [problem(`${path}.signingState`, message, "SIGNING_STATE")];
  }
  if (!kinds.includes("validator") || keyPaths.length > 0) return [];
  const message =
    "got [] although validators hold keys; give globs of all keys and signing state, so that no backup holds them";
  return [problem(`${path}.keyPaths`, message, "KEY_PATHS_EMPTY")];
}

function options({ options: known = {} }: ClientDefinition, path: string): Problem[] {
  return Object.entries(known).flatMap(([name, { type, min, max, allowed }]) => {
    const at = `${path}.options.${name}`;
    if (min !== undefined && max !== undefined && min > max) {
      return [problem(`${at}.min`, `got ${min}, above max ${max}; use at most ${max}`, "OPTION_RANGE")];
    }
    if (type !== "number" && (min !== undefined || max !== undefined)) {
      return [problem(at, `got a range for a ${type}; use min and max with numbers only`, "OPTION_RANGE")];
    }
    return allowed && type !== "string"
      ? [problem(`${at}.allowed`, `got a list for a ${type}; use it with strings only`, "OPTION_RANGE")]
      : [];
  });
}

function metricsProblems({ series }: MetricsSource, path: string): Problem[] {
  return Object.keys(series)
    .filter((name) => !NATIVE_SERIES.some((known) => known === name))
    .map((name) => unknown(`${path}.series.${name}`, name, NATIVE_SERIES, "SERIES_UNKNOWN"));
}

function healthProblems(probe: HealthProbe, path: string): Problem[] {
  const { requests, head, faults = [] } = probe;
  const names = Object.keys(requests);
  const sources = [
    ...Object.entries(head).flatMap(([field, value]) => sourcesOf(`${path}.head.${field}`, value)),
    ...faults.map((fault, i) => [`${path}.faults[${i}].value`, fault.value] as const),
  ];
  return [
    ...names.flatMap((name) => requestProblems(requests, name, `${path}.requests.${name}`)),
    ...sources.flatMap(([at, source]) =>
      Object.hasOwn(requests, source.from) ? [] : [unknown(`${at}.from`, source.from, names, "VALUE_FROM")],
    ),
    ...(["height", "hash"] as const).flatMap((field) => roundProblems(requests, head, field, path)),
    ...checkpointMistakes(probe).map((mistake) => ({ ...mistake, path: `${path}.${mistake.path}` })),
  ];
}

function sourcesOf(path: string, value: HealthProbe["head"]["timestamp"]): (readonly [string, ValueSource])[] {
  if (value === undefined) return [];
  if (!("slot" in value)) return [[path, value]];
  return [
    [`${path}.slot`, value.slot],
    [`${path}.genesisTime`, value.genesisTime],
  ];
}

function requestProblems(requests: HealthProbe["requests"], name: string, path: string): Problem[] {
  const { rpc, get } = requests[name] ?? {};
  if ((rpc === undefined) !== (get === undefined)) return [];
  const got = rpc === undefined ? "neither rpc nor get" : "both rpc and get";
  return [problem(path, `got ${got}; use one of the two`, "REQUEST_FORM")];
}

/** A value that fills placeholders has to be known before the requests that hold them are sent. */
function roundProblems(
  requests: HealthProbe["requests"],
  head: HealthProbe["head"],
  field: "height" | "hash",
  path: string,
): Problem[] {
  const asked = requests[head[field]?.from ?? ""];
  const others = JSON.stringify(Object.values(requests));
  const used = field === "height" ? /\$(height|parent)/.test(others) : others.includes("$hash");
  if (!used) return [];
  if (head[field] === undefined) {
    return [
      problem(
        `${path}.head.${field}`,
        `missing although a request uses $${field}; say where the value is found`,
        "PLACEHOLDER_UNKNOWN",
      ),
    ];
  }
  if (asked === undefined || !/\$(hash|height|parent)/.test(JSON.stringify(asked))) return [];
  const message = `got a value from a request that itself waits for the head; use a request without placeholders while another one uses $${field}`;
  return [problem(`${path}.head.${field}.from`, message, "PLACEHOLDER_ROUND")];
}
