import { bitcoin } from "./bitcoin";
import { cometbft } from "./cometbft-protocol";
import { ethereum } from "./ethereum";
import { substrate } from "./substrate";
import type { ProtocolDefinition } from "./types";

/** Protocols that come with the library, by name. Own ones are made with `defineProtocol`. */
export const protocols: readonly ProtocolDefinition[] = [bitcoin, cometbft, ethereum, substrate].sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** Day on which the whole catalogue had been reviewed: the oldest review of any pinned release, ISO date. */
export const catalogueDate: string =
  protocols
    .flatMap((protocol) => protocol.clients.map((client) => client.release.reviewed))
    .sort()
    .at(0) ?? "";

/** Built-in protocol of that exact name, e.g. `ethereum`; undefined when there is none. */
export function findProtocol(name: string): ProtocolDefinition | undefined {
  return protocols.find((p) => p.name === name);
}

/** Names of the built-in protocols in alphabetical order. */
export function protocolNames(): string[] {
  return protocols.map((p) => p.name);
}
