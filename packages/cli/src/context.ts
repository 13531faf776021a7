import { type Style, styleFor, wantsColour } from "./render/style";

/** Where a command writes, and how. */
export interface Context {
  readonly style: Style;
  readonly colour: boolean;
  /** Results: standard output. */
  readonly out: (text: string) => void;
  /** What is going on: standard error. */
  readonly note: (text: string) => void;
  readonly isTerminal: boolean;
}

export function contextFor(colourFlag: boolean): Context {
  const colour = wantsColour(colourFlag, process.stdout);
  return {
    style: styleFor(colour),
    colour,
    out: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    isTerminal: process.stdout.isTTY === true,
  };
}
