import { JOB_KINDS, type VaultJobRequest } from "./job";
import { parseJobRequest } from "./job-request";

const problems = (input: unknown): string[] => {
  const parsed = parseJobRequest(input);
  return "problems" in parsed ? parsed.problems.map((p) => `${p.path} ${p.code}`) : [];
};

const SOUND: readonly VaultJobRequest[] = [
  { kind: "backup" },
  { kind: "backup", node: "mirror-0", trigger: "upgrade" },
  { kind: "verify", point: "dev-1-x", level: "progresses" },
  { kind: "drill", from: "offsite" },
  { kind: "restore", node: "rpc-0", point: { newestVerified: true } },
  { kind: "restore", node: "rpc-0", point: { id: "dev-1-x" }, forceUnverified: true },
  { kind: "restore", node: "rpc-0", point: { atHeight: 0 } },
  { kind: "discard-old", node: "rpc-0" },
  { kind: "retain" },
  { kind: "check" },
  { kind: "promote", node: "mirror-0", undo: true },
];

describe("parseJobRequest", () => {
  it.each(SOUND)("takes %j as it is", (request) => {
    expect(parseJobRequest(JSON.parse(JSON.stringify(request)))).toEqual({ request });
  });

  it("takes every kind of job", () => {
    expect([...new Set(SOUND.map((r) => r.kind))].sort()).toEqual([...JOB_KINDS].sort());
  });

  it.each<[unknown, string[]]>([
    [undefined, ["body JOB_FORM"]],
    [null, ["body JOB_FORM"]],
    [[], ["body JOB_FORM"]],
    ["backup", ["body JOB_FORM"]],
    [{}, ["kind JOB_KIND"]],
    [{ kind: "bakcup" }, ["kind JOB_KIND"]],
    [{ kind: "__proto__" }, ["kind JOB_KIND"]],
    [{ kind: "backup", nod: "x" }, ["nod UNKNOWN_KEY"]],
    [{ kind: "backup", node: "" }, ["node JOB_FIELD"]],
    [{ kind: "backup", node: "a\nb", trigger: "now" }, ["node JOB_FIELD", "trigger JOB_FIELD"]],
    [{ kind: "verify", level: "all" }, ["level JOB_FIELD"]],
    [{ kind: "restore", node: "rpc-0" }, ["point JOB_POINT_SELECTOR"]],
    [{ kind: "restore", node: "rpc-0", point: {} }, ["point JOB_POINT_SELECTOR"]],
    [{ kind: "restore", node: "rpc-0", point: { id: "" } }, ["point JOB_POINT_SELECTOR"]],
    [{ kind: "restore", node: "rpc-0", point: { id: "a", newestVerified: true } }, ["point JOB_POINT_SELECTOR"]],
    [{ kind: "restore", node: "rpc-0", point: { newestVerified: false } }, ["point JOB_POINT_SELECTOR"]],
    [{ kind: "restore", node: "rpc-0", point: { atHeight: -1 } }, ["point JOB_POINT_SELECTOR"]],
    [{ kind: "restore", node: "rpc-0", point: { atHeight: 1.5 } }, ["point JOB_POINT_SELECTOR"]],
    [{ kind: "restore", node: "rpc-0", point: { id: "a" }, forceUnverified: "yes" }, ["forceUnverified JOB_FIELD"]],
    [{ kind: "discard-old" }, ["node JOB_FIELD"]],
    [{ kind: "retain", all: true }, ["all UNKNOWN_KEY"]],
  ])("refuses %j", (input, expected) => {
    expect(problems(input)).toEqual(expected);
  });
});
