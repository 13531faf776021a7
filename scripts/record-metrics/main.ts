import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { findProgram } from "../../test/integration/find-program";
import { agentRecording } from "./agent";
import { cometRecording } from "./comet";
import { gethRecording } from "./geth";
import { alertmanagerRecording, nodeExporterRecording, prometheusRecording } from "./monitoring";
import type { Recording } from "./recording";
import { fixtureText } from "./trim";

const ALL: readonly Recording[] = [
  agentRecording,
  alertmanagerRecording,
  cometRecording,
  gethRecording,
  nodeExporterRecording,
  prometheusRecording,
];
const FOLDER = path.resolve(__dirname, "../../test/fixtures/metrics/recorded");

const HELP = `Records what real programs answer when their metrics are read, as fixtures of the metric contract.

  npm run record:metrics              all of them
  npm run record:metrics geth agent   only these

Programs: ${ALL.map((r) => `${r.name} ${r.version}`).join(", ")}
They are found by CHAINKEEP_<PROGRAM>, on PATH, or in the cache that \`npx chainkeep setup\` fills, and run on loopback in a
directory that is gone afterwards. Each takes between seconds and two minutes.

Exit codes: 0 all recorded; 1 a recording failed; 2 an unknown name; 3 a program is missing.
`;

const started = Date.now();
const say = (text: string) => {
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} ${text}`);
};

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(HELP);
    return 0;
  }
  const unknown = args.filter((name) => !ALL.some((recording) => recording.name === name));
  if (unknown.length > 0) {
    console.error(`nothing is recorded of ${unknown.join(", ")}; there are: ${ALL.map((r) => r.name).join(", ")}`);
    return 2;
  }
  const wanted = ALL.filter(({ name }) => args.length === 0 || args.includes(name));
  const missing = [...new Set(wanted.flatMap(({ needs }) => needs))].filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) {
    console.error(`missing: ${missing.join(", ")}; get them with: npx chainkeep tools --resolve ${missing.join(" ")}`);
    return 3;
  }
  let failed = 0;
  for (const recording of wanted) failed += (await record(recording)) ? 0 : 1;
  say(failed === 0 ? "all recorded" : `${failed} of ${wanted.length} failed`);
  return failed === 0 ? 0 : 1;
}

async function record({ name, version, how, trim, scrapes }: Recording): Promise<boolean> {
  say(`${name} ${version}: begins`);
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-record-"));
  const program = (needed: string) => findProgram(needed) ?? needed;
  try {
    const texts = await scrapes({ program, directory, say: (what) => say(`${name}: ${what}`) });
    const recorded = new Date().toISOString().slice(0, 10);
    const text = fixtureText({ program: name, version, recorded, how }, texts, trim);
    for (const old of readdirSync(FOLDER).filter((file) => file.startsWith(`${name}-`))) rmSync(path.join(FOLDER, old));
    const file = `${name}-${version}.prom`;
    writeFileSync(path.join(FOLDER, file), text);
    say(`${name}: wrote ${file}, ${Math.ceil(text.length / 1024)} KiB`);
    return true;
  } catch (error) {
    say(`${name}: failed: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
