import { pathToFileURL } from "node:url";
import type { Project } from "./project";

/** Variables that make plain Pulumi commands work on this project. */
export function pulumiVariables(project: Project): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: pathToFileURL(project.backend).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: project.passphrase,
    PULUMI_HOME: project.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** Variables that would win over ours. */
const IN_THE_WAY = ["PULUMI_CONFIG_PASSPHRASE"];

/** Environment of a process. */
export function pulumiEnv(project: Project, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !IN_THE_WAY.includes(name)));
  return { ...rest, ...pulumiVariables(project), PATH: [project.bin, env.PATH].filter(Boolean).join(":") };
}

/** The same for a shell to source. */
export function shellExports(project: Project): string {
  const lines = [
    ...IN_THE_WAY.map((name) => `unset ${name}`),
    ...Object.entries(pulumiVariables(project)).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `export PATH=${quoted(project.bin)}:"$PATH"`,
  ];
  return `${lines.join("\n")}\n`;
}

/** One word for a POSIX shell, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
