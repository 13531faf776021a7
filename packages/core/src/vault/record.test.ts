import type { ConfigError } from "../errors/errors";
import { badAt, NOW, pointOf } from "./point.fixture";
import { parsePoint, pointId, serializePoint, statusPoint } from "./record";

const problems = (input: unknown) => {
  try {
    parsePoint(input);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((p) => `${p.path} ${p.code}`);
  }
};

describe("parsePoint", () => {
  it("reads what was written, and leaves out what a later release adds", () => {
    const point = pointOf({ verification: badAt("opens"), lockedUntil: NOW, lockMode: "governance" });
    expect(parsePoint(JSON.parse(serializePoint(point)))).toEqual(point);
    expect(parsePoint({ ...point, invention: 1 })).toEqual(point);
  });

  it("tells everything that is wrong at once", () => {
    expect(problems({ ...pointOf(), height: -1, blockHash: "xyz", processes: [] }).sort()).toEqual([
      "blockHash POINT_FIELD",
      "height POINT_FIELD",
      "processes POINT_FIELD",
    ]);
  });

  it("names every field that is missing, so that a torn record says where", () => {
    const point = pointOf();
    for (const key of Object.keys(point)) {
      const { [key as keyof typeof point]: _, ...rest } = point;
      expect(problems(rest).map((p) => p.split(" ")[0])).toEqual([key]);
    }
  });

  it("reads what a node has told, however odd: a copy is not lost for it", () => {
    const [process] = pointOf().processes;
    const odd = { ...(process as NonNullable<typeof process>), reportedVersion: "v1\n\u2028" };
    expect(parsePoint(pointOf({ processes: [odd], blockTime: 1.8e15, chainId: "" }))).toMatchObject({
      processes: [{ reportedVersion: "v1\n\u2028" }],
      blockTime: 1.8e15,
      chainId: null,
    });
  });

  it("refuses ids that would lead out of a directory or onto a command line", () => {
    for (const id of ["", "../x", "a/b", "-x", ".x", "a b", "a\nb", "x".repeat(201)]) {
      expect(problems(pointOf({ id }))).toEqual(["id POINT_FIELD"]);
    }
  });

  it.each([null, [], "text", 7, {}])("refuses %j", (input) => {
    expect(problems(input).length).toBeGreaterThan(0);
  });

  it("refuses the record of a later release in words", () => {
    expect(problems({ ...pointOf(), schemaVersion: 2 })).toEqual(["schemaVersion POINT_SCHEMA"]);
  });
});

describe("a point in few words", () => {
  it("has an id that tells cluster, height and time", () => {
    expect(pointId("dev", 1234, NOW)).toBe("dev-1234-20261125T120000Z");
  });

  it("says why it is bad", () => {
    expect(statusPoint(pointOf({ verification: badAt("chain") })).bad).toBe("chain: is on a fork");
    expect(statusPoint(pointOf()).bad).toBeNull();
  });
});
