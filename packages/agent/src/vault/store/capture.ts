import type { Capture, CaptureRequest, CaptureSource } from "../contracts";
import { VaultError } from "../vault-error";
import { expandGlobs } from "./data-globs";
import { Excludes } from "./excludes";
import { Gate } from "./gate";
import { markChanged } from "./mark-changed";
import { ProgressMeter } from "./progress-meter";
import type { Restic, ResticCall } from "./restic";
import { type ResticEnd, resticFailure } from "./restic-failure";
import type { ResticMessage } from "./restic-lines";
import type { SnapshotList } from "./snapshot-list";
import { hasTag, referenced, tagList } from "./snapshots";
import { joinSurveys, type Survey, survey } from "./survey";

/** See `markChanged`; Linux brings a page to the disk within 35 seconds unless it is told otherwise. */
const UNSURE_MS = 60_000;

/** Copies of data that is in use, and of data that stands still. */
export class DataCopier {
  /** When each warm pass began: what was written shortly before, or later, is not taken from it on trust. */
  readonly #began = new Map<string, number>();
  #distrusted = false;

  constructor(
    private readonly snapshots: SnapshotList,
    private readonly now: () => number,
  ) {}

  private get restic(): Restic {
    return this.snapshots.restic;
  }

  /** Something was damaged: the next copy takes nothing from an earlier one. */
  distrust(): void {
    this.#began.clear();
    this.#distrusted = true;
  }

  async warm(request: CaptureRequest): Promise<Capture> {
    const began = this.now();
    const parent = await this.#parent(request);
    const targets = await targetsOf(request.sources);
    const found = await surveyAll(request.sources, targets, parent.unsureFrom);
    await markChanged(found.recent);
    const excludes = await this.#excludes(request);
    try {
      const call = this.#call("warm", request, targets, trusted(parent, found), found, [excludes.file]);
      const summary = await this.#run({ ...call, gentle: true });
      const capture = captureOf(summary, (this.now() - began) / 1000);
      this.#began.set(capture.snapshot, began);
      return capture;
    } finally {
      await excludes.remove();
    }
  }

  async capture(request: CaptureRequest): Promise<Capture> {
    const parent = await this.#parent(request);
    const targets = await targetsOf(request.sources);
    // What is wrong with the data is found before anything is stopped.
    const found = await surveyAll(request.sources, targets, parent.unsureFrom);
    const from = trusted(parent, found);
    const excludes = await this.#excludes(request);
    try {
      const { onPrepared } = request;
      if (onPrepared === undefined) return await this.#still(request, from, found, excludes);
      return await this.#held(request, targets, from, found, excludes, onPrepared);
    } finally {
      await excludes.remove();
    }
  }

  /** The node stands still. */
  async #still(
    request: CaptureRequest,
    parent: string | undefined,
    found: Survey,
    { file }: Excludes,
    began = this.now(),
  ): Promise<Capture> {
    await markChanged(found.recent);
    const targets = await targetsOf(request.sources);
    const summary = await this.#run(this.#call("data", request, targets, parent, found, [file]));
    return captureOf(summary, (this.now() - began) / 1000);
  }

  /** The node runs; restic is started, and held up before it looks at the data. */
  async #held(
    request: CaptureRequest,
    targets: readonly string[],
    parent: string | undefined,
    found: Survey,
    excludes: Excludes,
    stopNode: () => Promise<void>,
  ): Promise<Capture> {
    const gate = await Gate.make(this.restic.options.temporary, request.attempt);
    if (gate === undefined) {
      await stopNode();
      return this.#still(request, parent, found, excludes);
    }
    const ender = new AbortController();
    const cancel = () => {
      ender.abort();
      void gate.close();
    };
    request.signal?.addEventListener("abort", cancel, { once: true });
    const call = this.#call("data", request, targets, parent, found, [excludes.file, gate.file]);
    const running = this.#run({ ...call, signal: ender.signal });
    let over = false;
    const ended = () => {
      over = true;
    };
    running.then(ended, ended);
    let began: number;
    try {
      if (request.signal?.aborted) cancel();
      if (!(await gate.reached(running))) await running;
      await stopNode();
      began = this.now();
      const same = sameList(await targetsOf(request.sources), targets);
      await markChanged(found.recent);
      if (same && !over) {
        await gate.open();
        return captureOf(await running, (this.now() - began) / 1000);
      }
    } finally {
      request.signal?.removeEventListener("abort", cancel);
      cancel();
      await running.catch(() => undefined);
    }
    // It has died while it waited, or there are other directories by now: once more, from the start.
    return this.#still(request, parent, found, excludes, began);
  }

  async #parent({ parent, cluster, node }: CaptureRequest): Promise<Parent> {
    const began = parent === undefined ? undefined : this.#began.get(parent);
    if (parent !== undefined && began !== undefined) return { id: parent, unsureFrom: began - UNSURE_MS };
    if (this.#distrusted) return { id: undefined, unsureFrom: Number.POSITIVE_INFINITY };
    const known = await this.snapshots.with(`cluster=${cluster}`, `node=${node}`);
    const kept = referenced(known);
    // Only what was copied of a node that stood still is taken on trust; passes of an agent that is gone are not.
    const sure = known.filter((snapshot) => hasTag(snapshot, "data") && kept.has(snapshot.id));
    const found = sure.findLast((snapshot) => parent === undefined || snapshot.id === parent);
    return { id: found?.id, unsureFrom: Number.POSITIVE_INFINITY };
  }

  #call(
    kind: "warm" | "data",
    { attempt, cluster, node, signal, onChild, onProgress }: CaptureRequest,
    targets: readonly string[],
    parent: string | undefined,
    { bytes }: Survey,
    excludeFiles: readonly string[],
  ): CopyCall {
    const meter = new ProgressMeter(onProgress, this.now);
    meter.update(0, bytes);
    const tags = tagList(kind, { cluster, node, attempt });
    const args = [
      "backup",
      "--json",
      "--no-scan",
      "--files-from-raw",
      "-",
      "--host",
      `${cluster}/${node}`,
      "--tag",
      tags,
    ];
    const from = parent === undefined ? ["--force"] : ["--parent", parent];
    return {
      args: [...args, ...from, ...excludeFiles.flatMap((file) => ["--exclude-file", file])],
      input: Buffer.from(targets.map((target) => `${target}\0`).join("")),
      accepts: [0, 3],
      lenient: kind === "warm",
      onMessage: ({ message_type: type, bytes_done: done = 0 }) => {
        if (type === "status") meter.update(Math.min(done, bytes), bytes);
        if (type === "summary") meter.update(bytes, bytes);
      },
      ...(signal ? { signal } : {}),
      ...(onChild ? { onChild } : {}),
    };
  }

  async #run({ lenient, ...call }: CopyCall): Promise<ResticMessage> {
    let summary: ResticMessage | undefined;
    const { end } = await this.restic.run({
      ...call,
      onMessage: (message) => {
        if (message.message_type === "summary") summary = message;
        call.onMessage?.(message);
      },
    });
    // restic leaves out what it cannot find, and calls that a success.
    const missing = end.said.find((line) => line.includes("does not exist, skipping"));
    if (missing !== undefined && !lenient) throw new VaultError("STORE_READ", missing);
    if (end.code !== 0 && !lenient && !isComplete(end)) throw resticFailure(end);
    if (summary?.snapshot_id === undefined) throw new VaultError("STORE_FAILED", "restic backup made no snapshot");
    this.#distrusted = false;
    return summary;
  }

  #excludes({ attempt, sources }: CaptureRequest): Promise<Excludes> {
    return Excludes.write(this.restic.options.temporary, attempt, sources);
  }
}

/** With it, what cannot be read is no error. */
type CopyCall = ResticCall & { readonly lenient: boolean };

/** Whether the copy is whole although restic calls it incomplete: something of its parent was missing, and was read once more. */
function isComplete({ said }: ResticEnd): boolean {
  const AGAIN = /storing the file again|the repository could be damaged/;
  return said.every((line) => AGAIN.test(line) || line.startsWith("Warning: at least one source file"));
}

interface Parent {
  readonly id: string | undefined;
  /** Files that have changed since are read whatever else is known of them; unix milliseconds. */
  readonly unsureFrom: number;
}

function trusted({ id }: Parent, found: Survey): string | undefined {
  return found.foreign ? undefined : id;
}

async function targetsOf(sources: readonly CaptureSource[]): Promise<string[]> {
  return (await Promise.all(sources.map(({ home, dataPaths }) => expandGlobs(home, dataPaths)))).flat();
}

async function surveyAll(
  sources: readonly CaptureSource[],
  targets: readonly string[],
  since: number,
): Promise<Survey> {
  const parts: Survey[] = [];
  for (const { process, home } of sources) {
    const own = targets.filter((target) => target === home || target.startsWith(`${home}/`));
    const part = await survey(home, own, since);
    const [link] = part.strayLinks;
    if (link !== undefined) {
      const why = "which a copy would not hold; use a directory, or mount the other disk there";
      throw new VaultError("CAPTURE_LINK", `${link.path}: a link to ${link.to}, ${why}`);
    }
    if (part.files === 0) {
      throw new VaultError("CAPTURE_EMPTY", `${process}: no file of its data is below ${home}; nothing was copied`);
    }
    parts.push(part);
  }
  return joinSurveys(parts);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function captureOf(summary: ResticMessage, seconds: number): Capture {
  return {
    snapshot: summary.snapshot_id ?? "",
    files: summary.total_files_processed ?? 0,
    bytes: summary.total_bytes_processed ?? 0,
    addedBytes: summary.data_added_packed ?? 0,
    changedBytes: summary.data_added ?? 0,
    seconds,
  };
}
