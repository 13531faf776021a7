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
    guest: {
      home: (cluster, guest, layer) => below(path.join(vaultDirOf(stateDir, cluster), "guests", guest), layer),
      from: ports.proof,
    },
    sharedPorts: { from: ports.nodesFrom, to: ports.nodesTo },
  };
}

/** Directory of what the agent keeps for the vault: journal, evidence, reports, guests. */
export function vaultDirOf(stateDir: string, cluster: string): string {
  return path.join(stateDir, cluster, "vault");
}

function homeOf(stateDir: string, cluster: string, node: string, layer: string | undefined): string {
  return below(path.join(stateDir, cluster, "nodes", node), layer);
}

/** A process has a directory of its own, unless it is all there is of its node. */
function below(base: string, layer: string | undefined): string {
  return layer === "node" ? base : path.join(base, layer ?? "shared");
}
