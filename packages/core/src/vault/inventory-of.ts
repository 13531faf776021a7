import type { BackupPlan, LineagePlan, NodePlan, ProcessPlan } from "../cluster/types";
import type {
  InventoryGuestProcess,
  InventoryGuestStart,
  InventoryLineage,
  InventoryProcessVault,
  InventoryVault,
  ProcessControl,
} from "./inventory-types";

/** What only a target knows of the vault. */
export interface VaultPlace {
  /** Absolute path of the restic program. */
  readonly restic: string;
  readonly passwordFile: string;
  /** Directory of the agent's own files. */
  readonly directory: string;
  readonly control: (process: ProcessPlan) => ProcessControl;
  /** Directory of a guest, and how one of its processes is started. */
  readonly guestDirectory: (guest: string) => string;
  readonly guestStart: (process: ProcessPlan, mode: "offline" | "online") => InventoryGuestStart;
}

export function inventoryVault(backup: BackupPlan, at: VaultPlace): InventoryVault {
  const { name, policy, destination, copies } = backup.vault;
  const sources = backup.lineages.flatMap((l) => l.sources);
  return {
    name,
    policy,
    restic: at.restic,
    destination,
    copies,
    passwordFile: at.passwordFile,
    directory: at.directory,
    groups: [...new Set(sources.map((n) => n.group))].sort(),
    lineages: backup.lineages.map((lineage) => inventoryLineage(lineage, at)),
  };
}

function inventoryLineage({ id, nodes, sources, guest }: LineagePlan, at: VaultPlace): InventoryLineage {
  const names = (of: readonly NodePlan[]) => of.map((n) => n.name);
  const first = guest?.offline.processes ?? [];
  const second = guest?.online.processes ?? [];
  return {
    id,
    nodes: names(nodes),
    sources: names(sources),
    ...(guest
      ? {
          guest: {
            name: guest.name,
            directory: at.guestDirectory(guest.name),
            processes: first.map((process, i) => guestProcess(guest.offline, process, second[i] as ProcessPlan, at)),
          },
        }
      : {}),
  };
}

function guestProcess(
  node: NodePlan,
  offline: ProcessPlan,
  online: ProcessPlan,
  at: VaultPlace,
): InventoryGuestProcess {
  const { client } = offline;
  return {
    name: offline.name,
    layer: offline.layer,
    client: client.name,
    version: offline.version,
    home: offline.home,
    questions: client.name,
    probeUrl: `http://${node.address.host}:${offline.ports[client.health.port]}`,
    ...(client.health.basicAuthFile ? { basicAuthFile: `${offline.home}/${client.health.basicAuthFile}` } : {}),
    stopSignal: offline.stop.signal,
    graceSeconds: offline.stop.graceSeconds,
    offline: at.guestStart(offline, "offline"),
    online: at.guestStart(online, "online"),
  };
}

export function inventoryProcessVault(process: ProcessPlan, at: VaultPlace): InventoryProcessVault {
  const { client, home, stop } = process;
  return {
    home,
    dataPaths: client.dataPaths,
    keyPaths: client.keyPaths,
    ...(client.signingState === undefined ? {} : { signingState: client.signingState }),
    ...(client.freshSigningState === undefined || process.context.kind === "validator"
      ? {}
      : { freshSigningState: client.freshSigningState }),
    ...(client.migrations.length === 0 ? {} : { migrations: client.migrations }),
    engine: client.database.engine,
    graceSeconds: stop.graceSeconds,
    control: at.control(process),
  };
}
