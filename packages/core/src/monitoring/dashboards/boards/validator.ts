import type { Board, Row, Variable } from "../model";
import { type Chosen, chosenBy } from "../select";
import type { BoardContext } from "./context";
import { graph, stat, table, target, timeline, unsignedBlocks } from "./parts";
import { turnedOff } from "./turned-off";

const VARIABLES: readonly Variable[] = ["stack", "network", "node"];
const TITLE = "Chainkeep / Validators";
const SAYS = "Do the validators sign, is each key on one node only, and how far is the chain from a halt?";

export function validatorBoard(context: BoardContext): Board {
  const { presets } = context;
  if (!presets.includes("validator") && !presets.includes("bft")) {
    return turnedOff("validator", TITLE, SAYS, ["stack", "network"], "validator");
  }
  const chosen = chosenBy(VARIABLES);
  return {
    id: "validator",
    title: TITLE,
    description: SAYS,
    variables: VARIABLES,
    range: "6h",
    rows: [signing(chosen, context), evidence(chosen), duties(chosen)],
  };
}

function signing(chosen: Chosen, { parameters }: BoardContext): Row {
  const signed = chosen("chain:validator_last_signed_height");
  const unsigned = `max by (stack, network, validator, node) (${unsignedBlocks(chosen)})`;
  const up = `count by (network) (${chosen("chain:up", 'role="validator"')} == 1) or 0 * max by (network) (${chosen("chain:quorum_size")})`;
  const keys = `count by (network, validator) (max by (network, validator, node) (${chosen("chain:validator_key_active")}) == 1)`;
  return {
    key: "signing",
    title: "Signing",
    panels: [
      graph(
        "unsigned",
        "Blocks since the last signature",
        "Blocks that the network is ahead of the last one which the validator signed.",
        "blocks",
        [target(unsigned, "{{node}}")],
        { decimals: 0, min: 0, limits: [{ alert: "ValidatorNotSigning", when: "above" }] },
      ),
      graph(
        "missed-row",
        "Misses in a row",
        "Blocks in a row that the validator has not signed.",
        "blocks",
        [target(`max by (validator) (${chosen("chain:validator_missed_consecutive")})`, "{{validator}}")],
        {
          decimals: 0,
          min: 0,
          empty: "until the first miss, and without a client or an exporter that counts",
          limits: [{ alert: "ValidatorMissedConsecutive", when: "above" }],
        },
      ),
      table(
        "validators",
        "Validators",
        "Each key of this stack: the node that signs with it, its voting power and the last block that it signed. Power 0 is outside of the set.",
        "text",
        [
          target(`max by (network, node, validator) (${chosen("chain:validator_power")})`, "power", {
            title: "Power",
            unit: "count",
            meanings: [{ value: 0, text: "0, outside of the set", mood: "warning" }],
          }),
          target(`max by (network, node, validator) (${signed})`, "signed", {
            title: "Last signed",
            unit: "blocks",
            decimals: 0,
          }),
        ],
        {
          width: 16,
          height: 7,
          labels: [
            { label: "network", title: "Network" },
            { label: "node", title: "Node" },
            { label: "validator", title: "Validator" },
          ],
          sortBy: { title: "Node" },
        },
      ),
      stat(
        "keys",
        "Nodes that sign with the key",
        "A key on two nodes signs two blocks of one height, and the chain punishes it. Nodes with a remote signer share one key rightly.",
        "number",
        [target(keys, "{{validator}}")],
        {
          width: 8,
          height: 7,
          meanings: [
            { value: 1, text: "one", mood: "good" },
            { from: 2, mood: "bad" },
          ],
        },
      ),
      ...(parameters.quorum === undefined
        ? []
        : [
            graph(
              "quorum",
              "Validators that are up, and those that are needed",
              "Blocks are made as long as at least the needed number of validators is up.",
              "number",
              [
                target(up, "{{network}} up"),
                target(`max by (network) (${chosen("chain:quorum_size")})`, "{{network}} needed"),
              ],
              { decimals: 0, min: 0, width: 24, height: 7 },
            ),
          ]),
    ],
  };
}

function evidence(chosen: Chosen): Row {
  return {
    key: "evidence",
    title: "Evidence",
    panels: [
      graph(
        "byzantine",
        "Validators with evidence against them",
        "Validators of the network that a block within the last quarter of an hour had evidence against.",
        "number",
        [target(`max by (network) (max_over_time(${chosen("chain:byzantine_validators")}[15m]))`, "{{network}}")],
        { width: 24, height: 6, decimals: 0, min: 0 },
      ),
    ],
  };
}

/** What no client of ours tells by itself. */
function duties(chosen: Chosen): Row {
  const empty = "without an exporter or a remote signer that tells it";
  const misses = chosen("chain:validator_missed_in_window");
  const per = (series: string) => `increase(${chosen(series)}[1h])`;
  return {
    key: "duties",
    title: "Duties (as exporters and remote signers tell them)",
    collapsed: true,
    panels: [
      graph(
        "slashing-window",
        "Share of the misses that are allowed",
        "Misses in the slashing window as a share of those at which the chain jails the validator.",
        "ratio",
        [
          target(
            `max by (validator) (${misses} / on (stack, network) group_left () (${chosen("chain:validator_allowed_misses")} > 0))`,
            "{{validator}}",
          ),
        ],
        {
          min: 0,
          empty,
          limits: [{ alert: "SlashingWindowBudget", when: "above" }],
        },
      ),
      timeline(
        "active",
        "In the set",
        "Whether the validator is in the set and not jailed.",
        "number",
        [target(`max by (validator) (${chosen("chain:validator_active")})`, "{{validator}}")],
        {
          width: 12,
          height: 8,
          empty,
          meanings: [
            { value: 0, text: "inactive", mood: "bad" },
            { value: 1, text: "active", mood: "good" },
          ],
        },
      ),
      timeline(
        "slashed",
        "Slashed",
        "Whether the chain has slashed the validator. Stop signing everywhere before anything else.",
        "number",
        [target(`max by (validator) (${chosen("chain:validator_slashed")})`, "{{validator}}")],
        {
          width: 12,
          empty,
          meanings: [
            { value: 0, text: "no", mood: "good" },
            { value: 1, text: "slashed", mood: "bad" },
          ],
        },
      ),
      graph(
        "attestations",
        "Attestations per hour",
        "Attestations that came into the chain within an hour, and those that did not.",
        "count",
        [
          target(per("chain:validator_attestation_hit_total"), "{{validator}} in the chain"),
          target(per("chain:validator_attestation_miss_total"), "{{validator}} missed"),
        ],
        { height: 6, min: 0, empty },
      ),
      graph(
        "refused",
        "Signatures refused by the guard",
        "Signatures within an hour that a guard refused because they would be slashed. Any is a second signer at work.",
        "number",
        [target(per("chain:slashing_protection_refused_total"), "{{node}}")],
        { height: 6, min: 0, decimals: 0, empty },
      ),
      graph(
        "signer",
        "Signatures that the remote signer failed to give",
        "Failures of the remote signer within five minutes.",
        "number",
        [target(`increase(${chosen("chain:signer_failures_total")}[5m])`, "{{node}}")],
        { height: 6, min: 0, decimals: 0, empty, limits: [{ alert: "SignerUnreachable", when: "above" }] },
      ),
    ],
  };
}
