import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { Problem } from "@chainkeep/core";
import { portProblems } from "../supervisor/ports";
import { fileProblem, LocalError } from "../supervisor/problem";
import { markedProcesses } from "../supervisor/process-table";
import {
  claimOf,
  daemonOf,
  dropProcess,
  findProcess,
  putProcess,
  signalByName,
  subjectOf,
} from "../supervisor/processes";
import {
  type ProcessProps,
  processChange,
  processInputs,
  processProblems,
  processProps,
  specOf,
} from "./process-props";
import { ResourceError } from "./resource-error";
import { diffOf, failures, GONE, newClaim, type ResourceHandler } from "./resource-handler";

export const processHandler: ResourceHandler = {
  async check(_olds, news) {
    return { inputs: processInputs(news), failures: failures(processProblems(news), news) };
  },

  async diff(olds, news) {
    // Two that use the same ports and data must never run at the same time.
    return diffOf(processChange(olds, news).keys, ["stateDir", "name"], true);
  },

  async create(inputs) {
    const props = processProps(inputs);
    const { stateDir, name } = props;
    const claim = newClaim();
    const existed = (await findProcess(stateDir, name)) !== undefined;
    await ensureStartable(props, existed ? [] : props.ports);
    try {
      await putProcess(stateDir, specOf(props), claim);
    } catch (error) {
      // What did not come up is not left behind, unless it was there before.
      if (!existed) await dropProcess(stateDir, name);
      throw error;
    }
    return { id: `${props.supervisor}/${name}`, outs: { ...inputs, claim } };
  },

  async read(id, props) {
    const { stateDir, name } = processProps(props);
    return (await findProcess(stateDir, name)) === undefined ? GONE : { id, props };
  },

  async update(id, olds, news) {
    const [before, after] = [processProps(olds), processProps(news)];
    const { stateDir, name } = after;
    const claim = before.claim ?? newClaim();
    const outs = { ...news, claim };
    const { keys, restart, reload } = processChange(olds, news);
    const missing = (await findProcess(stateDir, name)) === undefined;
    // An update without a change follows one after which the process did not come up: it is looked at again.
    if (restart || missing || keys.length === 0) {
      const isNew = (port: number) => !before.ports.includes(port);
      await ensureStartable(after, missing ? after.ports : after.ports.filter(isNew));
      await putOrKeep(id, after, claim, outs);
    } else if (reload) {
      await signalByName(stateDir, name, after.reloadSignal);
    }
    return { outs };
  },

  async delete(props) {
    const { stateDir, name, claim } = processProps(props);
    const owner = await claimOf(stateDir, name);
    if (claim !== undefined && owner !== undefined && owner !== claim) return;
    await dropProcess(stateDir, name);
  },
};

/** Programs and ports, looked at before anything is stopped or started. */
async function ensureStartable(props: ProcessProps, ports: readonly number[]): Promise<void> {
  const { name, stateDir, supervisor, command, prepare, bootstrap } = props;
  const subject = subjectOf(name);
  const daemon = await daemonOf(subject, stateDir);
  const problems: Problem[] = [];
  if (daemon.id !== supervisor) {
    const message = `got ${supervisor}, but ${stateDir} belongs to ${daemon.id}; give supervisor and stateDir of the same supervisor`;
    problems.push({ path: "supervisor", message, code: "SUPERVISOR_MISMATCH" });
  }
  const steps = (at: string, all: typeof prepare) => all.map((step, i) => [`${at}[${i}][0]`, step[0]]);
  const programs = [["command[0]", command[0]], ...steps("prepare", prepare), ...steps("bootstrap", bootstrap)];
  for (const [path = "", program = ""] of programs) {
    await access(program, constants.X_OK).catch((error) => problems.push(programProblem(path, program, error)));
  }
  const own = new Set(markedProcesses(supervisor, name).map((found) => found.pid));
  problems.push(...(await portProblems(ports, (pid) => own.has(pid))));
  if (problems.length > 0) throw new LocalError(subject, problems);
}

function programProblem(path: string, program: string, error: unknown): Problem {
  const { message } = fileProblem(program, error);
  return { path, message: `got ${program}: ${message}; give the path of an executable`, code: "NO_PROGRAM" };
}

/**
 * The supervisor keeps the new process although it does not come up: it may yet, when what it misses is there. The engine is told
 * so, stores what was asked for, and tries again with the next `pulumi up`.
 */
async function putOrKeep(id: string, props: ProcessProps, claim: string, outs: object): Promise<void> {
  try {
    await putProcess(props.stateDir, specOf(props), claim);
  } catch (error) {
    const ended = error instanceof LocalError && error.problems.some((problem) => problem.code === "PROCESS_ENDED");
    throw ended ? new ResourceError(error.message, id, outs) : error;
  }
}
