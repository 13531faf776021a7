import { type Problem, show } from "../errors/errors";
import { pathText } from "../errors/from-zod";
import { didYouMean } from "../errors/suggest";
import { OWN_JOBS } from "./scrape-jobs";
import { isText, items, record } from "./shapes";

const AT = ["monitoring", "scrape"] as const;

/** Jobs that are called like ours, ports that do not exist, and expressions that Prometheus would refuse. */
export function scrapeProblems(scrape: unknown): Problem[] {
  return Object.entries(record(scrape)).flatMap(([name, value]) => {
    const { targets, drop } = record(value);
    return [
      ...nameProblems(name),
      ...items(targets).flatMap((target, i) =>
        targetProblems([...AT, name, "targets", i], target, items(targets).indexOf(target)),
      ),
      ...dropProblems([...AT, name, "drop"], drop),
    ];
  });
}

/** Nodes that are not in the cluster. */
export function scrapeNodeProblems(scrape: unknown, nodes: readonly string[]): Problem[] {
  return Object.entries(record(scrape)).flatMap(([name, value]) => {
    const { node } = record(value);
    if (!isText(node) || node === "" || nodes.includes(node)) return [];
    const shown = nodes.length > 12 ? `${nodes.slice(0, 12).join(", ")}, ...` : nodes.join(", ");
    const message = `got ${show(node)}, which is no node of this cluster${didYouMean(node, nodes)}; use one of ${shown}`;
    return [{ path: pathText([...AT, name, "node"]), message, code: "SCRAPE_NODE_UNKNOWN" }];
  });
}

type Path = readonly (string | number)[];

function nameProblems(name: string): Problem[] {
  if (!OWN_JOBS.some((prefix) => name.startsWith(prefix))) return [];
  const message = `got ${show(name)}, but jobs of our own are called so; use a name that does not begin with ${OWN_JOBS.join(" or ")}`;
  return [{ path: pathText([...AT, name]), message, code: "SCRAPE_JOB_OURS" }];
}

function targetProblems(path: Path, target: unknown, firstAt: number): Problem[] {
  const port = isText(target) ? /:(\d{1,5})$/.exec(target)?.[1] : undefined;
  if (port === undefined) return [];
  if (Number(port) < 1 || Number(port) > 65_535) {
    return [
      { path: pathText(path), message: `got ${show(target)}; use a port from 1 to 65535`, code: "SCRAPE_TARGET" },
    ];
  }
  if (firstAt === path[path.length - 1]) return [];
  return [{ path: pathText(path), message: `got ${show(target)} a second time; remove it`, code: "SCRAPE_TARGET" }];
}

function dropProblems(path: Path, drop: unknown): Problem[] {
  const why = isText(drop) && drop !== "" ? wrongExpression(drop) : undefined;
  if (why === undefined) return [];
  const message = `got ${show(drop)}, which is no regular expression of Prometheus: ${why}; use one like "go_.*|process_.*"`;
  return [{ path: pathText(path), message, code: "SCRAPE_DROP" }];
}

/** Prometheus takes RE2, which has flags in front and no looking around. */
function wrongExpression(pattern: string): string | undefined {
  if (/\(\?<?[=!]/.test(pattern)) return "it cannot look ahead or behind";
  if (/\\[1-9]/.test(pattern)) return "it cannot refer back to a group";
  try {
    new RegExp(pattern.replace(/^\(\?[imsU]+\)/, ""));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : String(error);
  }
}
