import { layOut } from "./layout";
import type { Row } from "./model";

const row = (key: string, sizes: readonly (readonly [number, number])[], collapsed = false): Row => ({
  key,
  title: key,
  collapsed,
  panels: sizes.map(([width, height], i) => ({ kind: "text", key: `${key}${i}`, title: "", text: "", width, height })),
});
const places = (rows: readonly Row[]) =>
  layOut(rows).map(({ at, panels }) => [at.y, panels.map(([, { x, y }]) => [x, y])]);

describe("layOut", () => {
  it("goes from left to right and on to the next line below the tallest panel", () => {
    expect(
      places([
        row("a", [
          [12, 4],
          [12, 8],
          [12, 4],
          [6, 4],
          [8, 2],
        ]),
      ]),
    ).toEqual([
      [
        0,
        [
          [0, 1],
          [12, 1],
          [0, 9],
          [12, 9],
          [0, 13],
        ],
      ],
    ]);
  });

  it("begins a row below everything of the one before", () => {
    expect(
      places([
        row("a", [
          [8, 4],
          [8, 9],
        ]),
        row("b", [[24, 5]]),
      ]),
    ).toEqual([
      [
        0,
        [
          [0, 1],
          [8, 1],
        ],
      ],
      [10, [[0, 11]]],
    ]);
  });

  it("counts a closed row as its heading only", () => {
    expect(places([row("a", [[24, 8]], true), row("b", [[24, 8]])])).toEqual([
      [0, [[0, 1]]],
      [1, [[0, 2]]],
    ]);
  });
});
