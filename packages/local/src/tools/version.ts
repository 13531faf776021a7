import type { Tool } from "./catalogue";

type Numbers = readonly [major: number, minor: number, patch: number];

/** First version number of a text, without the one of the Go compiler ("go1.26.8"); undefined when there is none. */
export function versionIn(text: string): string | undefined {
  const found = /(?<![\w.-])v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found ? `${found[1]}.${found[2]}.${found[3] ?? 0}` : undefined;
}

type Pin = Pick<Tool, "version" | "accepts" | "atLeast">;

/** Whether a version may stand in for the pinned one: never older than the oldest that is taken, and no further away than the pin allows. */
export function fits({ version, accepts, atLeast = version }: Pin, found: string): boolean {
  const pin = numbers(atLeast);
  const [major, minor, patch] = numbers(found);
  if (major !== pin[0]) return false;
  if (minor === pin[1]) return patch >= pin[2];
  return accepts === "minor" && minor > pin[1];
}

/** Which versions are taken, for a message: "3.7.0 or a later 3.7". */
export function wanted({ version, accepts, atLeast = version }: Pin): string {
  const [major, minor] = numbers(atLeast);
  return `${atLeast} or a later ${accepts === "minor" ? major : `${major}.${minor}`}.x`;
}

function numbers(version: string): Numbers {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return [major, minor, patch];
}
