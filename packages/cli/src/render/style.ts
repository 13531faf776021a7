/** Colours, or none. Meaning never hangs on a colour alone. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const plainText = (text: string) => text;
export const plain: Style = { good: plainText, bad: plainText, warn: plainText, dim: plainText, bold: plainText };

const sgr = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`;
const coloured: Style = {
  good: sgr(32, 39),
  bad: sgr(31, 39),
  warn: sgr(33, 39),
  dim: sgr(2, 22),
  bold: sgr(1, 22),
};

/** NO_COLOR (https://no-color.org) and --no-color win; else colours go to terminals only. */
export function wantsColour(
  flag: boolean,
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  return flag && !env.NO_COLOR && env.TERM !== "dumb" && stream.isTTY === true;
}

export function styleFor(colour: boolean): Style {
  return colour ? coloured : plain;
}
