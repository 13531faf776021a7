/**
 * Compares two versions by their numbers: "1.17.5" and "v1.17.5-stable" are equal. A release comes after its own candidates.
 *
 * @returns Below 0 when `a` is older, above 0 when it is newer, undefined when one of them holds no number.
 */
export function compareVersions(a: string, b: string): number | undefined {
  const [first, second] = [partsOf(a), partsOf(b)];
  if (!first || !second) return undefined;
  for (let i = 0; i < Math.max(first.numbers.length, second.numbers.length); i++) {
    const difference = (first.numbers[i] ?? 0) - (second.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(second.candidate) - Number(first.candidate);
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly candidate: boolean } | undefined {
  const found = /(\d+(?:\.\d+)*)(-?(?:rc|alpha|beta|pre)[\w.]*)?/i.exec(version);
  if (!found?.[1]) return undefined;
  return { numbers: found[1].split(".").map(Number), candidate: found[2] !== undefined };
}
