import { readFileSync, statSync } from "node:fs";
import { type AgentInventory, ConfigError, parseInventory } from "@chainkeep/core";

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads an inventory file.
 *
 * @throws ConfigError with everything that is wrong, also when the file is missing, torn or too large.
 */
export function readInventory(file: string): AgentInventory {
  return parseInventory(parse(file, read(file)), file);
}

function read(file: string): string {
  try {
    if (statSync(file).size > MAX_BYTES) throw refused(file, `is larger than ${MAX_BYTES} bytes`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw refused(file, code === "ENOENT" ? "is not there" : `cannot be read (${code ?? message})`);
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(file, `is no JSON: ${error instanceof Error ? error.message : "unknown"}`);
  }
}

function refused(file: string, why: string): ConfigError {
  const message = `${why}; give the path of an agent.json that a target wrote`;
  return new ConfigError(`Inventory ${file}`, [{ path: "inventory", message, code: "INVENTORY_UNREADABLE" }]);
}
