// What backups and restores cost, each against something else that is measured in the same run: `npm run bench -- vault --gib 10`.
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { assertRoom } from "./vault/disk";
import { downtime } from "./vault/downtime";
import { genesis } from "./vault/genesis";
import { growth } from "./vault/growth";
import { restore } from "./vault/restore";
import { endAll } from "./vault/stage";
import { type Outcome, tell } from "./vault/tell";
import { verify } from "./vault/verify";

interface Bench {
  readonly run: (gib: number) => Promise<Outcome>;
  /** Of the size, what it needs on the disk at most. */
  readonly room: number;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  downtime: { run: downtime, room: 3.3 },
  restore: { run: restore, room: 3.3 },
  verify: { run: verify, room: 2.2 },
  growth: { run: growth, room: 3 },
  genesis: { run: genesis, room: 0 },
};

const { values } = parseArgs({ options: { gib: { type: "string", default: "10" }, only: { type: "string" } } });
const size = Number(values.gib);
const chosen = values.only?.split(",") ?? Object.keys(BENCHES);
const unknown = chosen.filter((name) => BENCHES[name] === undefined);
if (!(size > 0) || unknown.length > 0) {
  const names = Object.keys(BENCHES).join(",");
  console.error(`bench vault: use --gib with a number above 0, and --only with some of ${names}`);
  process.exit(2);
}

async function main(): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const name of chosen) {
    const { run, room } = BENCHES[name] as Bench;
    // Each one begins with an empty directory, and deletes it.
    assertRoom(tmpdir(), room * size * 2 ** 30 + 2 ** 30);
    tell(`== ${name}`);
    outcomes.push(await run(size));
    for (const line of outcomes.at(-1)?.lines ?? []) tell(`${name}: ${line}`);
  }
  for (const { name, figures, lines, met } of outcomes) {
    console.log(JSON.stringify({ bench: `vault ${name}`, ...figures, ...(met === undefined ? {} : { met }) }));
    for (const line of lines) console.log(`vault ${name}: ${line}`);
    if (met !== undefined) console.log(`vault ${name}: goal ${met ? "met" : "missed"}`);
  }
  process.exitCode = outcomes.some(({ met }) => met === false) ? 1 : 0;
}

// What a person interrupts removes its directory, too, and ends its nodes.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endAll();
    process.exit(130);
  });
}
void main();
