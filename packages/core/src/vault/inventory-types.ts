import type { Layer, Migration } from "../chains/types";
import type { Destination, VaultPolicy } from "./spec";

/** What the agent must know of the vault: `vault` in agent.json. */
export interface InventoryVault {
  readonly name: string;
  readonly policy: VaultPolicy;
  /** Absolute path of the restic program. */
  readonly restic: string;
  readonly destination: Destination;
  readonly copies: Readonly<Record<string, Destination>>;
  /** Absolute path of the file with the repositories' password. */
  readonly passwordFile: string;
  /** Absolute directory of the agent's own files: journal, cache, evidence, reports, guests. */
  readonly directory: string;
  /** Groups whose nodes may be copied. */
  readonly groups: readonly string[];
  readonly lineages: readonly InventoryLineage[];
}

/** Nodes whose data fits each other, and how a copy of it is started in isolation. */
export interface InventoryLineage {
  readonly id: string;
  /** Nodes that a point of this lineage can be restored to. */
  readonly nodes: readonly string[];
  /** Nodes that points may be taken of, best first. */
  readonly sources: readonly string[];
  /** Absent where the target has no place for one: then points are proven up to `intact`. */
  readonly guest?: InventoryGuest;
}

/** A node that lives as long as a proof: same clients, no keys of anybody, ports and directories of its own. */
export interface InventoryGuest {
  readonly name: string;
  /** Absolute directory of the guest; wiped before and after. */
  readonly directory: string;
  readonly processes: readonly InventoryGuestProcess[];
}

export interface InventoryGuestProcess {
  readonly name: string;
  readonly layer: Layer;
  readonly client: string;
  readonly version: string;
  /** Directory that takes the place of the process's home; below the guest's. */
  readonly home: string;
  /** Key into `questions` of the inventory. */
  readonly questions: string;
  readonly probeUrl: string;
  readonly basicAuthFile?: string;
  readonly stopSignal: "SIGTERM" | "SIGINT";
  readonly graceSeconds: number;
  /** Without peers. */
  readonly offline: InventoryGuestStart;
  /** With the peers that any node of the cluster has. */
  readonly online: InventoryGuestStart;
}

export interface InventoryGuestStart {
  /** Executable and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Commands that run before it. */
  readonly prepare: readonly (readonly string[])[];
  /** File whose words are appended to the arguments. */
  readonly argsFile?: string;
  /** Absolute directory whose files are copied over the home before the start: configuration, genesis, a node key of the guest's own. */
  readonly files: string;
  /** The same for the directory that the node's processes share; absent where there is none. */
  readonly sharedFiles?: string;
  readonly shared?: string;
}

/** What the agent must know of a process to copy it: `vault` of a process in agent.json. */
export interface InventoryProcessVault {
  readonly home: string;
  /** Globs below the home that hold the chain's data. */
  readonly dataPaths: readonly string[];
  /** Globs below the home that hold secrets: never in a copy. */
  readonly keyPaths: readonly string[];
  /** File below the home that remembers what a validator has signed. */
  readonly signingState?: string;
  /** Its text before anything was signed; absent for nodes that sign. */
  readonly freshSigningState?: string;
  /** Versions from which the client keeps its data in another form. */
  readonly migrations?: readonly Migration[];
  readonly engine: string;
  readonly graceSeconds: number;
  /** Commands that stop and start the process and tell how it stands; each prints one line of JSON. */
  readonly control: ProcessControl;
}

/**
 * Commands of the target. `stop` prints `{"ended":"stopped"|"killed","seconds":n}`: killed when the process was still there at the end of its
 * grace. `start` prints `{"started":true}`; of a process that runs it does nothing. `state` prints `{"running":true|false}`. Exit code 0, or
 * another one with the reason on standard error.
 */
export interface ProcessControl {
  readonly stop: readonly string[];
  readonly start: readonly string[];
  readonly state: readonly string[];
}
