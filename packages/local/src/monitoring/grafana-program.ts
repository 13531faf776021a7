import { existsSync, realpathSync } from "node:fs";
import * as path from "node:path";
import { reported } from "../layout/run-error";
import { hasBadOverride, locate } from "../tools/locate";
import { badOverride, grafanaWithoutHome } from "../tools/messages";
import { type Env, isExecutable } from "../tools/places";

/** Grafana of this machine: it needs its web pages and defaults beside the executable. */
export interface GrafanaProgram {
  readonly program: string;
  /** What Grafana calls its home path. */
  readonly home: string;
}

/**
 * Grafana, where this machine has one: in CHAINKEEP_GRAFANA, on PATH, or in the cache. Downloads nothing.
 *
 * @throws ConfigError when CHAINKEEP_GRAFANA names something that cannot serve
 */
export function findGrafana(env: Env = process.env): GrafanaProgram | undefined {
  return reported(() => {
    const located = locate("grafana", env);
    if (hasBadOverride(located, env)) throw badOverride(located);
    const { found } = located;
    if (found === undefined) return undefined;
    const grafana = grafanaAt(found.path);
    if (grafana === undefined && found.source === "env") throw grafanaWithoutHome(found.path);
    return grafana;
  });
}

/** Packages put an executable of Grafana's name on PATH that is a link or a script, and its home elsewhere. */
function grafanaAt(found: string): GrafanaProgram | undefined {
  const real = realpathSync(found);
  const above = path.dirname(path.dirname(real));
  const homes = [
    above,
    path.join(above, "share", "grafana"),
    ...(real.startsWith("/usr/") ? ["/usr/share/grafana"] : []),
  ];
  const home = homes.find(isHome);
  if (home === undefined) return undefined;
  const own = path.join(home, "bin", "grafana");
  return { program: isExecutable(own) ? own : found, home };
}

function isHome(directory: string): boolean {
  return ["public", path.join("conf", "defaults.ini")].every((name) => existsSync(path.join(directory, name)));
}
