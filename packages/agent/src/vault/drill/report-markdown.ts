import type { DrillReport, Evidence, Level, Testimony, TimedStep } from "@chainkeep/core";

const PROVEN: Readonly<Record<Level, string>> = {
  exists: "the point is listed in the store and holds data",
  intact: "every byte was read and its sum is right; no key is inside",
  opens: "the client opens the data, offline and without keys",
  chain: "genesis, block hash and state are those of independent nodes",
  progresses: "a node that starts from it imports new blocks up to the head of the network",
  objectives: "the restore kept the objectives",
};
const ORDER = Object.keys(PROVEN) as Level[];

/** A drill's report for people: what was proven, how long it took, and what an operator can count on. */
export function reportMarkdown(report: DrillReport, evidence: Evidence): string {
  const { objectives } = report;
  return [
    `# Restore drill of ${report.cluster}, ${day(report.startedAt)}`,
    "",
    verdict(report, evidence),
    "",
    ...table([
      ["", "measured", "objective", ""],
      [
        "time to recover (RTO)",
        seconds(report.rtoSeconds),
        seconds(objectives.rtoSeconds),
        mark(report.rtoSeconds, objectives.rtoSeconds),
      ],
      [
        "data that would be lost (RPO)",
        lost(report),
        seconds(objectives.rpoSeconds),
        mark(report.rpoSeconds, objectives.rpoSeconds),
      ],
    ]),
    "",
    ...table([
      ["", ""],
      ["point", `\`${report.point}\``],
      ["taken from", report.from],
      ["size", bytes(report.bytes)],
      ["proven", report.reached ?? "nothing"],
      ["started", time(report.startedAt)],
      ["ended", time(report.endedAt)],
      ["evidence", `\`${report.evidence}\``],
    ]),
    "",
    "## Timeline",
    "",
    "```text",
    ...timeline(report.steps, report.endedAt - report.startedAt),
    "```",
    "",
    "## What was proven",
    "",
    ...ladder(report, evidence),
    "",
    ...against(evidence),
    ...lastWords(evidence),
  ].join("\n");
}

function verdict({ met, reached, rtoSeconds }: DrillReport, { failure, inconclusive }: Evidence): string {
  if (met) return "**Passed.** A node was brought back from this point within the objectives.";
  if (failure) return `**Failed.** The point is bad at \`${failure.level}\`: ${cell(failure.text)} (${failure.code}).`;
  if (inconclusive)
    return `**Not decided.** ${cell(inconclusive.text)} (${inconclusive.code}). The point is not held to blame.`;
  if (rtoSeconds !== null)
    return "**Objectives missed.** The point is good, and a restore does not keep the objectives.";
  return `**Not passed.** Proven up to ${reached ?? "nothing"}.`;
}

function ladder({ reached }: DrillReport, { failure }: Evidence): string[] {
  const height = reached === null ? -1 : ORDER.indexOf(reached);
  return ORDER.map((level, i) => {
    const sign = i <= height ? "x" : " ";
    const failed = failure?.level === level ? " — **failed**" : "";
    return `- [${sign}] \`${level}\`: ${PROVEN[level]}${failed}`;
  });
}

function against({ guest, witnesses }: Evidence): string[] {
  if (!guest) return [];
  const row = (who: string, t: Testimony) => [who, String(t.height), short(t.hash), short(t.state), short(t.genesis)];
  return [
    "## Against whom",
    "",
    ...table([
      ["who", "height", "block", "state", "genesis"],
      row("**the restored copy**", guest),
      ...witnesses.map((w) => row(w.who, w)),
    ]),
    "",
  ];
}

function lastWords({ failure, inconclusive, output }: Evidence): string[] {
  if (!failure && !inconclusive) return [];
  return Object.entries(output).flatMap(([process, lines]) =>
    lines.length === 0
      ? []
      : [
          `## Last words of ${process}`,
          "",
          "```text",
          ...lines.slice(-15).map((l) => l.replaceAll("```", "'''")),
          "```",
          "",
        ],
  );
}

const WIDTH = 40;

/** One bar per step, as long as its part of the whole. */
export function timeline(steps: readonly TimedStep[], total: number): string[] {
  const name = Math.max(4, ...steps.map((s) => s.name.length));
  const whole = Math.max(total, 0.001);
  return steps.map((step) => {
    const from = Math.min(WIDTH - 1, Math.max(0, Math.floor((step.at / whole) * WIDTH)));
    const length = Math.min(WIDTH - from, Math.max(1, Math.round((step.seconds / whole) * WIDTH)));
    const bar = `${" ".repeat(from)}${"█".repeat(length)}`.padEnd(WIDTH);
    return `${step.name.padEnd(name)} |${bar}| ${seconds(step.seconds)}`;
  });
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}

/** Texts of nodes and clients must not end a cell or begin something else. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function mark(value: number | null, limit: number): string {
  return value === null ? "not measured" : value <= limit ? "met" : "**missed**";
}

function lost({ rpoSeconds, rpoBlocks }: DrillReport): string {
  return rpoBlocks === null ? seconds(rpoSeconds) : `${seconds(rpoSeconds)}, ${rpoBlocks} blocks`;
}

function seconds(value: number | null): string {
  if (value === null) return "—";
  if (value < 100) return `${Math.round(value * 10) / 10} s`;
  const minutes = Math.round(value / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(value / 3600);
  return hours < 72 ? `${hours} h` : `${Math.round(value / 86_400)} days`;
}

function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${Math.round((value / 1024 ** power) * 10) / 10} ${units[power]}`;
}

function short(hash: string | null): string {
  return hash === null ? "—" : hash.length > 20 ? `\`${hash.slice(0, 8)}…${hash.slice(-8)}\`` : `\`${hash}\``;
}

function time(unix: number): string {
  return new Date(unix * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

function day(unix: number): string {
  return time(unix).slice(0, 10);
}
