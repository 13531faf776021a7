const EVERY_MS = 15_000;
const REDRAW_MS = 1_000;

/** Tells a person that something takes long, and how long it has taken. */
export interface Progress {
  /** Starts to tell of one thing; several may go on at once. */
  task(label: string): ProgressTask;
  /** A line that stays. */
  line(text: string): void;
}

export interface ProgressTask {
  /** What is being done now. */
  say(doing: string): void;
  /** Ends the telling; the text, if any, stays as a line with the time that it all took. */
  end(text?: string): void;
}

export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

interface Running {
  readonly label: string;
  readonly since: number;
  doing: string;
  timer: NodeJS.Timeout | undefined;
}

/** Says nothing. */
export const silent: Progress = {
  task: () => ({ say: () => undefined, end: () => undefined }),
  line: () => undefined,
};

/** On a terminal one line that is rewritten each second; elsewhere a line at every change and then one each 15 seconds. */
export function progressOn(stream: ProgressStream): Progress {
  return stream.isTTY ? rewritten(stream) : lines(stream);
}

/** "1:05" for 65 seconds. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function lines(stream: ProgressStream): Progress {
  const line = (text: string) => void stream.write(`${text}\n`);
  return {
    line,
    task: (label) => {
      const since = Date.now();
      let timer: NodeJS.Timeout | undefined;
      return {
        say: (doing) => {
          clearInterval(timer);
          line(`${label}: ${doing}`);
          timer = setInterval(() => line(`${label}: ${doing} ... ${elapsed(Date.now() - since)}`), EVERY_MS);
          timer.unref();
        },
        end: (text) => {
          clearInterval(timer);
          if (text !== undefined) line(`${label}: ${text} (${elapsed(Date.now() - since)})`);
        },
      };
    },
  };
}

const CLEAR_LINE = "\r\u001b[2K";

function rewritten(stream: ProgressStream): Progress {
  const running = new Set<Running>();
  const draw = () => {
    const parts = [...running].map((r) => `${r.label}: ${r.doing} ... ${elapsed(Date.now() - r.since)}`);
    stream.write(CLEAR_LINE + parts.join(" | ").slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
  };
  const line = (text: string) => {
    stream.write(`${CLEAR_LINE}${text}\n`);
    if (running.size > 0) draw();
  };
  return {
    line,
    task: (label) => {
      const mine: Running = { label, since: Date.now(), doing: "", timer: undefined };
      return {
        say: (doing) => {
          mine.doing = doing;
          running.add(mine);
          mine.timer ??= setInterval(draw, REDRAW_MS).unref();
          draw();
        },
        end: (text) => {
          clearInterval(mine.timer);
          running.delete(mine);
          stream.write(CLEAR_LINE);
          if (text !== undefined) line(`${label}: ${text} (${elapsed(Date.now() - mine.since)})`);
          else if (running.size > 0) draw();
        },
      };
    },
  };
}
