import type { Meaning, Row } from "../model";
import type { Chosen } from "../select";
import { graph, noneIsGood, stat, target, timeline } from "./parts";

const FAILED_HELD: readonly Meaning[] = [
  { value: 0, text: "failed", mood: "bad" },
  { value: 1, text: "held", mood: "good" },
];

/** What was found when recovery points, and the store that holds them, were looked at; and what taking them costs. */
export function proofs(chosen: Chosen): Row {
  const of = (series: string) => `max by (vault) (${chosen(series)})`;
  return {
    key: "proofs",
    title: "Proofs",
    panels: [
      timeline(
        "results",
        "Last proof, drill and look over the store",
        "A proof restores a recovery point into isolation, a drill does so as an operator would and waits for the head of the network, and each day a seventh of the store is read and held against its checksums.",
        "number",
        [
          target(of("chain:backup_last_verification_status"), "{{vault}} proof"),
          target(of("chain:backup_last_drill_status"), "{{vault}} drill"),
          target(of("chain:backup_last_check_status"), "{{vault}} store"),
        ],
        { height: 6, empty: "until the first of each", meanings: FAILED_HELD },
      ),
      stat(
        "bad",
        "Bad recovery points",
        "Recovery points that failed their proof and are still kept. They are never chosen for a restore by themselves.",
        "number",
        [target(of("chain:backup_bad_points"), "{{vault}}")],
        { width: 6, height: 8, empty: "until the agent has read the vault", meanings: noneIsGood("bad") },
      ),
      graph(
        "downtime",
        "Standstill for a backup",
        "How long the node stood still for the newest recovery point.",
        "seconds",
        [target(of("chain:backup_downtime_seconds"), "{{vault}}")],
        { width: 9, min: 0, empty: "until the first recovery point has been taken" },
      ),
      graph(
        "store",
        "Room that the vault takes",
        "Bytes in the vault's destination. It grows with each recovery point and falls when old ones are deleted.",
        "bytes",
        [target(of("chain:backup_store_bytes"), "{{vault}}")],
        { width: 9, min: 0, empty: "for destinations that do not tell" },
      ),
    ],
  };
}

/** Mirrors: what is there when everything else is lost. */
export function liveCopies(chosen: Chosen): Row {
  const of = (series: string) => `max by (network, node) (${chosen(series)})`;
  const empty = "for clusters without a node of kind mirror";
  return {
    key: "live-copies",
    title: "Live copies",
    collapsed: true,
    panels: [
      graph(
        "mirror-seconds",
        "Age of what a mirror has",
        "Time since the network passed the height of each mirror: so much would be lost if everything else were gone now.",
        "seconds",
        [target(of("chain:mirror_lag_seconds"), "{{node}}")],
        { min: 0, empty, limits: [{ alert: "MirrorBehind", when: "above" }] },
      ),
      graph(
        "mirror-blocks",
        "Blocks that a mirror is behind",
        "How many blocks the network has that each mirror has not.",
        "blocks",
        [target(of("chain:mirror_lag_blocks"), "{{node}}")],
        { min: 0, decimals: 0, empty },
      ),
    ],
  };
}
