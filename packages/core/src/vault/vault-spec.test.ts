import type { ConfigError } from "../errors/errors";
import type { VaultArgs } from "./args";
import { COMPLIANCE_CONFIRMATION, DEFAULT_KEEP } from "./spec";
import { type VaultOptions, vaultSpecOf } from "./vault-spec";

const HERE = { repository: "/state/vaults/vault" };
const DAY = 86_400;
const spec = (args: VaultArgs = {}, options: VaultOptions = { destination: HERE }) =>
  vaultSpecOf("vault", args, options);

function problems(args: unknown, options: VaultOptions = { destination: HERE }, name = "vault"): string[] {
  try {
    vaultSpecOf(name, args as VaultArgs, options);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((p) => `${p.path} ${p.code}`);
  }
}

describe("a vault without a word", () => {
  it("takes a point a day, proves them every week, drills every month, and locks for a week", () => {
    expect(spec()).toEqual({
      name: "vault",
      destination: HERE,
      copies: {},
      policy: {
        schedule: "0 3 * * *",
        everyBlocks: null,
        keep: DEFAULT_KEEP,
        lock: { mode: "governance", days: 7 },
        verify: { schedule: "0 5 * * 0", afterEach: false, level: "chain" },
        drill: { schedule: "0 6 1 * *", from: "vault" },
        rpoSeconds: DAY,
        rtoSeconds: 14_400,
        onStopTimeout: "skip",
        minReady: 1,
      },
    });
  });

  it("keeps the two newest verified points, and nobody can say less", () => {
    expect(spec({ keep: { last: 1, daily: 0, weekly: 0, monthly: 0 } }).policy.keep).toEqual({
      last: 1,
      hourly: 0,
      daily: 0,
      weekly: 0,
      monthly: 0,
      verified: 2,
    });
    expect(problems({ keep: { verified: 0 } })).toEqual(["keep.verified UNKNOWN_KEY"]);
  });

  it("does without what is turned off", () => {
    const { policy } = spec({ schedule: false, everyBlocks: 100, lock: false, verify: false, drill: false });
    expect(policy).toMatchObject({ schedule: null, everyBlocks: 100, lock: null, verify: null, drill: null });
  });

  it("promises no more than its schedule holds, so that no alert fires between two points", () => {
    expect(spec({ schedule: "0 3 * * 0" }).policy.rpoSeconds).toBe(7 * DAY);
    expect(spec({ schedule: "0 * * * *" }).policy.rpoSeconds).toBe(DAY);
    expect(spec({ schedule: "0 3 * * 0", everyBlocks: 100 }).policy.rpoSeconds).toBe(DAY);
    expect(spec({ schedule: "0 0 29 2 *" }).policy.rpoSeconds).toBe(365 * DAY);
  });
});

describe("places of a vault", () => {
  it("are directories, or folders of a bucket that is named after the vault", () => {
    const { destination, copies } = spec({
      destination: { s3: { bucket: "main" } },
      copies: {
        disk: { directory: "/mnt/copy" },
        far: { s3: { bucket: "far", endpoint: "http://10.0.0.7:9000", prefix: "a/b", region: "eu-west-1" } },
        keyed: { s3: { bucket: "far", accessKeyIdFile: "/run/id", secretAccessKeyFile: "/run/key" } },
      },
    });
    expect(destination).toEqual({ repository: "s3:https://s3.amazonaws.com/main/vault" });
    expect(copies).toEqual({
      disk: { repository: "/mnt/copy" },
      far: { repository: "s3:http://10.0.0.7:9000/far/a/b", region: "eu-west-1" },
      keyed: {
        repository: "s3:https://s3.amazonaws.com/far/vault",
        accessKeyIdFile: "/run/id",
        secretAccessKeyFile: "/run/key",
      },
    });
  });

  it.each<[string, VaultArgs, VaultOptions?]>([
    ["twice the same", { destination: { directory: "/a" }, copies: { b: { directory: "/a" } } }],
    ["the same with a slash", { destination: { directory: "/a/" }, copies: { b: { directory: "/x/..//a" } } }],
    ["that of the target", { copies: { b: { directory: HERE.repository } } }],
    [
      "a bucket with and without its folder's name",
      { destination: { s3: { bucket: "main" } }, copies: { b: { s3: { bucket: "main", prefix: "vault" } } } },
    ],
  ])("may not be %s: a copy in the same place is none", (_, args) => {
    expect(problems(args)).toEqual(["copies.b COPY_SAME_PLACE"]);
  });

  it("must be given where the target has none", () => {
    expect(problems({}, {})).toEqual(["destination DESTINATION_MISSING"]);
    expect(problems({ destination: { directory: "/a" } }, {})).toEqual([]);
  });
});

describe("a vault refuses", () => {
  it.each<[unknown, string]>([
    [{ schedule: "@daily" }, "schedule CRON_FORM"],
    [{ schedule: "0 0 30 2 *" }, "schedule CRON_FORM"],
    [{ schedule: false }, "schedule SCHEDULE_NONE"],
    [{ everyBlocks: 9 }, "everyBlocks EVERY_BLOCKS"],
    [{ keep: { last: 0 } }, "keep.last KEEP_RANGE"],
    [{ keep: 7 }, "keep KEEP_FORM"],
    [{ keep: { daly: 7 } }, "keep.daly UNKNOWN_KEY"],
    [{ destination: {} }, "destination DESTINATION_FORM"],
    [{ destination: { directory: "/a", s3: { bucket: "vault" } } }, "destination DESTINATION_FORM"],
    [{ destination: { directory: "relative" } }, "destination.directory VAULT_DIRECTORY"],
    [{ destination: { s3: { bucket: "UPPER" } } }, "destination.s3.bucket S3_BUCKET"],
    [{ destination: { s3: { bucket: "vault", endpoint: "s3.local" } } }, "destination.s3.endpoint S3_ENDPOINT"],
    [{ destination: { s3: { bucket: "vault", prefix: "/a" } } }, "destination.s3.prefix S3_PREFIX"],
    [{ destination: { s3: { bucket: "vault", accessKeyIdFile: "id" } } }, "destination.s3.accessKeyIdFile VAULT_FILE"],
    [{ copies: [] }, "copies COPIES_FORM"],
    [{ copies: { vault: { directory: "/c" } } }, "copies.vault COPY_NAME"],
    [{ lock: { mode: "none" } }, "lock.mode LOCK_MODE"],
    [{ lock: { days: 0 } }, "lock.days LOCK_DAYS"],
    [{ lock: true }, "lock LOCK_FORM"],
    [{ lock: { dys: 3 } }, "lock.dys UNKNOWN_KEY"],
    [{ verify: { level: "objectives" } }, "verify.level VERIFY_LEVEL"],
    [{ verify: { afterEach: "yes" } }, "verify.afterEach VERIFY_AFTER_EACH"],
    [{ drill: { from: "offsit" }, copies: { offsite: { directory: "/c" } } }, "drill.from DRILL_FROM"],
    [{ objectives: { rpoSeconds: 59 } }, "objectives.rpoSeconds OBJECTIVE_RANGE"],
    [{ objectives: { rpoSeconds: 3600 } }, "objectives.rpoSeconds RPO_BELOW_SCHEDULE"],
    [{ schedule: "*/5 * * * 1-5", objectives: { rpoSeconds: 3600 } }, "objectives.rpoSeconds RPO_BELOW_SCHEDULE"],
    [{ onStopTimeout: "kill" }, "onStopTimeout ON_STOP_TIMEOUT"],
    [{ minReady: 0 }, "minReady MIN_READY"],
    [{ mode: 1 }, "mode UNKNOWN_KEY"],
    ["vault", "args ARGS_FORM"],
  ])("%j", (args, problem) => {
    expect(problems(args)).toEqual([problem]);
  });

  it("names that are none", () => {
    for (const name of ["", "Vault", "-a", "a-", "a".repeat(41)]) {
      expect(problems({}, { destination: HERE }, name)).toEqual(["name NAME_FORM"]);
    }
  });

  it("everything at once, and suggests what was meant", () => {
    expect(problems({ schedule: "x", keep: { last: 0 }, lock: { days: 0 }, minReady: 0, chedule: 1 }).sort()).toEqual([
      "chedule UNKNOWN_KEY",
      "keep.last KEEP_RANGE",
      "lock.days LOCK_DAYS",
      "minReady MIN_READY",
      "schedule CRON_FORM",
    ]);
    expect(() => spec({ drill: { from: "offsit" }, copies: { offsite: { directory: "/c" } } })).toThrow(
      'did you mean "offsite"',
    );
  });

  it("a promise that its points cannot keep, but not where height calls for points, too", () => {
    expect(problems({ everyBlocks: 100, objectives: { rpoSeconds: 3600 } })).toEqual([]);
    expect(problems({ schedule: "0 * * * *", objectives: { rpoSeconds: 3600 } })).toEqual([]);
  });
});

describe("a compliance lock", () => {
  const s3 = { s3: { bucket: "vault" } };
  const lock = { mode: "compliance", confirmCompliance: COMPLIANCE_CONFIRMATION } as const;

  it("is taken with the words, on stores that can hold it", () => {
    expect(spec({ destination: s3, lock }).policy.lock).toEqual({ mode: "compliance", days: 7 });
    expect(problems({ lock }, { destination: { repository: "s3:https://s3.amazonaws.com/of-the-target/x" } })).toEqual(
      [],
    );
  });

  it("never comes by itself", () => {
    expect(spec({ lock: {} }).policy.lock).toEqual({ mode: "governance", days: 7 });
    expect(spec({ lock: { days: 365 } }).policy.lock).toEqual({ mode: "governance", days: 365 });
  });

  it.each<[string, VaultArgs, string]>([
    [
      "without the words",
      { destination: s3, lock: { mode: "compliance" } },
      "lock.confirmCompliance LOCK_CONFIRMATION",
    ],
    [
      "with almost the words",
      { destination: s3, lock: { ...lock, confirmCompliance: `${COMPLIANCE_CONFIRMATION}.` } },
      "lock.confirmCompliance LOCK_CONFIRMATION",
    ],
    ["for too short to see a mistake", { destination: s3, lock: { ...lock, days: 2 } }, "lock.days LOCK_DAYS"],
    ["on a directory", { destination: { directory: "/a" }, lock }, "destination LOCK_NEEDS_S3"],
    ["on the target's own directory", { lock }, "destination LOCK_NEEDS_S3"],
    [
      "while a copy is in a directory",
      { destination: s3, copies: { disk: { directory: "/c" } }, lock },
      "copies.disk LOCK_NEEDS_S3",
    ],
    [
      "that was confirmed and not asked for",
      { lock: { confirmCompliance: COMPLIANCE_CONFIRMATION } },
      "lock.confirmCompliance LOCK_CONFIRMATION",
    ],
  ])("is refused %s", (_, args, problem) => {
    expect(problems(args)).toEqual([problem]);
  });

  it("tells all that is in its way", () => {
    expect(problems({ destination: { directory: "/a" }, lock: { mode: "compliance", days: 1 } })).toEqual([
      "lock.confirmCompliance LOCK_CONFIRMATION",
      "lock.days LOCK_DAYS",
      "destination LOCK_NEEDS_S3",
    ]);
  });
});
