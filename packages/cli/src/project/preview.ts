import { CliError } from "../errors";
import type { Pulumi } from "./pulumi";

/** A resource as the program declares it, whether it is deployed or not. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

interface Step {
  readonly op?: string;
  readonly newState?: Partial<PlannedResource>;
  readonly oldState?: Partial<PlannedResource>;
}

/** What the program of a stack declares now, also where nothing is to be changed. Changes nothing itself. */
export async function plannedResources(pulumi: Pulumi, stack: string): Promise<PlannedResource[]> {
  const { code, stdout, stderr } = await pulumi.ask(["preview", "--stack", stack, "--json", "--show-sames"]);
  const steps = stepsOf(stdout);
  if (code !== 0 || steps === undefined) {
    const reason = diagnosticsOf(stdout) || stderr.trim() || `exit code ${code}`;
    throw new CliError(`"pulumi preview" failed: ${reason}`, "PREVIEW_FAILED");
  }
  return steps.flatMap(({ op, newState }) => {
    if (op === "delete" || newState?.urn === undefined) return [];
    return [{ urn: newState.urn, type: newState.type ?? "", inputs: newState.inputs ?? {} }];
  });
}

function stepsOf(text: string): readonly Step[] | undefined {
  const { steps } = parsed(text) as { steps?: unknown };
  return Array.isArray(steps) ? (steps as Step[]) : undefined;
}

/** What the program itself said, e.g. of bad args. */
function diagnosticsOf(text: string): string {
  const { diagnostics } = parsed(text) as { diagnostics?: unknown };
  if (!Array.isArray(diagnostics)) return "";
  const errors = (diagnostics as { severity?: string; message?: string }[]).filter((d) => d.severity === "error");
  return errors.map((d) => d.message?.trim() ?? "").join("\n");
}

function parsed(text: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
