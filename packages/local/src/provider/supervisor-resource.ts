import { mkdir, rm, stat } from "node:fs/promises";
import * as path from "node:path";
import {
  type DaemonRecord,
  isDaemonAlive,
  liveDaemon,
  readRecord,
  startDaemon,
  stopDaemon,
  writeRecord,
} from "../supervisor/daemon";
import { withLock } from "../supervisor/file-lock";
import { quote } from "../supervisor/launch";
import { socketHasHome, socketPathOf, statePaths, supervisorIdOf } from "../supervisor/paths";
import { fileProblem, LocalError } from "../supervisor/problem";
import { diffOf, failures, GONE, newClaim, type ResourceHandler } from "./resource-handler";
import { absolutePath, anyText, objectProblems, optional } from "./rules";
import { plainObject, type Raw, UNKNOWN, UNKNOWN_TEXT } from "./wire";

const RULES = {
  stateDir: absolutePath,
  binary: absolutePath,
  socket: optional(anyText),
  supervisorId: optional(anyText),
  attachCommand: optional(anyText),
};

/** Checked inputs, computed ones included. */
interface SupervisorProps {
  readonly stateDir: string;
  readonly binary: string;
  readonly socket: string;
  readonly claim?: string;
}

export const supervisorHandler: ResourceHandler = {
  async check(olds, news) {
    const problems = objectProblems(plainObject(news), RULES);
    return { inputs: withComputed(olds, news), failures: failures(problems, news) };
  },

  async diff(olds, news) {
    const [before, after] = [plainObject(olds), plainObject(news)];
    const changed = Object.keys(RULES).filter((key) => before[key] !== after[key]);
    // Its processes are replaced while the old one still lives, so that it can stop them.
    return diffOf(changed, ["stateDir"], false);
  },

  async create(inputs) {
    const props = propsOf(inputs);
    const claim = newClaim();
    await ensureRunning(props, claim);
    return { id: supervisorIdOf(props.stateDir), outs: { ...inputs, claim } };
  },

  async read(id, props) {
    const { stateDir, socket } = propsOf(props);
    const record = await readRecord(stateDir);
    const there = record !== undefined && record.socket === socket && (await isDaemonAlive(record));
    return there ? { id, props } : GONE;
  },

  async update(_id, olds, news) {
    const claim = propsOf(olds).claim ?? newClaim();
    await ensureRunning(propsOf(news), claim);
    return { outs: { ...news, claim } };
  },

  async delete(props) {
    const { stateDir, claim } = propsOf(props);
    // Nothing of it is left to stop, and a lock would have no place.
    if ((await stat(stateDir).catch(() => undefined)) === undefined) return;
    await withLock(statePaths(stateDir).lock, async () => {
      const record = await readRecord(stateDir);
      const taken = claim !== undefined && record !== undefined && record.claim !== claim;
      if (taken) return;
      await stopDaemon(stateDir);
      // A later supervisor must not bring back what was destroyed.
      await rm(statePaths(stateDir).project, { force: true });
      await rm(statePaths(stateDir).children, { force: true });
      await rm(statePaths(stateDir).holds, { recursive: true, force: true });
    });
  },
};

/** Known from the inputs alone, so a preview shows them. The socket stays where it is while its place exists. */
function withComputed(olds: Raw, news: Raw): Raw {
  const { stateDir, binary } = plainObject(news);
  if (typeof stateDir !== "string" || typeof binary !== "string") {
    const pending = stateDir === UNKNOWN || binary === UNKNOWN ? UNKNOWN_TEXT : undefined;
    return { ...news, socket: pending, supervisorId: pending, attachCommand: pending };
  }
  const before = plainObject(olds);
  const kept = before.stateDir === stateDir && typeof before.socket === "string" && socketHasHome(before.socket);
  const socket = kept ? (before.socket as string) : socketPathOf(stateDir);
  const attachCommand = `${[binary, "attach", "-u", socket].map(shellWord).join(" ")}`;
  return { ...news, socket, supervisorId: supervisorIdOf(stateDir), attachCommand };
}

function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : quote(word);
}

/** One that runs already is taken over: the processes under it keep running. */
async function ensureRunning(props: SupervisorProps, claim: string): Promise<void> {
  const { stateDir, socket } = props;
  await mkdir(stateDir, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new LocalError("Supervisor", [fileProblem(stateDir, error)]);
  });
  await withLock(statePaths(stateDir).lock, async () => {
    const running = await liveDaemon(stateDir);
    if (running !== undefined && running.socket === socket) {
      const record: DaemonRecord = { ...running, claim };
      await writeRecord(stateDir, record);
    } else {
      await startDaemon({ ...props, claim });
    }
  });
}

function propsOf(raw: Raw): SupervisorProps {
  const { stateDir, binary, socket, claim } = plainObject(raw) as unknown as SupervisorProps;
  return { stateDir: path.resolve(stateDir), binary, socket, claim };
}
