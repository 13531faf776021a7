import { z } from "zod";
import { KINDS } from "../chains/types";
import { show } from "../errors/errors";
import { between, choice, encode, flag, objectOf, text, whole, words } from "../errors/fields";
import { monitoringSchema } from "../monitoring/schema";
import { backupSchema } from "../vault/schema";

export const clusterName = text(
  /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
  "1 to 40 lower-case letters, digits and dashes, starting with a letter, ending with a letter or digit",
  "NAME_FORM",
);

export const groupName = text(
  /^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$/,
  "a group name of 1 to 24 lower-case letters, digits and dashes, starting with a letter",
  "GROUP_NAME",
);

export const chainSchema = z.strictObject(
  {
    protocol: words("a protocol's name", "PROTOCOL_NAME").optional(),
    definition: z
      .custom<object>((value) => typeof value === "object" && value !== null, {
        error: () =>
          encode("got something that is no protocol; use the result of defineProtocol", "PROTOCOL_DEFINITION"),
      })
      .optional(),
    network: words("a network's name", "NETWORK_NAME"),
    client: words("a client's name", "CLIENT_NAME").optional(),
    execution: words("an execution client's name", "CLIENT_NAME").optional(),
    consensus: words("a consensus client's name", "CLIENT_NAME").optional(),
  },
  objectOf('an object like { protocol: "ethereum", network: "mainnet" }', "CHAIN_MISSING"),
);

const optionValue = z.union([z.string(), z.number(), z.boolean()], {
  error: (issue) => encode(`got ${show(issue.input)}; use a text, number or boolean`, "OPTION_VALUE"),
});

export const groupSchema = z.strictObject(
  {
    kind: choice(KINDS, "KIND_UNKNOWN"),
    count: whole(1, 200, "COUNT_RANGE").optional(),
    servesRpc: flag("SERVES_RPC").optional(),
    peers: z
      .array(
        words("a peer address in the client's notation", "PEER_FORM"),
        objectOf("a list of peer addresses", "PEERS_FORM"),
      )
      .max(100, { error: () => encode("got too many; use at most 100 peers", "PEERS_COUNT") })
      .optional(),
    bootstrap: choice(["sync", "newest-verified"], "BOOTSTRAP").optional(),
    options: z.record(z.string(), optionValue, objectOf("an object of client settings", "OPTIONS_FORM")).optional(),
  },
  objectOf('an object like { kind: "full", count: 3 }', "GROUP_FORM"),
);

const GENESIS_TIME = 'an RFC 3339 time in UTC like "2025-01-01T00:00:00Z"';

/** Whether the calendar has the day: JavaScript reads 31 February as 3 March, clients refuse it. */
function isDay(time: string): boolean {
  const day = time.slice(0, 10);
  return Number.isNaN(Date.parse(day)) || new Date(day).toISOString().startsWith(day);
}

export const privateNetworkSchema = z.strictObject(
  {
    chainId: text(/^[A-Za-z0-9][A-Za-z0-9-]{0,49}$/, "1 to 50 letters, digits and dashes", "CHAIN_ID_FORM").optional(),
    genesisTime: text(
      /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?Z$/,
      GENESIS_TIME,
      "GENESIS_TIME_FORM",
    )
      .refine(isDay, {
        error: (issue) => encode(`got ${show(issue.input)}; use ${GENESIS_TIME}`, "GENESIS_TIME_FORM"),
      })
      .optional(),
    blockTimeSeconds: between(0.2, 60, "BLOCK_TIME_RANGE").optional(),
    genesisValidators: whole(1, 200, "GENESIS_VALIDATORS_RANGE").optional(),
  },
  objectOf("an object of private network settings", "PRIVATE_NETWORK_FORM"),
);

export const healthSchema = z.strictObject(
  {
    probeIntervalSeconds: between(1, 300, "PROBE_INTERVAL_RANGE").optional(),
    probeTimeoutMs: whole(100, 60_000, "PROBE_TIMEOUT_RANGE").optional(),
    maxHeadAgeSeconds: between(1, 604_800, "HEAD_AGE_RANGE").optional(),
    maxLagBlocks: whole(0, 1_000_000, "LAG_RANGE").optional(),
    minPeers: whole(0, 1000, "MIN_PEERS_RANGE").optional(),
    progressSeconds: between(5, 604_800, "PROGRESS_RANGE").optional(),
    catchUpSeconds: between(5, 31_536_000, "CATCH_UP_RANGE").optional(),
    silenceSeconds: between(1, 604_800, "SILENCE_RANGE").optional(),
  },
  objectOf("an object of health limits", "HEALTH_FORM"),
);

export const budgetSchema = z.strictObject(
  { monthlyUsd: between(1, 1_000_000_000, "BUDGET_RANGE") },
  objectOf("an object like { monthlyUsd: 1500 }", "BUDGET_FORM"),
);

export const clusterSchema = z.strictObject(
  {
    chain: chainSchema,
    nodes: z
      .record(groupName, groupSchema, objectOf("groups of nodes by name", "NODES_FORM"))
      .refine((groups) => Object.keys(groups).length > 0, {
        error: () => encode('got {}; use at least one group, e.g. { rpc: { kind: "full" } }', "NODES_EMPTY"),
      }),
    privateNetwork: privateNetworkSchema.optional(),
    health: healthSchema.optional(),
    monitoring: monitoringSchema.optional(),
    backup: backupSchema.optional(),
    budget: budgetSchema.optional(),
  },
  objectOf("an object with chain and nodes", "ARGS_FORM"),
);
