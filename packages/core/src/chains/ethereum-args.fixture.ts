import { ethereum } from "./ethereum";
import { sampleContext } from "./sample-context";
import type { ClientDefinition, Kind, ProcessContext } from "./types";

export type Change = Partial<ProcessContext> & { readonly kind?: Kind; readonly network?: string };

/** A full mainnet node on loopback, changed as asked. */
export function contextOf(client: ClientDefinition, change: Change = {}): ProcessContext {
  return sampleContext(ethereum, client, change.kind ?? "full", change.network ?? "mainnet", change);
}

/** A pod: all interfaces, and both halves of the node on its loopback. */
export const POD: Change = { listen: "0.0.0.0", self: "127.0.0.1", home: "/data/execution", shared: "/data/shared" };

/** One container per process: the halves of a node know each other by name. */
export const CONTAINER: Change = { listen: "0.0.0.0", self: "rpc-0" };

/** Arguments of a full mainnet node on loopback as one text, a line each. */
export function usualArgs(client: ClientDefinition): string {
  return client.args(contextOf(client)).join("\n");
}

/** How arguments differ from those of a full mainnet node: "-" lines are gone, "+" lines are new. */
export function changes(client: ClientDefinition, change: Change): string[] {
  const before = client.args(contextOf(client));
  const after = client.args(contextOf(client, change));
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

/** Codes and paths of what a client refuses in a context. */
export function refusals(client: ClientDefinition, change: Change): string[] {
  return (client.check?.(contextOf(client, change)) ?? []).map(({ path, code }) => `${path} ${code}`);
}

/** Its key is one of the foundation's: geth refuses 128 digits that are no point of the curve. */
const KEY =
  "d860a01f9722d78051619d1e2351aba3f43f943f6f00718d1b9baa4101932a1f5011f16bb2b1bb35db20d6fe28fa0bf09636d26a87d31de9ec6203eeedb1f666";
export const ENODE = `enode://${KEY}@203.0.113.7:30303`;
export const MULTIADDRESS = "/ip4/203.0.113.7/tcp/9000/p2p/16Uiu2HAmLjWYiQiiCcXcLzsL7cCRH7f1ZrM3Zy5Xfsv9Ex8hLNvA";
