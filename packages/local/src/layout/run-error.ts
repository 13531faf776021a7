import { ConfigError, type Problem } from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";

/** The problems of a component, as Pulumi prints them: the list alone, without a stack trace. */
export class ConfigRunError extends pulumi.RunError {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(cause: ConfigError) {
    super(cause.message, { cause });
    this.problems = cause.problems;
    // Nobody is shown it, and Pulumi inspects it in colours all the same: on Node 20 that took half a minute.
    this.stack = undefined;
  }
}

/** Runs a check and gives its problems the form that Pulumi prints cleanly. */
export function reported<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigRunError(error) : error;
  }
}
