import type { Context } from "../context";
import { EXIT } from "../errors";
import { shellExports } from "../project/environment";
import { findProject } from "../project/project";

/** Lines for a shell: `eval "$(npx chainkeep env)"`. */
export async function env(context: Context): Promise<number> {
  context.out(shellExports(findProject()).trimEnd());
  return EXIT.ok;
}
