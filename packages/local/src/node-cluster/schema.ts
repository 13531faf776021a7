import {
  type ClusterArgs,
  encode,
  flag,
  type Problem,
  type ProtocolDefinition,
  seedProblems,
  show,
  type ValidateOptions,
  words,
} from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { hostPortProblems, hostPortsSchema } from "../layout/host-ports";
import { secretFileProblems } from "../monitoring/secret-files";
import type { LocalArgs } from "./args";

const shape = {
  seed: z
    .custom<unknown>((value) => isInput(value), {
      error: (issue) =>
        encode(`got ${show(typeof issue.input)}; use a secret text, e.g. config.requireSecret("seed")`, "SEED_FORM"),
    })
    .optional(),
  stateDir: words("a directory, relative to the project's root", "STATE_DIR").optional(),
  hostPorts: hostPortsSchema,
  purgeData: flag("PURGE_DATA").optional(),
};

/** Values that are Inputs of resources or definitions: not looked into. */
export const OPAQUE: readonly string[] = ["chain.definition", "seed"];

/** Options for `planCluster`: the local args, and what they may not be together. */
export function localValidation(component: string): ValidateOptions {
  return { component, shape, extra: localProblems, opaque: OPAQUE };
}

function localProblems(args: ClusterArgs & LocalArgs, protocol: ProtocolDefinition | undefined): Problem[] {
  const problems = [...hostPortProblems(args?.hostPorts), ...secretFileProblems(args?.monitoring)];
  const network = args?.chain?.network;
  const needed = protocol?.needsSeed?.(network) === true;
  if (needed && args.seed === undefined) problems.push(...seedProblems(undefined));
  if (typeof args?.seed === "string") problems.push(...seedProblems(args.seed));
  return problems;
}

function isInput(value: unknown): boolean {
  try {
    return typeof value === "string" || pulumi.Output.isInstance(value) || value instanceof Promise;
  } catch {
    // Objects may refuse to be asked.
    return false;
  }
}
