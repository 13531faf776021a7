import type { AlertDefinition, AlertParameters, PlannedAlert } from "../types";
import { type Line, linesOf, stepsOf } from "./lines";

const planned = (change: Partial<PlannedAlert>): PlannedAlert => ({
  definition: { name: "NodeSyncLag", threshold: { unit: "blocks" } } as AlertDefinition,
  forSeconds: 60,
  severity: "critical",
  replicatedSeverity: "warning",
  threshold: 20,
  ...change,
});
const parameters = (change: Partial<AlertParameters>) => change as AlertParameters;
const spare = parameters({ hasReplicas: true, hasCriticalNodes: false });
const limit = { alert: "NodeSyncLag", when: "above" } as const;

describe("linesOf", () => {
  it("takes figure, colour and words from the alert", () => {
    const line = linesOf([planned({})], parameters({ hasReplicas: true, hasCriticalNodes: true }))(limit);
    expect(line).toMatchObject({ value: 20, colour: "red", says: "NodeSyncLag (critical) above 20 blocks" });
  });

  it.each([
    ["is milder where another node stands in for every node", spare, "orange"],
    [
      "is as bad as it can be where every node is the only one",
      parameters({ hasReplicas: false, hasCriticalNodes: true }),
      "red",
    ],
  ])("%s", (_, p, colour) => {
    expect(linesOf([planned({})], p)(limit)?.colour).toBe(colour);
  });

  it("has none for an alert that is off, or that compares with no figure", () => {
    expect(linesOf([], spare)(limit)).toBeUndefined();
    expect(linesOf([planned({ threshold: Number.NaN })], spare)(limit)).toBeUndefined();
  });
});

describe("stepsOf", () => {
  const line = (value: number, when: Line["when"], colour: string) => ({ value, when, colour }) as Line;

  it.each<[string, Line[], (readonly [number | null, string])[]]>([
    ["no line", [], [[null, "fine"]]],
    [
      "what fires above",
      [line(20, "above", "red")],
      [
        [null, "fine"],
        [20, "red"],
      ],
    ],
    [
      "what fires below",
      [line(3, "below", "red")],
      [
        [null, "red"],
        [3, "fine"],
      ],
    ],
    [
      "two that fire above, whatever their order",
      [line(200, "above", "red"), line(20, "above", "orange")],
      [
        [null, "fine"],
        [20, "orange"],
        [200, "red"],
      ],
    ],
    [
      "two that fire below: the lower is the worse",
      [line(10, "below", "orange"), line(3, "below", "red")],
      [
        [null, "red"],
        [3, "orange"],
        [10, "fine"],
      ],
    ],
    [
      "one on each side",
      [line(100, "above", "orange"), line(3, "below", "red")],
      [
        [null, "red"],
        [3, "fine"],
        [100, "orange"],
      ],
    ],
  ])("%s", (_, lines, expected) => {
    expect(stepsOf(lines, "fine").map(({ value, color }) => [value, color])).toEqual(expected);
  });
});
