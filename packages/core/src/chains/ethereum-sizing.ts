import type { Kind, Sizing } from "./types";

type Disk = Pick<Sizing, "diskGiB" | "growthGiBPerMonth">;

/** Disk of full nodes and mirrors, and of archives where they need more. */
export interface DiskTable {
  readonly full: Disk;
  readonly archive?: Disk;
}

/** Mainnet's figures; testnets get by with half of it. */
export interface Machine {
  readonly cpu: number;
  readonly memoryGiB: number;
  readonly archiveMemoryGiB?: number;
}

/** Room for about a year, and what is added in a month. */
export function disk(diskGiB: number, growthGiBPerMonth: number): Disk {
  return { diskGiB, growthGiBPerMonth };
}

/** Sizing of a client from its tables. Figures that operators published are rounded up; the others are estimates. */
export function sizingOf(
  machine: Machine,
  tables: Readonly<Record<"mainnet" | "sepolia" | "hoodi", DiskTable>>,
): (network: string, kind: Kind) => Sizing {
  return (network, kind) => {
    const archive = kind === "archive";
    const name = network === "sepolia" || network === "hoodi" ? network : "mainnet";
    const { full, archive: larger = full } = tables[name];
    const memory = archive ? (machine.archiveMemoryGiB ?? machine.memoryGiB) : machine.memoryGiB;
    const share = name === "mainnet" ? 1 : 0.5;
    return { cpu: machine.cpu * share, memoryGiB: memory * share, ...(archive ? larger : full) };
  };
}
