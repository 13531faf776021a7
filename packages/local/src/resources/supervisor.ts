import * as pulumi from "@pulumi/pulumi";

/** What a supervisor is made from. */
export interface SupervisorInputs {
  /**
   * Absolute path of the directory that holds the supervisor's project file, its logs and the logs of its processes.
   *
   * Changing it replaces the supervisor: its processes stop, and start again under the new one.
   * @default - required
   * @example "/srv/devnet/.chainkeep/run/dev"
   */
  stateDir: pulumi.Input<string>;
  /**
   * Absolute path of the process-compose executable (v1.64).
   *
   * Changing it disturbs nobody: the new one is used when the supervisor starts the next time.
   * @default - required
   * @see https://f1bonacc1.github.io/process-compose/
   */
  binary: pulumi.Input<string>;
}

/**
 * A daemon that keeps processes running on this machine, after `pulumi up` has ended too. It crashes alone: its processes are
 * found and ended before a new one starts. It listens on a unix socket of this user only and does not survive a reboot;
 * `pulumi up --refresh` brings everything back.
 *
 * @example
 * new Supervisor("supervisor", { stateDir: "/srv/devnet", binary: "/usr/local/bin/process-compose" });
 */
export class Supervisor extends pulumi.CustomResource {
  /** The directory of the supervisor's files. */
  declare readonly stateDir: pulumi.Output<string>;
  /** Path of the unix socket that answers the supervisor's API. */
  declare readonly socket: pulumi.Output<string>;
  /** Mark that every process of this supervisor carries in its environment as CHAINKEEP_SUPERVISOR. */
  declare readonly supervisorId: pulumi.Output<string>;
  /** Command line that opens the terminal interface, for a person. */
  declare readonly attachCommand: pulumi.Output<string>;

  constructor(name: string, args: SupervisorInputs, opts: pulumi.CustomResourceOptions = {}) {
    const props = { ...args, socket: undefined, supervisorId: undefined, attachCommand: undefined };
    super("chainkeep-local:index:Supervisor", name, props, opts);
  }
}
