/** The last lines of an output, however long it gets and however long its lines are. */
export class OutputTail {
  private readonly kept: string[] = [];
  private rest = "";

  constructor(
    private readonly lines = 200,
    private readonly width = 500,
  ) {}

  take(chunk: string): void {
    const parts = (this.rest + chunk).split("\n");
    // A line without end must not grow without end.
    this.rest = (parts.pop() ?? "").slice(0, this.width);
    for (const part of parts.slice(-this.lines)) this.kept.push(cleaned(part).slice(0, this.width));
    if (this.kept.length > this.lines) this.kept.splice(0, this.kept.length - this.lines);
  }

  all(): string[] {
    return this.rest === "" ? [...this.kept] : [...this.kept, cleaned(this.rest)].slice(-this.lines);
  }
}

/** Without colours and other control characters: reports are read in terminals and browsers. */
function cleaned(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}
