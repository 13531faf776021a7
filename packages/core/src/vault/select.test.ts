import { badAt, NOW, pointOf, provenTo } from "./point.fixture";
import { selectPoint } from "./select";

const L = "cometbft-full";
const older = pointOf({ id: "older", height: 50, createdAt: NOW - 9000, verification: provenTo("chain") });
const opened = pointOf({ id: "opened", height: 80, createdAt: NOW - 5000, verification: provenTo("opens") });
const newest = pointOf({ id: "newest", height: 100, createdAt: NOW - 100 });
const chosen = (...args: Parameters<typeof selectPoint>) => {
  const found = selectPoint(...args);
  return "point" in found ? found.point.id : found.problem.code;
};

describe("selectPoint", () => {
  it("takes the newest point whose chain was compared, before newer ones that were merely opened or never tried", () => {
    expect(chosen([newest, opened, older], { newestVerified: true }, L)).toBe("older");
    expect(chosen([newest, opened], { newestVerified: true }, L)).toBe("opened");
  });

  it("takes none that is bad, unproven, or of another lineage by itself", () => {
    const bad = { ...opened, verification: badAt("chain") };
    const other = { ...older, lineage: "cometbft-archive" };
    const oncePraised = { ...older, verification: { ...provenTo("progresses"), bad: bad.verification.bad } };
    expect(chosen([newest, bad, other, oncePraised], { newestVerified: true }, L)).toBe("POINT_NONE");
    expect(chosen([oncePraised], { atHeight: 1000 }, L)).toBe("POINT_NONE");
    expect(chosen([], { newestVerified: true }, L)).toBe("POINT_NONE");
  });

  it("tells an operator what is there instead, and what to do", () => {
    const text = (points: Parameters<typeof selectPoint>[0]) => {
      const found = selectPoint(points, { newestVerified: true }, L);
      return "problem" in found ? found.problem.message : "";
    };
    const bad = { ...opened, verification: badAt("chain") };
    expect(text([])).toContain("holds none at all; take one with chainkeep backup");
    expect(text([newest, bad])).toContain("1 point is there without a proof, and 1 point is bad; prove one");
    expect(text([bad])).toContain("1 point is bad; take a new one");
  });

  it("never takes a point whose node was killed before a client has opened it", () => {
    const crashed = pointOf({ id: "crashed", createdAt: NOW - 50, consistency: "crash-consistent" });
    expect(chosen([crashed, older], { newestVerified: true }, L)).toBe("older");
    const intact = { ...crashed, verification: provenTo("intact") };
    expect(chosen([intact], { newestVerified: true }, L)).toBe("POINT_NONE");
    expect(chosen([{ ...crashed, verification: provenTo("opens") }], { newestVerified: true }, L)).toBe("crashed");
  });

  it("takes the highest verified one at or below a height", () => {
    expect(chosen([newest, opened, older], { atHeight: 99 }, L)).toBe("opened");
    expect(chosen([newest, opened, older], { atHeight: 79 }, L)).toBe("older");
    expect(chosen([newest, opened, older], { atHeight: 49 }, L)).toBe("POINT_NONE");
  });

  it("takes what is named, and suggests what may have been meant", () => {
    expect(chosen([newest], { id: "newest" }, L)).toBe("newest");
    const found = selectPoint([newest], { id: "newset" }, L);
    expect("problem" in found && found.problem.message).toContain('did you mean "newest"');
  });
});
