import { existsSync } from "node:fs";
import * as path from "node:path";
import { CliError, EXIT } from "../errors";

/** Where a project keeps what. Everything of ours is below `.chainkeep`. */
export interface Project {
  readonly root: string;
  readonly home: string;
  /** Pulumi's state of all stacks. */
  readonly backend: string;
  /** Pulumi's own settings and logs, so that the user's are left alone. */
  readonly pulumiHome: string;
  readonly passphrase: string;
  /** Wrapper of Pulumi, and its language host. */
  readonly bin: string;
  readonly envFile: string;
}

/** The project of the nearest folder upward that has a Pulumi.yaml. */
export function findProject(from: string = process.cwd()): Project {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "Pulumi.yaml"))) return projectAt(folder);
    if (path.dirname(folder) === folder) {
      const message = `no Pulumi.yaml in ${path.resolve(from)} or above; run this inside of a project`;
      throw new CliError(message, "NO_PROJECT", EXIT.usage);
    }
  }
}

export function projectAt(root: string): Project {
  const home = path.join(root, ".chainkeep");
  return {
    root,
    home,
    backend: path.join(home, "backend"),
    pulumiHome: path.join(home, "pulumi"),
    passphrase: path.join(home, "passphrase"),
    bin: path.join(home, "bin"),
    envFile: path.join(home, "env.sh"),
  };
}

/** Directory of a stack's clusters. */
export function runDir(project: Project, stack: string): string {
  return path.join(project.home, "run", stack);
}

/** Where vaults of a stack are that were given no other place. */
export function vaultsDir(project: Project, stack: string): string {
  return path.join(project.home, "vaults", stack);
}

/** Pulumi's configuration of a stack. */
export function configFile(project: Project, stack: string): string {
  return path.join(project.root, `Pulumi.${stack}.yaml`);
}

/** A stack's name becomes part of paths. */
export function checkedStack(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(name)) return name;
  const message = `--stack: got ${JSON.stringify(name)}; use letters, digits, ".", "_" and "-"`;
  throw new CliError(message, "STACK_NAME", EXIT.usage);
}
