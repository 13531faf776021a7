import type { Problem } from "@chainkeep/core";
import { deploy } from "@chainkeep/testing";
import type { Break } from "./break-parts";

const LINE =
  /^ {2}\S[^\n]*?: (got|missing|unknown)\b[^\n]*; [^\n]*\b(use|give|remove|add|choose)\b[^\n]* \[[A-Z][A-Z0-9_]+\]$/;

export interface Refusal {
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** The refusal of bad args; whatever else goes wrong is thrown. */
export function refusal(action: () => unknown): Refusal | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof Error && error.name === "ConfigError" && "problems" in error) return error as Refusal & Error;
    throw error;
  }
  return undefined;
}

/** The form of every message, and that each break is told where it is. */
export function expectTold(
  found: Refusal | undefined,
  component: string,
  paths: readonly string[],
  seed?: string,
): void {
  expect(found).toBeDefined();
  const { message, problems } = found as Refusal;
  const [head = "", ...lines] = message.split("\n");
  expect(head).toMatch(new RegExp(`^${component} .{1,80} has ${lines.length === 1 ? "1 problem" : "\\d+ problems"}:$`));
  expect(lines).toHaveLength(problems.length);
  for (const line of lines) {
    expect(line).toMatch(LINE);
    expect(line.length).toBeLessThan(800);
    expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  }
  const told = problems.map((p) => p.path);
  expect(told).toEqual(expect.arrayContaining([...paths]));
  expect(new Set(told).size).toBe(told.length);
  if (seed) expect(message).not.toContain(seed);
}

/** Runs a program that must fail before it registers anything. */
export async function registering(program: () => unknown): Promise<Refusal | undefined> {
  let found: Refusal | undefined;
  const { resources } = await deploy(() => {
    found = refusal(program);
  });
  expect(resources).toEqual([]);
  return found;
}

/** Each break by itself: the properties below only draw some of them. */
export function untold(all: readonly Break[], act: (bad: Break) => unknown): string[] {
  return all.flatMap((bad) => {
    const found = refusal(() => act(bad));
    if (found?.problems.some((p) => p.path === bad.told)) return [];
    return [`${bad.told}: ${found?.message ?? "accepted"}`];
  });
}
