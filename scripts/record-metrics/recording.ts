import type { TrimOptions } from "./trim";

/** What a recording is made with. */
export interface Ground {
  /** Path of a program, by its name. */
  readonly program: (name: string) => string;
  /** An empty directory that is gone afterwards. */
  readonly directory: string;
  readonly say: (what: string) => void;
}

/** One program whose metrics are recorded. */
export interface Recording {
  readonly name: string;
  readonly version: string;
  /** Programs that must be there. */
  readonly needs: readonly string[];
  readonly how: string;
  readonly trim?: TrimOptions;
  /** Starts what is needed, waits for the series that matter, gives the scrapes, and ends all that it started. */
  readonly scrapes: (ground: Ground) => Promise<readonly string[]>;
}
