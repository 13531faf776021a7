import { readFileSync } from "node:fs";
import * as path from "node:path";
import { findTool } from "../../../packages/local/src/tools/catalogue";
import { catalogue } from "./rule-world";
import type { Source } from "./sources";

/** A program whose series are read, at the version that this library runs or starts. */
export interface Pin {
  readonly program: string;
  readonly version: string;
  /** It can be built here, so that nothing but a real scrape will do. */
  readonly recordable: boolean;
}

const RECORDED_CLIENTS = new Set(["cometbft", "geth"]);
const SERVICES = ["prometheus", "alertmanager", "node_exporter"];

export const pins: readonly Pin[] = [
  { program: "agent", version: agentVersion(), recordable: true },
  ...SERVICES.map((program) => ({ program, version: findTool(program)?.version ?? "", recordable: true })),
  ...catalogue
    .filter((client) => client.metrics !== undefined)
    .map(({ name, release }) => ({
      program: name,
      version: release.version,
      recordable: RECORDED_CLIENTS.has(name),
    })),
];

function agentVersion(): string {
  const file = path.resolve(__dirname, "../../../packages/agent/package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Programs of which nothing is kept, or what another version told. */
export function pinProblems(wanted: readonly Pin[], sources: readonly Source[]): string[] {
  return wanted.flatMap(({ program, version, recordable }) => {
    const kept = sources.filter((source) => source.program === program);
    const [source] = kept;
    const again = recordable
      ? `run: npm run record:metrics ${program}`
      : `read its source again and put the version under \`for\` in test/fixtures/metrics/transcribed/${program}.yaml`;
    if (source === undefined) return [`${program} ${version}: none of its series are kept; ${again}`];
    if (kept.length > 1) return [`${program}: kept ${kept.length} times; leave one file`];
    if (recordable && source.kind !== "recorded") return [`${program}: only transcribed; ${again}`];
    return source.version === version
      ? []
      : [`${program}: pinned ${version}, but kept is what ${source.version} told; ${again}`];
  });
}
