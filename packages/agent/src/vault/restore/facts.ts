import { readFile, statfs } from "node:fs/promises";
import * as path from "node:path";
import {
  type InventoryNode,
  type InventoryProcessVault,
  type Problem,
  type RecoveryPoint,
  type RestoreFacts,
  signedHeightOf,
} from "@chainkeep/core";
import type { ChainFacts } from "./chain-facts";
import { foreignPlace, knowsConfiguration, placesOf, writtenFiles } from "./data-entries";
import { exists } from "./own-names";

/** Everything that core's guards ask for, as it is now. */
export async function factsOf(
  node: InventoryNode,
  lineage: string,
  point: RecoveryPoint,
  chain: ChainFacts,
  forceUnverified: boolean,
): Promise<RestoreFacts> {
  const { name, kind, processes } = node;
  return {
    point,
    node: {
      name,
      kind,
      lineage,
      processes: processes.map(({ name, layer, client, version, vault }) => {
        const { migrations = [] } = vault ?? {};
        return { name, layer, client, version, migrations };
      }),
    },
    live: { ...chain, freeBytes: await roomBeside(node), ...(await signingOf(node)) },
    forceUnverified,
  };
}

/** What only a look at the node's directories tells. */
export async function placeProblems(node: InventoryNode, point: RecoveryPoint): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { vault, layer, name } of node.processes) {
    if (!vault) continue;
    const lost = await lostFiles(vault);
    if (lost !== undefined) {
      const message = `got ${lost}, without which ${name} does not start; run pulumi up --refresh, which writes it anew, and restore then`;
      problems.push({ path: "node", message, code: "RESTORE_NO_FILES" });
    }
    const written = point.processes.find((p) => p.layer === layer)?.dataPaths ?? [];
    const foreign = await foreignPlace(vault.home, await placesOf(vault, written));
    if (foreign === undefined) continue;
    const message = `got ${foreign}, which is a link or on another disk than ${vault.home}: data that was restored beside it cannot take its place at once; have the whole home on one disk`;
    problems.push({ path: "node", message, code: "RESTORE_OTHER_DISK" });
  }
  return problems;
}

export async function placeWarnings(node: InventoryNode, point: RecoveryPoint): Promise<string[]> {
  const warnings: string[] = [];
  for (const { vault, name } of node.processes) {
    if (!vault) continue;
    if (!(await exists(vault.home))) {
      warnings.push(
        `${vault.home} is gone, and ${name}'s configuration with it: run pulumi up --refresh to write it anew`,
      );
    } else if (vault.dataPaths.includes("**") && point.node !== node.name && !(await knowsConfiguration(vault.home))) {
      warnings.push(
        `the whole home is data: configuration files come from ${point.node}; run pulumi up --refresh afterwards`,
      );
    }
  }
  return warnings;
}

/** What is gone of that which the target has written: a disk that was exchanged has neither data nor configuration. */
async function lostFiles(vault: InventoryProcessVault): Promise<string | undefined> {
  const { home, signingState } = vault;
  const written = (await writtenFiles(home)).filter((name) => name !== signingState);
  const there = await Promise.all(written.map((name) => exists(path.join(home, name))));
  const lost = written.filter((_, i) => !there[i]);
  return lost.length === 0 ? undefined : `no ${lost.join(", ")} in ${home}`;
}

/** What the node itself remembers of its signatures. Only validators sign. */
async function signingOf({ kind, processes }: InventoryNode) {
  const file = processes
    .flatMap(({ vault }) => (vault?.signingState ? [path.join(vault.home, vault.signingState)] : []))
    .at(0);
  if (kind !== "validator" || file === undefined) return { signedHeight: null, signingStateMissing: false };
  const text = await readFile(file, "utf8").catch(() => undefined);
  const height = text === undefined ? undefined : signedHeightOf(text);
  return { signedHeight: height ?? null, signingStateMissing: height === undefined };
}

/** Of the place with the least, in the nearest directory above that is there. */
export async function roomBeside({ processes }: InventoryNode): Promise<number | null> {
  const places = processes.flatMap(({ vault }) => (vault ? [vault.home] : []));
  const free = await Promise.all(places.map(freeAt));
  const known = free.filter((bytes) => bytes !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}

async function freeAt(place: string): Promise<number | undefined> {
  try {
    const { bsize, bavail } = await statfs(place);
    return bsize * bavail;
  } catch {
    const parent = path.dirname(place);
    return parent === place ? undefined : freeAt(parent);
  }
}
