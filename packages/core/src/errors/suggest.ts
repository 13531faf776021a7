import { distance } from "fastest-levenshtein";

/** The known word that was probably meant, if one is within two edits. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  // No known word is so long, and measuring the distance would take its time.
  if (word.length > 100) return undefined;
  const scored = known
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= 2 && edits < candidate.length)
    .sort((a, b) => a.edits - b.edits || a.candidate.localeCompare(b.candidate));
  return scored[0]?.candidate;
}

/** `; did you mean "rpc"` or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const found = suggest(word, known);
  return found === undefined ? "" : `; did you mean ${JSON.stringify(found)}`;
}
