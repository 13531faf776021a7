// What backups and restores cost, each against something else that is measured in the same run: `npm run bench -- vault --gib 10`.
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { assertRoom } from "./vault/disk";
import { downtime } from "./vault/downtime";
import { genesis } from "./vault/genesis";
import { growth } from "./vault/growth";
import { restore } from "./vault/restore";
import { limitReads } from "./vault/slow-disk";
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

const { values } = parseArgs({
  options: { gib: { type: "string", default: "10" }, only: { type: "string" }, "read-mib": { type: "string" } },
});
const size = Number(values.gib);
const readMib = values["read-mib"] === undefined ? undefined : Number(values["read-mib"]);
const chosen = values.only?.split(",") ?? Object.keys(BENCHES);
const unknown = chosen.filter((name) => BENCHES[name] === undefined);
if (!(size > 0) || !(readMib === undefined || readMib > 0) || unknown.length > 0) {
  const names = Object.keys(BENCHES).join(",");
  console.error(
    `bench vault: use --gib with a number above 0, --only with some of ${names}, and perhaps --read-mib with what the disk may read per second`,
  );
  process.exit(2);
}

const unlimited = readMib === undefined ? undefined : limitReads(readMib);

async function main(): Promise<void> {
  const outcomes: Outcome[] = [];
  if (readMib !== undefined) tell(`the disk is read with ${readMib} MiB/s at most`);
  for (const name of chosen) {
    const { run, room } = BENCHES[name] as Bench;
    // Each one begins with an empty directory, and deletes it.
    assertRoom(tmpdir(), room * size * 2 ** 30 + 2 ** 30);
    tell(`== ${name}`);
    outcomes.push(await run(size));
    for (const line of outcomes.at(-1)?.lines ?? []) tell(`${name}: ${line}`);
  }
  const limit = readMib === undefined ? {} : { readMib };
  for (const { name, figures, lines, met } of outcomes) {
    console.log(
      JSON.stringify({ bench: `vault ${name}`, ...limit, ...figures, ...(met === undefined ? {} : { met }) }),
    );
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
void main().finally(() => unlimited?.());
