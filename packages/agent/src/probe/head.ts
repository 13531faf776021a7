import type { Head, HealthProbe, Reason, ValueSource } from "@chainkeep/core";
import { clean, type Failure } from "./failure";
import { readAs, type Value, valueAt } from "./values";

/** Answers by the name of their request; a missing one was optional and has failed. */
export type Answers = ReadonlyMap<string, unknown>;

export interface HeadContext {
  /** Unix milliseconds. */
  readonly now: number;
  readonly blockTimeSeconds: number;
}

/** So many times the blocks that fit between 1970 and now are no height of any chain. */
const FASTEST = 1000;

/** Makes a head of the answers, or says which of them is garbage. */
export function headOf(probe: HealthProbe, answers: Answers, context: HeadContext): Head | Failure {
  const read = new HeadReader(probe, answers);
  const { head: sources } = probe;
  const height = read.number("height", sources.height);
  const slot = sources.timestamp && "slot" in sources.timestamp ? sources.timestamp : undefined;
  const head = {
    height: height ?? 0,
    hash: read.text("hash", sources.hash, 128),
    timestamp: slot ? read.slotTime(slot) : read.number("timestamp", sources.timestamp as ValueSource | undefined),
    peers: read.number("peers", sources.peers),
    syncing: read.flag("syncing", sources.syncing),
    target: read.number("target", sources.target),
    finalizedHeight: read.number("finalizedHeight", sources.finalizedHeight),
    mempool: read.number("mempool", sources.mempool),
    chainId: read.text("chainId", sources.chainId, 128),
    version: read.text("version", sources.version, 200),
    genesis: read.text("genesis", sources.genesis, 128),
    faults: faultsOf(probe, read),
  };
  if (read.bad) return read.bad;
  if (height === undefined) return garbage(`${place(sources.height)} has no height`);
  const highest = (context.now / 1000 / context.blockTimeSeconds) * FASTEST;
  if (height > highest) return garbage(`${place(sources.height)} is ${height}: no chain is so high`);
  return Object.fromEntries(Object.entries(head).filter(([, value]) => value !== undefined)) as unknown as Head;
}

function faultsOf({ faults = [] }: HealthProbe, read: HeadReader): Reason[] {
  return faults
    .filter(({ value, code }) => {
      const found = read.value(code, value);
      return found !== undefined && found !== false && found !== 0 && found !== "";
    })
    .map(({ code, text }) => ({ code, text }));
}

/** Reads values and keeps the first that does not fit. */
class HeadReader {
  bad: Failure | undefined;

  constructor(
    private readonly probe: HealthProbe,
    private readonly answers: Answers,
  ) {}

  value(field: string, source: ValueSource | undefined): Value | undefined {
    if (source === undefined || !this.answers.has(source.from)) return undefined;
    const reading = readAs(valueAt(this.answers.get(source.from), source.path), source.as);
    if (reading === "absent") return undefined;
    if ("value" in reading) return reading.value;
    return this.misfit(source, `is ${reading.bad}, which is no ${field} (${source.as})`);
  }

  number(field: string, source: ValueSource | undefined): number | undefined {
    const value = this.value(field, source);
    if (value === undefined || typeof value === "number") return value;
    return this.misfit(source, `is no number, so no ${field}`);
  }

  flag(field: string, source: ValueSource | undefined): boolean | undefined {
    const value = this.value(field, source);
    if (value === undefined || typeof value === "boolean") return value;
    return this.misfit(source, `is neither true nor false, so no ${field}`);
  }

  text(field: string, source: ValueSource | undefined, limit: number): string | undefined {
    const value = this.value(field, source);
    return value === undefined ? undefined : clean(String(value), limit);
  }

  slotTime(source: { slot: ValueSource; genesisTime: ValueSource; secondsPerSlot: number }): number | undefined {
    const slot = this.number("slot", source.slot);
    const genesis = this.number("genesisTime", source.genesisTime);
    return slot === undefined || genesis === undefined ? undefined : genesis + slot * source.secondsPerSlot;
  }

  /** What an optional request answers is never held against the node. */
  private misfit(source: ValueSource | undefined, text: string): undefined {
    if (source === undefined || this.probe.requests[source.from]?.optional) return undefined;
    this.bad ??= garbage(`${place(source)} ${text}`);
    return undefined;
  }
}

function place({ from, path }: ValueSource): string {
  return path === "" ? `answer "${from}"` : `"${path}" of answer "${from}"`;
}

function garbage(text: string): Failure {
  return { kind: "garbage", text };
}
