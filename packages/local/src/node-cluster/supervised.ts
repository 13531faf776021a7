import type * as pulumi from "@pulumi/pulumi";
import { FileSet } from "../resources/file-set";
import { Process } from "../resources/process";
import type { Supervisor } from "../resources/supervisor";
import type { FileMap, RenderedProcess } from "./render";

export interface FilesInput {
  readonly directory: string;
  readonly files: pulumi.Input<FileMap>;
  readonly secretFiles?: pulumi.Input<FileMap>;
  readonly identity?: pulumi.Input<string>;
  readonly purgeData?: boolean;
}

/** Files first, then the process that reads them. Both carry the process's name below the cluster's. */
export interface SupervisedInput {
  readonly prefix: string;
  readonly process: RenderedProcess;
  readonly supervisor: Supervisor;
  readonly files?: FilesInput;
  /** Files of other sets that the process reads. */
  readonly alsoNeeds?: readonly FileSet[];
  /** What a change of must restart the process. */
  readonly restartDigest?: pulumi.Input<string>;
  /** What a change of is announced by a signal. */
  readonly reload?: { readonly digest: pulumi.Input<string>; readonly signal: "SIGHUP" };
}

export function createFiles(name: string, input: FilesInput, opts: pulumi.CustomResourceOptions): FileSet {
  const { directory, files, secretFiles = {}, identity, purgeData = false } = input;
  return new FileSet(
    name,
    { directory, files, secretFiles, ...(identity === undefined ? {} : { identity }), purgeData },
    opts,
  );
}

export function createSupervised(input: SupervisedInput, opts: pulumi.CustomResourceOptions): Process {
  const { prefix, process, supervisor, reload } = input;
  const name = `${prefix}-${process.name}`;
  const own = input.files ? [createFiles(`${name}-files`, input.files, opts)] : [];
  return new Process(
    name,
    {
      supervisor: supervisor.supervisorId,
      stateDir: supervisor.stateDir,
      name: process.name,
      command: process.command,
      env: process.env,
      workingDir: process.workingDir,
      prepare: process.prepare,
      ...(process.bootstrap === undefined ? {} : { bootstrap: process.bootstrap }),
      ...(process.argsFile === undefined ? {} : { argsFile: process.argsFile }),
      stopSignal: process.stopSignal,
      graceSeconds: process.graceSeconds,
      backoffSeconds: process.backoffSeconds,
      ports: process.ports,
      ...(input.restartDigest === undefined ? {} : { restartDigest: input.restartDigest }),
      ...(reload === undefined ? {} : { reloadDigest: reload.digest, reloadSignal: reload.signal }),
    },
    { ...opts, dependsOn: [supervisor, ...own, ...(input.alsoNeeds ?? [])] },
  );
}
