import type { Problem } from "@chainkeep/core";
import type {
  CheckFailure,
  CheckResult,
  CreateResult,
  DiffResult,
  ReadResult,
  UpdateResult,
} from "@pulumi/pulumi/provider";
import { problemText } from "../supervisor/problem";
import { hasSecret, type Raw } from "./wire";

/** What the provider does for one resource type. Values are as the engine sends and wants them. */
export interface ResourceHandler {
  check(olds: Raw, news: Raw): Promise<CheckResult>;
  diff(olds: Raw, news: Raw): Promise<DiffResult>;
  create(inputs: Raw): Promise<CreateResult>;
  read(id: string, props: Raw): Promise<ReadResult>;
  update(id: string, olds: Raw, news: Raw): Promise<UpdateResult>;
  delete(props: Raw): Promise<void>;
}

/** Tells the engine that the resource is not there any more. */
export const GONE: ReadResult = { id: "", props: {} };

/**
 * The engine prints the value of a property that it is told about, secret or not and however long: it is told about plain short
 * ones only. Every reason names its path in any case.
 */
export function failures(problems: readonly Problem[], news: Raw): CheckFailure[] {
  return problems.map((problem) => {
    const value = news[problem.path];
    const tellable = ["string", "number", "boolean"].includes(typeof value) && !hasSecret(value);
    return { property: tellable ? problem.path : "", reason: problemText(problem) };
  });
}

/** Keys that an update or a replacement starts from; the engine shows the rest by itself. */
export function diffOf(changed: readonly string[], replacing: readonly string[], deleteFirst: boolean): DiffResult {
  const replaces = changed.filter((key) => replacing.includes(key));
  if (replaces.length === 0) return { changes: changed.length > 0 };
  return { changes: true, replaces, deleteBeforeReplace: deleteFirst };
}

/** A new name for "the one who made it": whoever takes a thing over takes a claim, and the former owner leaves it alone. */
export { randomUUID as newClaim } from "node:crypto";
