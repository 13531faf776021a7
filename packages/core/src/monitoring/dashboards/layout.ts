import type { Panel, Row } from "./model";

export const GRID_WIDTH = 24;

export interface Position {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface PlacedRow {
  readonly row: Row;
  readonly at: Position;
  readonly panels: readonly (readonly [Panel, Position])[];
}

/** From left to right, and on to the next line where a panel does not fit. A closed row takes one step, as Grafana counts. */
export function layOut(rows: readonly Row[]): PlacedRow[] {
  let y = 0;
  return rows.map((row) => {
    const at = { x: 0, y, w: GRID_WIDTH, h: 1 };
    const panels = flow(row.panels, y + 1);
    y = row.collapsed ? y + 1 : Math.max(y + 1, ...panels.map(([, p]) => p.y + p.h));
    return { row, at, panels };
  });
}

function flow(panels: readonly Panel[], top: number): [Panel, Position][] {
  let x = 0;
  let y = top;
  let lineHeight = 0;
  return panels.map((panel) => {
    if (x + panel.width > GRID_WIDTH) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    const at = { x, y, w: panel.width, h: panel.height };
    x += panel.width;
    lineHeight = Math.max(lineHeight, panel.height);
    return [panel, at];
  });
}
