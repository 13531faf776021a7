/** A Go module that the program is built from. */
export interface GoBuild {
  readonly module: string;
  readonly package: string;
  /** Module version, with its leading v. */
  readonly version: string;
  /** Version of the program that comes out, when it is not the pinned one. */
  readonly makes?: string;
  /** Variable that the linker sets, and to what: a program without it cannot tell its version. */
  readonly stamp?: Readonly<Record<string, string>>;
  /** Whether the build may use a C compiler. Off unless the program gains by it. */
  readonly cgo?: boolean;
  /** What a build takes with two cores and nothing cached, for the person who waits. */
  readonly takes?: string;
}

/** Archive that the makers publish. `{os}` and `{arch}` stand for this platform. */
export interface Release {
  /** Several programs of one archive share this name, and are installed together. */
  readonly name: string;
  readonly version: string;
  readonly binaries: readonly string[];
  /** https address of the archive. */
  readonly archive: string;
  /** https address of the makers' own list of SHA-256 sums. */
  readonly checksums: string;
  /** How this release writes the architecture. */
  readonly arch: Readonly<Record<"x64" | "arm64", string>>;
  /** Known sums by `os-arch`: they win over the published list. */
  readonly sha256?: Readonly<Record<string, string>>;
  /** The program needs what lies beside it: the whole archive is kept. */
  readonly tree?: Tree;
}

/** What an archive that is kept as a whole must hold, below its one folder. */
export interface Tree {
  /** Path of the executable. */
  readonly program: string;
  /** Files and folders that it cannot do without. */
  readonly needs: readonly string[];
}

/**
 * Who needs a program: `stack` to run the local stack, which runs better with an `optional` one and does without it; `checks`
 * to test rules and routes; `asked` nobody until it is asked for by name.
 */
export type ToolUse = "stack" | "optional" | "checks" | "asked";

export interface Tool {
  /** Name of the executable. */
  readonly name: string;
  readonly version: string;
  readonly use: ToolUse;
  /** What another version on PATH may differ in: "patch" takes newer patches, "minor" newer minors as well. */
  readonly accepts: "patch" | "minor";
  /** Oldest version on PATH that is taken, where it may be older than the pinned one. */
  readonly atLeast?: string;
  /** Arguments that print the version and end. */
  readonly tryArgs: readonly string[];
  /** Whether it says its version; one that does not is only asked whether it runs. Default true. */
  readonly tellsVersion?: boolean;
  readonly release?: Release;
  readonly build?: GoBuild;
}
