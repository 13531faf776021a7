import type { Head, HealthProbe, InventoryGuestProcess, Level } from "@chainkeep/core";
import type { AskTarget, ChainAsker } from "../contracts";
import { PointFault, Undecided } from "./findings";
import type { Guest } from "./guest";
import type { Exit } from "./guest-process";
import { type ProofTimes, pause } from "./proof-times";

export interface OpenGuest {
  readonly guest: Guest;
  readonly asker: ChainAsker;
  readonly questions: Readonly<Record<string, HealthProbe>>;
  readonly times: ProofTimes;
  readonly signal: AbortSignal;
  /** Height that the data should hold. */
  readonly expected: number;
}

/** Heads of a guest's processes, in their order. */
export type Heads = readonly Head[];

/**
 * Awaits that every client of the guest tells a height.
 *
 * @throws PointFault when a client ends by itself, or opens nothing in the time that it has
 */
export async function openGuest(at: OpenGuest, level: Level): Promise<Heads> {
  const { guest, times, expected, signal } = at;
  const started = performance.now();
  const passed = () => (performance.now() - started) / 1000;
  let height = -1;
  let since = 0;
  for (;;) {
    await noneEnded(guest, level);
    const answers = await askAll(at);
    const heads = answers.flatMap(({ head }) => (head ? [head] : []));
    const first = answers[0]?.head?.height ?? -1;
    if (heads.length === answers.length && first >= expected) return heads;
    if (first !== height) [height, since] = [first, passed()];
    // Some tell 0 while they are still reading.
    if (heads.length === answers.length && first > 0 && passed() - since >= times.settle) return heads;
    if (passed() > times.open) throw notOpened(at, level, answers);
    await pause(times.poll, signal);
  }
}

export function targetOf(process: InventoryGuestProcess, questions: OpenGuest["questions"]): AskTarget {
  const { probeUrl, basicAuthFile } = process;
  const asked = questions[process.questions];
  if (!asked) throw new Undecided("PROOF_QUESTIONS", `no questions called ${process.questions} for ${process.name}`);
  return { probeUrl, questions: asked, ...(basicAuthFile === undefined ? {} : { basicAuthFile }) };
}

async function askAll({ guest, asker, questions }: OpenGuest) {
  const ask = async (process: InventoryGuestProcess) => ({
    process,
    ...(await asker.head(targetOf(process, questions))),
  });
  return Promise.all(guest.of.processes.map(ask));
}

type Answers = Awaited<ReturnType<typeof askAll>>;

function notOpened({ times, expected }: OpenGuest, level: Level, answers: Answers): PointFault {
  const silent = answers.find(({ head }) => !head);
  const limit = `${Math.round(times.open)} s`;
  if (silent) {
    const why = silent.error === undefined ? "" : `: ${silent.error}`;
    return new PointFault(level, "OPENS_NO_HEAD", `${silent.process.name} tells no height within ${limit}${why}`);
  }
  const text = `${answers[0]?.process.name} begins at height 0 where the point holds ${expected}: it found no data that it knows`;
  return new PointFault(level, "OPENS_EMPTY", text);
}

/** @throws PointFault, or Undecided where something other than the data ended it */
export async function noneEnded(guest: Guest, level: Level): Promise<void> {
  const exit = await guest.ended();
  if (!exit) return;
  const last = exit.lines.filter((line) => line.trim() !== "" && !line.startsWith("--- ")).slice(-3);
  const text = `${exit.process} ${exit.how}${last.length > 0 ? `: ${last.join(" | ")}` : ""}`;
  const other = notTheData(exit);
  if (other) throw new Undecided(other, text);
  throw new PointFault(level, level === "opens" ? "OPENS_ENDED" : "PROGRESS_ENDED", text);
}

/** By a signal from outside (the system's, when memory is short), for want of a port, or of room. */
function notTheData({ signal, lines }: Exit): string | undefined {
  if (signal === "SIGKILL" || signal === "SIGTERM" || signal === "SIGINT" || signal === "SIGHUP") return "GUEST_KILLED";
  const said = lines.join("\n");
  if (/address already in use|EADDRINUSE/i.test(said)) return "GUEST_PORT";
  if (/no space left on device|ENOSPC|disk quota exceeded/i.test(said)) return "PROOF_NO_ROOM";
  if (/cannot allocate memory|out of memory/i.test(said)) return "GUEST_MEMORY";
  if (/too many open files|EMFILE/i.test(said)) return "GUEST_FILES_LIMIT";
  return undefined;
}
