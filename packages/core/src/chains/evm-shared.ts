import { isLoopback } from "./addresses";
import type { DatabaseTraits, Kind, OptionDefinition, PortDefinition, ProcessContext, ProtocolProblem } from "./types";

/** Public networks that every client here knows by name. */
export const ETHEREUM_NETWORKS: readonly string[] = ["mainnet", "sepolia", "hoodi"];

/** No client here is light: they left that out when proof of stake came. */
export const ETHEREUM_KINDS: readonly Kind[] = ["full", "archive", "mirror"];

/** Secret that the two halves of a node know; in the directory that they share. */
export const JWT_FILE = "jwt.hex";
export const JWT_KEY_PATH = `shared:${JWT_FILE}`;

/** Seconds for flushing an execution client's caches: cut short, the database is repaired or synced anew. */
export const EXECUTION_GRACE_SECONDS = 480;

/** Databases whose tables and flat files are written at different times. */
export function stopFirst(engine: string, note: string): DatabaseTraits {
  return { engine, consistency: "stop", note };
}

/** The same names in every execution client; metrics stay clear of what consensus clients use, for both share a pod. */
export function executionPorts(): readonly PortDefinition[] {
  return [
    { name: "p2p", port: 30303, transport: "both", exposure: "p2p" },
    { name: "rpc", port: 8545, transport: "tcp", exposure: "rpc" },
    { name: "ws", port: 8546, transport: "tcp", exposure: "rpc" },
    { name: "engine", port: 8551, transport: "tcp", exposure: "internal" },
    { name: "metrics", port: 6060, transport: "tcp", exposure: "metrics" },
  ];
}

export function portOf(ctx: ProcessContext, name: string): number {
  const port = ctx.ports[name];
  if (port === undefined) throw new Error(`node ${ctx.node} has no port named ${JSON.stringify(name)}`);
  return port;
}

/** Below the home, so that a client which insists on the mode of its directory may make it itself. */
export function dataDirectory(ctx: ProcessContext): string {
  return `${ctx.home}/data`;
}

export function jwtFile(ctx: ProcessContext): string {
  return `${ctx.shared}/${JWT_FILE}`;
}

/** Mirrors follow the chain and serve nobody. */
export function serves(ctx: ProcessContext): boolean {
  return ctx.kind !== "mirror";
}

/** The engine API stays on loopback wherever both halves of the node can meet there. */
export function engineListen(ctx: ProcessContext): string {
  if (!isLoopback(ctx.self)) return ctx.listen;
  return ctx.self === "localhost" ? "127.0.0.1" : ctx.self;
}

/**
 * Names by which a server may be asked. The list keeps a web page from asking a server on the visitor's own machine; in a
 * pod there is no such visitor, and names of Services come and go.
 */
export function allowedHosts(listen: string): readonly string[] {
  return isLoopback(listen) ? ["localhost", "127.0.0.1"] : ["*"];
}

/** As {@link allowedHosts}, for the engine API, which one process dials. */
export function engineHosts(ctx: ProcessContext): readonly string[] {
  return [...new Set(["localhost", "127.0.0.1", ctx.self])];
}

/** Address for peers outside; clients take numbers only. */
export function announcedIp(ctx: ProcessContext): string | undefined {
  const address = ctx.announce;
  if (address === undefined) return undefined;
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(address) || /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(address) ? address : undefined;
}

/** Enodes are the execution layer's, multiaddresses the consensus layer's: one list of peers serves both. */
export function executionPeers(ctx: ProcessContext): readonly string[] {
  return ctx.peers.filter((peer) => peer.startsWith("enode://"));
}

export function textOption(ctx: ProcessContext, name: string): string | undefined {
  const value = ctx.options[name];
  return typeof value === "string" ? value : undefined;
}

export function numberOption(ctx: ProcessContext, name: string): number | undefined {
  const value = ctx.options[name];
  return typeof value === "number" ? Math.trunc(value) : undefined;
}

/** `--flag=value`, or nothing when there is no value. */
export function flag(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`${name}=${value}`];
}

/** A problem when an option is set that means nothing, or something else, on such a node. */
export function refuseOption(
  ctx: ProcessContext,
  name: string,
  when: boolean,
  allowed: string,
): readonly ProtocolProblem[] {
  const got = ctx.options[name];
  if (!when || got === undefined) return [];
  return [{ path: `options.${name}`, got, allowed, fix: "remove it", code: "OPTION_KIND" }];
}

/** Namespaces that the health probe asks; always on. */
const ASKED = ["eth", "net", "web3"];
/** Namespaces that command a node, spend its time or read its memory: never where users ask. */
const UNSAFE = ["admin", "debug", "engine", "personal", "miner", "clique", "testing", "parity"];

/** Namespaces of the RPC port, in the client's order; what the user adds comes after what the probe needs. */
export function httpApi(ctx: ProcessContext): readonly string[] {
  return serves(ctx) ? [...new Set([...ASKED, ...asked(ctx)])] : ASKED;
}

function asked(ctx: ProcessContext): readonly string[] {
  const names = (textOption(ctx, "httpApi") ?? "").split(",").map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== "");
}

/** Options that all execution clients have, with the namespaces that this one adds to the usual three. */
export function executionOptions(namespaces: readonly string[]): Readonly<Record<string, OptionDefinition>> {
  return {
    maxPeers: {
      type: "number",
      min: 1,
      max: 1000,
      description: "Execution-layer peers at most. Fewer save traffic, more find blocks sooner. Default: the client's",
    },
    httpApi: {
      type: "string",
      description: `JSON-RPC namespaces beside eth, net and web3, comma-separated: ${namespaces.join(", ")}. Default: none`,
    },
  };
}

/** What a user may get wrong in settings that all execution clients share. */
export function executionProblems(ctx: ProcessContext, namespaces: readonly string[]): readonly ProtocolProblem[] {
  const known = [...ASKED, ...namespaces];
  const wrong = asked(ctx).filter((name) => !known.includes(name));
  const apis = wrong.map((name) => ({
    path: "options.httpApi",
    got: name,
    allowed: known.join(", "),
    fix: UNSAFE.includes(name)
      ? "remove it: it commands the node and is never served to users"
      : "remove it or use a namespace that this client has",
    code: UNSAFE.includes(name) ? "HTTP_API_UNSAFE" : "HTTP_API_UNKNOWN",
  }));
  const peers = ctx.peers
    .filter((peer) => !/^enode:\/\/[0-9a-f]{128}@[^\s,"]+:\d+/i.test(peer) && !/^\/[^\s,"]+$/.test(peer))
    .map((peer) => ({
      path: "peers",
      got: peer,
      allowed: '"enode://<128 hex digits>@<host>:<port>" for execution or "/ip4/.../tcp/.../p2p/..." for consensus',
      fix: "write it in one of the two notations",
      code: "PEER_FORM",
    }));
  return [...apis, ...peers];
}

/**
 * Methods that must not be sent twice. The prefixes are wide on purpose: a method that comes with the next release is
 * better not repeated.
 */
export const EVM_WRITES =
  "^(?:eth_(?:send|sign|submit|resend|fill)|personal_|admin_|miner_|engine_|clique_|testing_|parity_set|mev_|flashbots_|debug_(?:set|start|stop|write))";
