import { type Problem, show } from "../errors/errors";
import { pathText } from "../errors/from-zod";
import { loginProblems } from "./login-problems";
import { given, isText, items, record } from "./shapes";

/** Ways to authenticate, by the arg that chooses each. */
const WAYS = ["bearerTokenFile", "username", "sigv4Region"];

/** Stores that would be told who writes in several ways or by half, and stores that are there twice. */
export function remoteWriteProblems(stores: unknown): Problem[] {
  const seen = new Map<string, number>();
  return items(stores).flatMap((value, i) => {
    const store = record(value);
    const at = ["monitoring", "remoteWrite", i] as const;
    const problem = (path: readonly (string | number)[], message: string, code: string) => ({
      path: pathText(path),
      message,
      code,
    });
    const found = [...loginProblems(store)].map(([key, message]) =>
      problem([...at, key], message, "REMOTE_WRITE_LOGIN"),
    );
    const ways = given(store, WAYS);
    if (ways.length > 1) {
      const message = `got ${ways.join(" and ")}; use one of bearerTokenFile, username with passwordFile, sigv4Region`;
      found.push(problem(at, message, "REMOTE_WRITE_AUTH"));
    }
    if (!isText(store.url)) return found;
    const same = seen.get(store.url);
    if (same !== undefined) {
      const message = `got ${show(store.url)}, which is the address of remoteWrite[${same}] as well; remove one of them`;
      found.push(problem([...at, "url"], message, "REMOTE_WRITE_TWICE"));
    } else seen.set(store.url, i);
    return found;
  });
}
