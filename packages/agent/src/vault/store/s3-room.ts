import type { Destination } from "@chainkeep/core";
import { askBucket, s3Place } from "./s3-ask";

/** A list has up to a thousand entries; no vault that restic serves well has more lists. */
const MOST_PAGES = 5000;

/** Bytes of the objects below a vault's prefix; undefined when the bucket does not list them. */
export async function bytesInBucket(destination: Destination): Promise<number | undefined> {
  const prefix = s3Place(destination)?.prefix ?? "";
  let bytes = 0;
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams({ "list-type": "2", prefix, ...(token ? { "continuation-token": token } : {}) });
    const answer = await askBucket(destination, query.toString()).catch(() => undefined);
    if (answer?.status !== 200) return undefined;
    for (const [, size] of answer.text.matchAll(/<Size>(\d+)<\/Size>/g)) bytes += Number(size);
    token = /<NextContinuationToken>([^<]+)</.exec(answer.text)?.[1]?.replaceAll("&amp;", "&");
    if (token === undefined) return bytes;
  }
  return undefined;
}
