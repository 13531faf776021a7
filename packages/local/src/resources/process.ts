import * as pulumi from "@pulumi/pulumi";

/** What a supervised process is made from. */
export interface ProcessInputs {
  /**
   * `supervisorId` of the supervisor that keeps it running.
   *
   * @default - required
   */
  supervisor: pulumi.Input<string>;
  /**
   * `stateDir` of that supervisor.
   *
   * Changing it replaces the process.
   * @default - required
   */
  stateDir: pulumi.Input<string>;
  /**
   * Name of the process, unique under its supervisor: letters, digits, dots, dashes and underscores, at most 100.
   *
   * Changing it replaces the process.
   * @default - required
   * @example "rpc-0"
   */
  name: pulumi.Input<string>;
  /**
   * Absolute path of the executable, and its arguments. No shell takes part: nothing is expanded.
   *
   * Changing it restarts this process alone.
   * @default - required
   * @example ["/usr/local/bin/prometheus", "--config.file=/srv/prometheus.yml"]
   */
  command: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Environment variables beside PATH, HOME and the like.
   *
   * Changing them restarts this process alone.
   * @default - none
   */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Absolute path of the working directory. It is made when it is not there.
   *
   * Changing it restarts this process alone.
   * @default - required
   */
  workingDir: pulumi.Input<string>;
  /**
   * Absolute path of a file whose words are appended to the arguments at each start.
   *
   * Changing it restarts this process alone.
   * @default - none
   */
  argsFile?: pulumi.Input<string>;
  /**
   * Commands that run one after the other before each start; the process starts when all of them have succeeded.
   *
   * Changing them restarts this process alone.
   * @default - none
   */
  prepare?: pulumi.Input<pulumi.Input<pulumi.Input<string>[]>[]>;
  /**
   * Commands that run before those of `prepare`, e.g. one that fetches data where there is none.
   *
   * Changing them restarts nobody: they hold from the next deployment that starts the process anyway.
   * @default - none
   */
  bootstrap?: pulumi.Input<pulumi.Input<pulumi.Input<string>[]>[]>;
  /**
   * Signal that asks the process to stop: "SIGTERM" or "SIGINT".
   *
   * Changing it restarts this process alone.
   * @default "SIGTERM"
   */
  stopSignal?: pulumi.Input<string>;
  /**
   * Seconds from that signal to SIGKILL.
   *
   * Changing it restarts this process alone.
   * @default 30
   */
  graceSeconds?: pulumi.Input<number>;
  /**
   * Text whose change restarts the process, e.g. a file set's `digest`.
   *
   * @default - none
   */
  restartDigest?: pulumi.Input<string>;
  /**
   * Text whose change sends `reloadSignal` to the running process.
   *
   * @default - none
   */
  reloadDigest?: pulumi.Input<string>;
  /**
   * Signal that makes the process reread its files: "SIGHUP", "SIGUSR1" or "SIGUSR2".
   *
   * @default "SIGHUP"
   */
  reloadSignal?: pulumi.Input<string>;
  /**
   * Seconds between an exit and the next start.
   *
   * Changing it restarts this process alone.
   * @default 1
   */
  backoffSeconds?: pulumi.Input<number>;
  /**
   * TCP ports that the process takes. Before a start each one is tried: a port in use is an error that names its owner.
   *
   * Changing them restarts nobody.
   * @default - none
   */
  ports?: pulumi.Input<pulumi.Input<number>[]>;
}

/**
 * One process under a supervisor: started again whenever it ends, stopped with its own signal and grace. Its output is in
 * `<stateDir>/logs/<name>.log`. Adding, changing or removing one leaves all others alone.
 *
 * @example
 * new Process("prometheus", {
 *   supervisor: supervisor.supervisorId,
 *   stateDir: supervisor.stateDir,
 *   name: "prometheus",
 *   command: ["/usr/local/bin/prometheus", "--config.file=/srv/prometheus/prometheus.yml"],
 *   workingDir: "/srv/prometheus",
 *   reloadDigest: files.digest,
 * });
 */
export class Process extends pulumi.CustomResource {
  /** Name of the process under its supervisor. */
  declare readonly name: pulumi.Output<string>;
  /** File that receives what the process prints. */
  declare readonly logFile: pulumi.Output<string>;

  constructor(name: string, args: ProcessInputs, opts: pulumi.CustomResourceOptions = {}) {
    super("chainkeep-local:index:Process", name, { ...args, logFile: undefined }, opts);
  }
}
