import { COMPLIANCE_CONFIRMATION } from "@chainkeep/core";
import {
  type Accepts,
  alone,
  type Break,
  flag,
  HUGE,
  isLater,
  missing,
  nothing,
  object,
  type Path,
  put,
  text,
  unknownKeys,
  whole,
  wrongValues,
} from "./break-parts";

const YEAR = 31_536_000;
/** A setting that can be turned off. */
const offable: Accepts = (value) => value === false || object(value);

const S3 = ["bucket", "endpoint", "region", "prefix", "accessKeyIdFile", "secretAccessKeyFile"] as const;

/** What a place takes, for every place that has a value of its own. */
const PLACES: [Path, Accepts][] = [
  [["schedule"], (value) => value === false],
  [["everyBlocks"], whole(10, 1_000_000_000)],
  [["keep"], object],
  [["keep", "last"], whole(1, 10_000)],
  ...["hourly", "daily", "weekly", "monthly"].map((key): [Path, Accepts] => [["keep", key], whole(0, 10_000)]),
  [["destination"], nothing],
  [["destination", "directory"], nothing],
  [["destination", "s3"], object],
  ...S3.map((key): [Path, Accepts] => [
    ["destination", "s3", key],
    ["bucket", "region", "prefix"].includes(key) ? text : nothing,
  ]),
  [["copies"], object],
  [["copies", "broken"], nothing],
  [["lock"], offable],
  [["lock", "mode"], nothing],
  [["lock", "days"], whole(1, 36_500)],
  [["lock", "confirmCompliance"], nothing],
  [["verify"], offable],
  [["verify", "schedule"], nothing],
  [["verify", "afterEach"], flag],
  [["verify", "level"], nothing],
  [["drill"], offable],
  [["drill", "schedule"], nothing],
  [["drill", "from"], nothing],
  [["objectives"], object],
  [["objectives", "rpoSeconds"], whole(60, YEAR)],
  [["objectives", "rtoSeconds"], whole(60, YEAR)],
  [["onStopTimeout"], nothing],
  [["minReady"], whole(1, 200)],
  [["password"], (value) => value === HUGE || isLater(value)],
  [["passwordFile"], nothing],
  [["stateDir"], text],
];

const OBJECTS: Path[] = [[], ["keep"], ["destination"], ["lock"], ["verify"], ["drill"], ["objectives"]];

/** Whatever can be wrong with a vault of this machine. */
export function vaultBreaks(): Break[] {
  const all = [
    ...wrongValues(PLACES),
    ...unknownKeys(OBJECTS),
    ...unknownKeys([["copies"]]),
    ...missing(["password"]),
    put(["password"], "fifteen letters"),
    put(["password"], "two lines\nof sixteen letters"),
    put(["password"], `   ${"x".repeat(12)}   `),
  ];
  return all.map((bad) => (isJudged(bad) ? { ...bad, alone: true } : bad));
}

/** What is only wrong because of what the rest of the vault says. */
function isJudged({ told, put: make }: Break): boolean {
  if (["password", "passwordFile"].includes(told)) return true;
  return ["drill.from", "lock.confirmCompliance"].includes(told) && typeof make?.() === "string";
}

/** Sound in itself, and wrong beside the defaults of the rest. */
export function vaultMeanings(): Break[] {
  const s3 = (more: object) => ({ s3: { bucket: "vault", ...more } });
  return [
    alone(["schedule"], false),
    alone(["schedule"], "0 25 * * *"),
    alone(["destination"], { directory: "/srv/a", ...s3({}) }),
    alone(["destination"], s3({ accessKeyIdFile: "/no/such/file" }), "destination.s3.accessKeyIdFile"),
    alone(["copies"], { a: s3({ secretAccessKeyFile: "/no/such/file" }) }, "copies.a.s3.secretAccessKeyFile"),
    alone(["copies"], { a: s3({}), b: s3({ prefix: "x" }), c: s3({ prefix: "x" }) }, "copies.c"),
    alone(["copies"], { Offsite: s3({}) }, "copies.Offsite"),
    alone(["drill"], { from: "nowhere" }, "drill.from"),
    alone(["lock"], { mode: "compliance" }, "lock.confirmCompliance"),
    alone(["lock"], { mode: "compliance", days: 2, confirmCompliance: COMPLIANCE_CONFIRMATION }, "lock.days"),
    alone(["lock"], { confirmCompliance: COMPLIANCE_CONFIRMATION }, "lock.confirmCompliance"),
    alone(["objectives"], { rpoSeconds: 60 }, "objectives.rpoSeconds"),
    alone(["verify"], { level: "objectives" }, "verify.level"),
    alone(["passwordFile"], "/etc/hostname"),
  ];
}
