import { createHash } from "node:crypto";

/** A file as far as its digest is concerned. */
export interface DigestedFile {
  readonly content: string;
  readonly createOnly?: boolean;
}

export function contentDigest(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * Digest of all contents except `createOnly` ones: those belong to the program that has changed them since. Permissions do not
 * count, nor does the order of the paths.
 */
export function digestOf(...sets: Readonly<Record<string, DigestedFile>>[]): string {
  const lines = sets
    .flatMap((files) => Object.entries(files))
    .filter(([, file]) => file.createOnly !== true)
    .map(([path, file]) => `${JSON.stringify(path)} ${contentDigest(file.content)}`);
  return contentDigest(lines.sort().join("\n"));
}
