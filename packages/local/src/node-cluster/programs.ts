import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { agentBundlePath } from "@chainkeep/agent";
import { locateToolSync } from "../tools/locate";
import type { Programs } from "./render";

/** Programs of this machine, each looked up once. */
export function localPrograms(): Programs {
  const found = new Map<string, string>();
  const find = (binary: string) => {
    const known = found.get(binary) ?? locateToolSync(binary);
    found.set(binary, known);
    return known;
  };
  return { node: process.execPath, agentBundle: agentBundlePath(), find };
}

/** Digest of a file's bytes: a new agent bundle restarts the agent. */
export function fileDigest(path: string): string {
  return textDigest(readFileSync(path));
}

export function textDigest(...texts: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text).update("\u0000");
  return hash.digest("hex");
}
