import { type Command, InvalidArgumentError, Option } from "commander";
import { points } from "./commands/points";
import { restore } from "./commands/restore";
import { backup, drill, promote, verify } from "./commands/vault-jobs";
import type { Context } from "./context";

/** What the command line gives to a part of its commands. */
export interface Commands {
  readonly sub: (name: string, description: string) => Command;
  readonly choose: (action: (context: Context) => Promise<number>) => void;
  /** Options that say which cluster is meant. */
  readonly place: () => readonly Option[];
}

const LEVELS = ["exists", "intact", "opens", "chain", "progresses"];

/** Commands that work with a cluster's vault, through its agent. */
export function vaultCommands({ sub, choose, place }: Commands): void {
  const placed = (command: Command) => {
    for (const option of place()) command.addOption(option);
    return command.option("--json", "print JSON");
  };
  placed(
    sub(
      "points",
      "list recovery points, the newest first. Exit code: 0 one was opened by its client, 1 none was, 3 no answer",
    ),
  ).action((options) => choose((context) => points(options, context)));
  placed(
    sub("backup", "take a recovery point now: copy, stop the node for the rest, start it again").argument(
      "[node]",
      "node to copy; the best one otherwise, mirrors first",
    ),
  ).action((node, options) => choose((context) => backup(node, options, context)));
  placed(
    sub(
      "verify",
      "prove a recovery point by starting a client from it, in isolation. Exit code: 0 it holds, 1 it is bad or not decided",
    )
      .argument("[point]", "id of the point; the newest one that is not proven otherwise")
      .addOption(new Option("--level <level>", "how far; the vault's own level otherwise").choices(LEVELS)),
  ).action((point, options) => choose((context) => verify(point, options, context)));
  placed(
    sub(
      "drill",
      "carry out a restore in isolation and measure it against the objectives. Exit code: 0 they are met, 1 they are not",
    )
      .argument("[point]", "id of the point; the one that a restore would take otherwise")
      .option("--from <place>", '"vault", or the name of a copy, e.g. offsite'),
  ).action((point, options) => choose((context) => drill(point, options, context)));
  placed(
    sub(
      "restore",
      "bring a node's data back from a recovery point: shows what will happen, asks, and keeps the old data. Exit code: 0 the node is ready, 1 refused or failed",
    )
      .argument("<node>", "node that gets the data")
      .option("--point <id>", "this point")
      .option("--newest-verified", "the newest point that a client has opened (default)")
      .addOption(new Option("--at-height <height>", "the highest verified point at or below it").argParser(height))
      .option("--force-unverified", "take a point that was never opened, or failed its proof")
      .option("--plan", "show what would happen, and end")
      .option("--yes", "do not ask")
      .option("--discard-old", "delete the data that an earlier restore has put aside"),
  ).action((node, options) => choose((context) => restore(node, options, context)));
  placed(
    sub("promote", "let a mirror serve users, from the next request on")
      .argument("<mirror>", "node of kind mirror")
      .option("--undo", "take it out again"),
  ).action((node, options) => choose((context) => promote(node, options, context)));
}

function height(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Use a whole number.");
}
