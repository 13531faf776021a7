import { posix } from "node:path";
import type { z } from "zod";
import { plainCopy } from "../cluster/plain-copy";
import { ConfigError, type Problem, show } from "../errors/errors";
import { problemsOf } from "../errors/from-zod";
import { knownKeysAt } from "../errors/known-keys";
import { didYouMean } from "../errors/suggest";
import type { DestinationArgs, VaultArgs } from "./args";
import { longestGapSeconds } from "./cron";
import { vaultName, vaultSchema } from "./schema";
import { COMPLIANCE_CONFIRMATION, DEFAULT_KEEP, type Destination, type VaultPolicy, type VaultSpec } from "./spec";

/** What a target adds to the check of its `BackupVault`. */
export interface VaultOptions {
  readonly component?: string;
  /** Args of this target only. */
  readonly shape?: z.ZodRawShape;
  readonly extra?: (args: VaultArgs) => readonly Problem[];
  readonly opaque?: readonly string[];
  /** Where points are kept when the user does not say; absent where the user must. */
  readonly destination?: Destination;
}

/** A fixed day, so that the same args give the same answer: gaps of a schedule are measured from there. */
const SOME_DAY = Date.UTC(2026, 0, 1) / 1000;
const DAY = 86_400;
const YEAR = 365 * DAY;

/**
 * Checks the args of a vault and fills in the defaults. Pure.
 *
 * @throws ConfigError with every problem at once
 */
export function vaultSpecOf(name: string, given: VaultArgs, options: VaultOptions = {}): VaultSpec {
  const { value: args, problems } = plainCopy(given, options.opaque);
  const named = vaultName.safeParse(name);
  const schema = vaultSchema.extend(options.shape ?? {});
  const parsed = schema.safeParse(args);
  const all = [
    ...(named.success ? [] : problemsOf(named.error, name, () => []).map((p) => ({ ...p, path: "name" }))),
    ...problems,
    ...(parsed.success ? [] : problemsOf(parsed.error, args, (path) => knownKeysAt(schema, path))),
    ...(options.extra?.(args) ?? []),
  ];
  if (parsed.success) all.push(...betweenFields(name, args, options));
  // One per place: the first one is what stands in the way of the others.
  const first = [...new Map([...all].reverse().map((p) => [p.path, p])).values()].reverse();
  if (first.length > 0) throw new ConfigError(`${options.component ?? "BackupVault"} ${show(name)}`, first);
  return {
    name,
    policy: policyOf(args),
    destination: args.destination ? place(args.destination, name) : (options.destination as Destination),
    copies: Object.fromEntries(Object.entries(args.copies ?? {}).map(([key, copy]) => [key, place(copy, name)])),
  };
}

/** Args that passed the check, with defaults. */
function policyOf(args: VaultArgs): VaultPolicy {
  const { keep = {}, lock = {}, verify = {}, drill = {}, objectives = {} } = args;
  return {
    schedule: args.schedule === false ? null : (args.schedule ?? "0 3 * * *"),
    everyBlocks: args.everyBlocks ?? null,
    keep: { ...DEFAULT_KEEP, ...defined(keep) },
    lock: lock === false ? null : { mode: lock.mode ?? "governance", days: lock.days ?? 7 },
    verify:
      verify === false
        ? null
        : {
            schedule: verify.schedule ?? "0 5 * * 0",
            afterEach: verify.afterEach ?? false,
            level: verify.level ?? "chain",
          },
    drill: drill === false ? null : { schedule: drill.schedule ?? "0 6 1 * *", from: drill.from ?? "vault" },
    rpoSeconds: objectives.rpoSeconds ?? Math.min(YEAR, Math.max(DAY, scheduledGap(args) ?? 0)),
    rtoSeconds: objectives.rtoSeconds ?? 4 * 3600,
    onStopTimeout: args.onStopTimeout ?? "skip",
    minReady: args.minReady ?? 1,
  };
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>;
}

function place({ directory, s3 }: DestinationArgs, vault: string): Destination {
  if (s3 === undefined) return { repository: directory as string };
  const { bucket, endpoint = "https://s3.amazonaws.com", prefix = vault, ...rest } = s3;
  return { repository: `s3:${endpoint}/${bucket}/${prefix}`, ...defined(rest) };
}

/** Longest pause between two points that come by the clock alone; undefined where height calls for points, too. */
function scheduledGap({ schedule = "0 3 * * *", everyBlocks }: VaultArgs): number | undefined {
  return schedule === false || everyBlocks !== undefined ? undefined : longestGapSeconds(schedule, SOME_DAY);
}

function betweenFields(name: string, args: VaultArgs, options: VaultOptions): Problem[] {
  const problems: Problem[] = [];
  const add = (path: string, message: string, code: string) => problems.push({ path, message, code });
  const { destination, copies = {}, lock, drill, schedule, everyBlocks, objectives } = args;
  if (destination === undefined && options.destination === undefined) {
    add("destination", 'missing; give a place like { s3: { bucket: "vault" } }', "DESTINATION_MISSING");
  }
  if (schedule === false && everyBlocks === undefined) {
    add("schedule", "got false without everyBlocks; give one of the two, or no point is ever taken", "SCHEDULE_NONE");
  }
  if (lock && lock.mode === "compliance") problems.push(...complianceProblems(args, options));
  else if (lock && lock.confirmCompliance !== undefined) {
    add(
      "lock.confirmCompliance",
      'got a confirmation without mode: "compliance"; remove one of the two',
      "LOCK_CONFIRMATION",
    );
  }
  const from = drill ? drill.from : undefined;
  const names = ["vault", ...Object.keys(copies)];
  if (from !== undefined && !names.includes(from)) {
    const list = names.map((n) => JSON.stringify(n)).join(", ");
    add("drill.from", `got ${show(from)}; use one of ${list}${didYouMean(from, names)}`, "DRILL_FROM");
  }
  const rpo = objectives?.rpoSeconds;
  const gap = scheduledGap(args);
  if (rpo !== undefined && gap !== undefined && gap > rpo) {
    const message = `got ${rpo}, but the schedule ${show(schedule ?? "0 3 * * *")} leaves ${gap} s between two points; take points more often or allow more`;
    add("objectives.rpoSeconds", message, "RPO_BELOW_SCHEDULE");
  }
  return [...problems, ...sameProblems(name, args, options)];
}

function complianceProblems({ lock, destination, copies = {} }: VaultArgs, options: VaultOptions): Problem[] {
  if (!lock) return [];
  const problems: Problem[] = [];
  if (lock.confirmCompliance !== COMPLIANCE_CONFIRMATION) {
    const message = `got ${show(lock.confirmCompliance)}; a compliance lock cannot be undone: use the words ${JSON.stringify(COMPLIANCE_CONFIRMATION)}`;
    problems.push({ path: "lock.confirmCompliance", message, code: "LOCK_CONFIRMATION" });
  }
  if ((lock.days ?? 7) < 3) {
    const message = `got ${lock.days} in compliance mode; use at least 3, so that a mistake is seen in time`;
    problems.push({ path: "lock.days", message, code: "LOCK_DAYS" });
  }
  const places = [
    ["destination", destination] as const,
    ...Object.entries(copies).map(([n, d]) => [`copies.${n}`, d] as const),
  ];
  for (const [path, at] of places) {
    if (at?.s3 !== undefined || (at === undefined && options.destination?.repository.startsWith("s3:"))) continue;
    const message = 'got a directory, which can always be deleted; use s3 with Object Lock, or lock.mode "governance"';
    problems.push({ path, message, code: "LOCK_NEEDS_S3" });
  }
  return problems;
}

/** A copy in the same place is none. */
function sameProblems(vault: string, { destination, copies = {} }: VaultArgs, options: VaultOptions): Problem[] {
  const first = destination ? place(destination, vault) : options.destination;
  const seen = new Map<string, string>();
  if (first) seen.set(plainPlace(first), "destination");
  return Object.entries(copies).flatMap(([name, copy]) => {
    const repository = plainPlace(place(copy, vault));
    const other = seen.get(repository);
    seen.set(repository, `copies.${name}`);
    if (other === undefined) return [];
    return [
      { path: `copies.${name}`, message: `got the same place as ${other}; use another one`, code: "COPY_SAME_PLACE" },
    ];
  });
}

/** Without the slashes and dots that make no difference. */
function plainPlace({ repository }: Destination): string {
  return repository.startsWith("/") ? posix.resolve(repository) : repository;
}
