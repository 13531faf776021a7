import { oneLine } from "./text";

/** Text of one cell, and how it is dressed after its width has been measured. */
export interface Cell {
  readonly text: string;
  readonly dress?: (text: string) => string;
  readonly right?: boolean;
}

const GAP = "  ";

/** Columns as wide as their longest cell; lines end without blanks. */
export function table(given: readonly (readonly Cell[])[]): string {
  const rows = given.map((row) => row.map((cell) => ({ ...cell, text: oneLine(cell.text) })));
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.text.length);
  return rows.map((row) => line(row, widths)).join("\n");
}

function line(row: readonly Cell[], widths: readonly number[]): string {
  const cells = row.map(({ text, dress = (t) => t, right }, i) => {
    const blanks = " ".repeat((widths[i] ?? 0) - text.length);
    if (right) return blanks + dress(text);
    return i === row.length - 1 ? dress(text) : dress(text) + blanks;
  });
  return cells.join(GAP).trimEnd();
}
