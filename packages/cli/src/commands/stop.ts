import { lstat, rm } from "node:fs/promises";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { exists } from "../project/files";
import { checkedStack, findProject, type Project, runDir, vaultsDir } from "../project/project";
import { pulumiOf } from "../project/pulumi";
import { engineFlags } from "./start";

export interface StopOptions {
  readonly stack: string;
  readonly purgeData?: boolean;
}

/** Takes the stack down. Data stays, unless it is to go. */
export async function stop(options: StopOptions, context: Context): Promise<number> {
  const stack = checkedStack(options.stack);
  const project = findProject();
  if (await exists(project.backend)) await destroy(project, stack, context);
  else context.out(`Nothing to stop: ${project.root} was never started.`);
  if (options.purgeData) await purge(project, stack, context);
  return EXIT.ok;
}

async function destroy(project: Project, stack: string, context: Context): Promise<void> {
  const { resolveTools } = await import("@chainkeep/local");
  const [tool] = await resolveTools(["pulumi", "pulumi-language-nodejs"]);
  const pulumi = pulumiOf(project, tool?.path ?? "pulumi");
  const { code: known } = await pulumi.ask(["stack", "select", stack]);
  if (known !== 0) {
    context.out(`Nothing to stop: there is no stack ${stack}.`);
    return;
  }
  const code = await pulumi.show(["destroy", "--stack", stack, "--yes", "--skip-preview", ...engineFlags(context)]);
  if (code !== 0)
    throw new CliError(`"pulumi destroy" ended with exit code ${code}; its reasons are above`, "DESTROY_FAILED");
}

/** Only what is ours: the run directory of this stack, and only when nothing runs in it any more. */
async function purge(project: Project, stack: string, context: Context): Promise<void> {
  const directory = runDir(project, stack);
  const found = await lstat(directory).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory())
    throw new CliError(`${directory} is a link or a file; remove it yourself if you mean it`, "PURGE_REFUSED");
  await rm(directory, { recursive: true, force: true });
  context.out(`Removed ${directory}.`);
  await tellOfPoints(project, stack, context);
}

/** Recovery points are never purged along with nodes: they are what is left when that was a mistake. */
async function tellOfPoints(project: Project, stack: string, context: Context): Promise<void> {
  const vaults = vaultsDir(project, stack);
  if (!(await exists(vaults))) return;
  context.out(
    `Kept the recovery points in ${vaults}, and their password in the stack's configuration. A network that is made anew is another chain: points of this one do not fit it. If nobody needs them: rm -r ${vaults}`,
  );
}
