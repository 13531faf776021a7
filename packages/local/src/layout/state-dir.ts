import { existsSync } from "node:fs";
import * as path from "node:path";

/** Nearest folder upward that holds a Pulumi.yaml: where state of this project belongs. */
export function projectRoot(from: string = process.cwd()): string {
  const parent = path.dirname(from);
  if (existsSync(path.join(from, "Pulumi.yaml")) || parent === from) return from;
  return projectRoot(parent);
}

/** Directory of a stack's nodes: `<project>/.chainkeep/run/<stack>` unless the user says otherwise. */
export function stateDirOf(stack: string, asked: string | undefined): string {
  return asked === undefined
    ? path.join(projectRoot(), ".chainkeep", "run", stack)
    : path.resolve(projectRoot(), asked);
}
