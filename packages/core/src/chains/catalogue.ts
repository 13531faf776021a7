import type { ProtocolDefinition } from "./types";

/** Built-in protocols. (helper for bitcoin/substrate completes this file) */
const PROTOCOLS: readonly ProtocolDefinition[] = [];

export function findProtocol(name: string): ProtocolDefinition | undefined {
  return PROTOCOLS.find((p) => p.name === name);
}

export function protocolNames(): string[] {
  return PROTOCOLS.map((p) => p.name);
}
