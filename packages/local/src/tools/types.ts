import type { Tool } from "./catalogue";

export type ToolSource = "env" | "path" | "cache" | "download" | "build";

/** A program that can be started. */
export interface FoundTool {
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  /** Without a leading v; undefined when the program cannot tell it. */
  readonly version: string | undefined;
  readonly source: ToolSource;
}

/** Where a program was looked for. */
export interface Located {
  readonly name: string;
  /** Undefined for programs that are not in the catalogue. */
  readonly tool: Tool | undefined;
  readonly found: FoundTool | undefined;
  /** Places that were passed over, and why. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}
