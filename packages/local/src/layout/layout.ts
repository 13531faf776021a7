import * as path from "node:path";
import type { TargetLayout } from "@chainkeep/core";
import type { HostPorts } from "./host-ports";

export const LOOPBACK = "127.0.0.1";

/** Everything on one host, on loopback, below one directory. */
export function localLayout(stateDir: string, ports: HostPorts): TargetLayout {
  return {
    name: "local",
    listen: LOOPBACK,
    self: LOOPBACK,
    host: () => LOOPBACK,
    home: (cluster, node, layer) => homeOf(stateDir, cluster, node, layer),
    sharedPorts: { from: ports.nodesFrom, to: ports.nodesTo },
  };
}

function homeOf(stateDir: string, cluster: string, node: string, layer: string | undefined): string {
  const base = path.join(stateDir, cluster, "nodes", node);
  if (layer === "node") return base;
  return path.join(base, layer ?? "shared");
}
