import { ConfigError, type Problem, show } from "../errors/errors";
import { problemsOf } from "../errors/from-zod";
import { callProblems } from "./define-protocol-calls";
import { clientProblems, protocolProblems } from "./define-protocol-checks";
import { completed, type ProtocolInput } from "./define-protocol-input";
import { hasClientShape, hasProtocolShape, protocolKeysAt, protocolSchema } from "./define-protocol-schema";
import { KINDS, type ProtocolDefinition } from "./types";

/**
 * Teaches Chainkeep a chain of your own: which programs run it, how they are started and stopped, which questions tell
 * their head, and what of their data is secret. The result goes to `chain.definition` of a cluster and gives it everything
 * that a built-in protocol has: plans, health, balancing, alerts, backups.
 *
 * Everything is checked at once, also what fields say about each other, and every function is called with a sample context
 * for each kind and network. The definition is frozen: change the source instead.
 *
 * What to know before you change a definition that is in use:
 * - another `name`, network or client name makes other nodes with empty disks;
 * - `args`, `env`, `files`, `stop` and the release restart the nodes, one after another;
 * - `health`, `networks.*` limits and `rpc.writes` reach the agent without a restart of any node.
 *
 * @param input only what has no honest default: see {@link ProtocolInput}, {@link ClientInput} and {@link NetworkInput}
 * @returns the complete definition, frozen
 * @throws ConfigError with every problem: its path, what it got, what is allowed and a stable code
 * @example
 * ```ts
 * export const acme = defineProtocol({
 *   name: "acme",
 *   networks: { mainnet: { chainId: "acme-1", blockTimeSeconds: 5 } },
 *   clients: [
 *     {
 *       name: "acmed",
 *       kinds: ["full"],
 *       release: { version: "1.4.2", image: "ghcr.io/acme/acmed:v1.4.2", reviewed: "2026-11-24" },
 *       ports: [{ name: "rpc", port: 26657, transport: "tcp", exposure: "rpc" }],
 *       args: (ctx) => ["start", `--home=${ctx.home}`, `--rpc.laddr=tcp://${ctx.listen}:${ctx.ports.rpc}`],
 *       health: {
 *         port: "rpc",
 *         requests: { status: { get: "/status" } },
 *         head: {
 *           height: { from: "status", path: "sync_info.latest_block_height", as: "decimal" },
 *           timestamp: { from: "status", path: "sync_info.latest_block_time", as: "time" },
 *         },
 *         countsPeers: false,
 *       },
 *       sizing: { cpu: 2, memoryGiB: 4, diskGiB: 100, growthGiBPerMonth: 5 },
 *     },
 *   ],
 * });
 * ```
 * @see examples/local-own-chain
 */
export function defineProtocol(input: ProtocolInput): ProtocolDefinition {
  const problems = [...shapeProblems(input), ...furtherProblems(input)];
  if (problems.length > 0) {
    const name: unknown = (input as { name?: unknown } | undefined)?.name;
    throw new ConfigError(`protocol ${typeof name === "string" ? show(name) : "without a name"}`, problems);
  }
  return frozen(completed(input));
}

function shapeProblems(input: unknown): Problem[] {
  const parsed = protocolSchema.safeParse(input);
  if (parsed.success) return [];
  const problems = problemsOf(parsed.error, input, protocolKeysAt);
  return problems.map((p) => (p.path === "args" ? { ...p, path: "definition" } : p));
}

/** Goes as far as the shape is sound: one broken client hides nothing of another one. */
function furtherProblems(input: ProtocolInput): Problem[] {
  if (!hasProtocolShape(input)) return [];
  const clients: unknown = input.clients;
  if (!Array.isArray(clients)) return [];
  const sound = clients.map(hasClientShape);
  const protocol = completed({ ...input, clients: input.clients.filter((_, i) => sound[i]) });
  const whole = sound.every(Boolean);
  const kinds = whole ? protocol.kinds : (input.kinds ?? KINDS);
  const places = sound.flatMap((good, i) => (good ? [`clients[${i}]`] : []));
  return [
    ...(whole ? protocolProblems(protocol) : []),
    ...protocol.clients.flatMap((client, i) => {
      const place = places[i] ?? "clients";
      const found = clientProblems({ ...protocol, kinds }, client, place);
      // A port that is not there would show again as "undefined" in the arguments.
      return found.length > 0 ? found : callProblems(protocol, client, place);
    }),
  ];
}

/** A frozen copy: the caller's own objects stay as they are. */
function frozen<T>(value: T): T {
  if (Array.isArray(value)) return Object.freeze(value.map(frozen)) as T;
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, frozen(inner)]));
  return Object.freeze(copy) as T;
}
