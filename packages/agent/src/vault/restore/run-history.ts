/** How often it was looked at whether a process runs, and what was seen. */
export class RunHistory {
  private seen: { readonly at: number; readonly running: boolean }[] = [];
  private ends = 0;

  constructor(
    /** Over so many milliseconds a process that takes its data runs most of the time. */
    private readonly windowMs: number,
    /** One that has ended so often does not take them either, however long it runs in between. */
    private readonly mostEnds: number,
  ) {}

  note(at: number, running: boolean): void {
    if (this.seen.at(-1)?.running && !running) this.ends += 1;
    this.seen.push({ at, running });
    while ((this.seen[1]?.at ?? at) <= at - this.windowMs) this.seen.shift();
  }

  /** Whether it ends again and again. A supervisor that starts it anew each time makes it look alive now and then. */
  isDead(): boolean {
    if (this.ends >= this.mostEnds) return true;
    const [first] = this.seen;
    const last = this.seen.at(-1);
    if (!first || !last || last.at - first.at < this.windowMs) return false;
    return this.seen.filter(({ running }) => running).length * 2 < this.seen.length;
  }
}
