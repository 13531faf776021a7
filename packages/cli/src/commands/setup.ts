import type { FoundTool } from "@chainkeep/local";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { checkedStack, findProject, type Project } from "../project/project";
import type { Pulumi } from "../project/pulumi";
import { setUp } from "../project/setup";

export interface StackOptions {
  readonly stack: string;
}

/** A project that is ready for Pulumi. */
export interface Ready {
  readonly project: Project;
  readonly stack: string;
  readonly pulumi: Pulumi;
  readonly tools: readonly FoundTool[];
}

/**
 * Programs, backend, passphrase, stack and seed: whatever is missing.
 *
 * @param wanted - "all" tries to get programs as well that the stack can do without
 */
export async function prepare(options: StackOptions, wanted: "needed" | "all" = "needed"): Promise<Ready> {
  const stack = checkedStack(options.stack);
  const project = findProject();
  // Loads Pulumi's SDK, which takes longer than most commands need altogether.
  const { resolveOptional, resolveTools, toolNames } = await import("@chainkeep/local");
  const needed = await resolveTools(toolNames("stack"));
  const tools = [...needed, ...(wanted === "all" ? await resolveOptional() : [])];
  const [pulumi, host] = ["pulumi", "pulumi-language-nodejs"].map((name) => tools.find((tool) => tool.name === name));
  if (!pulumi || !host) throw new CliError("Pulumi was not found", "UNEXPECTED");
  return { project, stack, tools, pulumi: await setUp(project, stack, { pulumi: pulumi.path, languageHost: host }) };
}

export async function setup(options: StackOptions, context: Context): Promise<number> {
  const { project, stack, tools } = await prepare(options, "all");
  for (const { name, version, source, path } of tools)
    context.out(`${name} ${version ?? "of a version that it does not tell"} (${source}) ${context.style.dim(path)}`);
  context.out(`\nStack ${stack} is ready. Go on with: npm start, or npx pulumi preview, or . ${project.envFile}`);
  return EXIT.ok;
}
