import { lstat, readdir } from "node:fs/promises";
import * as path from "node:path";
import { show } from "@chainkeep/core";
import { type JobContext, nodeOf, type VaultWorld } from "../contracts";
import { bytesBelow } from "../store/room";
import { VaultError } from "../vault-error";
import { isOldDirectory, removeTree } from "./own-names";

export interface Discarded {
  readonly node: string;
  readonly freedBytes: number;
  readonly directories: readonly string[];
}

/**
 * Deletes the data that restores of a node have put aside. Only while the node is ready on the new data, and never through a link.
 *
 * @throws VaultError DISCARD_NODE, DISCARD_NOT_READY
 */
export async function discardOld(world: VaultWorld, name: string, job: JobContext): Promise<Discarded> {
  const node = nodeOf(world.inventory(), name);
  if (!node) throw new VaultError("DISCARD_NODE", `got ${show(name)}, which is no node of this cluster`);
  if (!world.fleet().nodes.get(name)?.ready) {
    throw new VaultError("DISCARD_NOT_READY", `${name} is not ready; its old data stays until it is`);
  }
  job.step(`delete the old data of ${name}`);
  const directories: string[] = [];
  let freedBytes = 0;
  for (const home of node.processes.flatMap(({ vault }) => (vault ? [vault.home] : []))) {
    for (const entry of (await readdir(home).catch(() => [])).filter(isOldDirectory)) {
      const place = path.join(home, entry);
      if (!(await lstat(place)).isDirectory()) continue;
      freedBytes += (await bytesBelow(place)) ?? 0;
      await removeTree(place);
      directories.push(place);
    }
  }
  world.log("info", "old_data_discarded", { node: name, directories, freedBytes });
  return { node: name, freedBytes, directories };
}
