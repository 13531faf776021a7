import type { Kind, Layer, Migration } from "../chains/types";
import { type Problem, show } from "../errors/errors";
import { isProvenTo } from "./levels";
import type { RecoveryPoint } from "./point";
import { compareVersions } from "./versions";

/** What a restore is about to do, and how things are. */
export interface RestoreFacts {
  readonly point: RecoveryPoint;
  readonly node: {
    readonly name: string;
    readonly kind: Kind;
    readonly lineage: string;
    readonly processes: readonly {
      readonly name: string;
      readonly layer: Layer;
      readonly client: string;
      readonly version: string;
      /** Versions from which the client keeps its data in another form. */
      readonly migrations?: readonly Migration[];
    }[];
  };
  readonly live: {
    /** As the node or its siblings tell; null where nobody does. */
    readonly chainId: string | null;
    readonly genesis: string | null;
    /** Height up to which the node itself has signed; null where it signs nothing. */
    readonly signedHeight: number | null;
    /** A validator whose signing state is not there. */
    readonly signingStateMissing: boolean;
    /** Room beside the node's data. */
    readonly freeBytes: number | null;
  };
  readonly forceUnverified: boolean;
}

/** Room that must be left beside the restored copy. */
const SPARE_BYTES = 64 * 1024 * 1024;
const SPARE_SHARE = 1.05;

/** Everything that speaks against a restore, at once. With a problem nothing is touched; a warning is told and no more. */
export function restoreProblems(facts: RestoreFacts): { readonly problems: Problem[]; readonly warnings: string[] } {
  const problems = [
    ...chainProblems(facts),
    ...clientProblems(facts),
    ...keyProblems(facts),
    ...signingProblems(facts),
    ...proofProblems(facts),
    ...roomProblems(facts),
  ];
  return { problems, warnings: warningsOf(facts) };
}

function chainProblems({ point, live }: RestoreFacts): Problem[] {
  const problems: Problem[] = [];
  if (point.chainId !== null && live.chainId !== null && point.chainId !== live.chainId) {
    const message = `got a point of chain ${show(point.chainId)}, and the network is ${show(live.chainId)}; choose a point of this chain`;
    problems.push({ path: "point.chainId", message, code: "RESTORE_CHAIN" });
  }
  if (point.genesis !== null && live.genesis !== null && point.genesis !== live.genesis) {
    const message = `got a point whose first block is ${point.genesis.slice(0, 16)}, and that of the network is ${live.genesis.slice(0, 16)}: another chain with the same id; choose a point of this chain`;
    problems.push({ path: "point.genesis", message, code: "RESTORE_GENESIS" });
  }
  return problems;
}

function clientProblems({ point, node }: RestoreFacts): Problem[] {
  if (point.lineage !== node.lineage) {
    const message = `got data of ${point.lineage}, and ${node.name} needs ${node.lineage}; choose a point of that lineage`;
    return [{ path: "point.lineage", message, code: "RESTORE_LINEAGE" }];
  }
  return node.processes.flatMap((process): Problem[] => {
    const written = point.processes.find((p) => p.layer === process.layer);
    const path = `point.processes.${process.layer}`;
    if (!written) {
      const message = `got a point without data of the ${process.layer} layer; choose a point of a whole node`;
      return [{ path, message, code: "RESTORE_LAYER" }];
    }
    if (written.client !== process.client) {
      const message = `got data of ${written.client}, and ${process.name} runs ${process.client}, which cannot read it; choose another point`;
      return [{ path: `${path}.client`, message, code: "RESTORE_CLIENT" }];
    }
    const order = compareVersions(process.version, written.version);
    if (order === undefined || order >= 0) return [];
    const message = `got data of ${written.client} ${written.version}, and ${process.name} runs the older ${process.version}, which may not read it; restore with ${written.version} or a later version`;
    return [{ path: `${path}.version`, message, code: "RESTORE_OLDER_CLIENT" }];
  });
}

function keyProblems({ point }: RestoreFacts): Problem[] {
  if (point.keys.filesSeen > 0) return [];
  const message = "got a point without a proof that no key is inside; take a new one with chainkeep backup";
  return [{ path: "point.keys", message, code: "RESTORE_KEYS" }];
}

function signingProblems({ point, node, live }: RestoreFacts): Problem[] {
  if (node.kind !== "validator") return [];
  if (live.signingStateMissing) {
    const message = `got validator ${node.name} without its signing state: with keys and without memory it could sign a height twice; bring the state back from the signer or the old disk first`;
    return [{ path: "node", message, code: "RESTORE_SIGNING_STATE" }];
  }
  if (point.signedHeight === null || live.signedHeight === null || point.signedHeight >= live.signedHeight) return [];
  const message = `got a point that remembers signatures up to height ${point.signedHeight}, and ${node.name} has signed up to ${live.signedHeight}: it would sign heights twice; choose a point without signing state`;
  return [{ path: "point.signedHeight", message, code: "RESTORE_SIGNING_STATE" }];
}

function proofProblems({ point, forceUnverified }: RestoreFacts): Problem[] {
  const { bad, level } = point.verification;
  if (forceUnverified) return [];
  if (bad) {
    const message = `got a point that failed its proof at ${bad.level}: ${bad.text}; choose another one, or give --force-unverified`;
    return [{ path: "point", message, code: "RESTORE_BAD_POINT" }];
  }
  if (isProvenTo(level, "opens")) return [];
  const reached = level === null ? "never proven" : `proven to ${level} only`;
  const message = `got a point that was ${reached}: nobody knows whether it opens; prove it with chainkeep verify ${point.id}, or give --force-unverified`;
  return [{ path: "point", message, code: "RESTORE_UNVERIFIED" }];
}

function roomProblems({ point, live }: RestoreFacts): Problem[] {
  if (live.freeBytes === null) return [];
  const needed = Math.ceil(point.sizeBytes * SPARE_SHARE) + SPARE_BYTES;
  if (live.freeBytes >= needed) return [];
  const message = `got ${gib(live.freeBytes)} free beside the node's data, and the copy needs ${gib(needed)}; make room, e.g. with chainkeep restore --discard-old`;
  return [{ path: "node", message, code: "RESTORE_NO_ROOM" }];
}

function gib(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

function warningsOf({ point, node, live, forceUnverified }: RestoreFacts): string[] {
  const warnings: string[] = [];
  const { bad } = point.verification;
  if (forceUnverified && bad) warnings.push(`the point failed its proof at ${bad.level}: ${bad.text}`);
  else if (forceUnverified && !isProvenTo(point.verification.level, "opens")) {
    warnings.push("nobody has ever opened this point");
  }
  if (point.consistency === "crash-consistent") {
    warnings.push(
      "the node was killed for this point: its client may have to repair the database, or set the chain back",
    );
  }
  if (node.kind === "validator" && live.signedHeight === 0) {
    warnings.push(
      `${node.name} remembers no signature at all; if it has ever signed, bring its signing state back before it starts`,
    );
  }
  for (const process of node.processes) {
    const written = point.processes.find((p) => p.layer === process.layer);
    if (written) warnings.push(...versionWarnings(process, written.version));
  }
  return warnings;
}

/** A newer client is right, but there may be no way back from what it makes of the data. */
function versionWarnings(
  { name, client, version, migrations = [] }: RestoreFacts["node"]["processes"][number],
  written: string,
): string[] {
  const order = compareVersions(version, written);
  if (order === undefined && version !== written) {
    return [
      `${name} runs ${client} ${version}, and nobody can tell whether that is older than ${written}, which wrote the data`,
    ];
  }
  if (order === undefined || order <= 0) return [];
  const crossed = migrations.filter(
    (m) => (compareVersions(m.version, written) ?? 0) > 0 && (compareVersions(version, m.version) ?? -1) >= 0,
  );
  if (crossed.length === 0) return [`${name} runs ${client} ${version}, and the data is of ${written}`];
  return crossed.map(({ version: since, oneWay, what }) => {
    const back = oneWay ? `, and there is no way back to ${written}` : "";
    return `${name} runs ${client} ${version} and changes data of ${written} to the form of ${since} (${what})${back}`;
  });
}
