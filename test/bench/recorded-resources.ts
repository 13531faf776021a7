import { deploy, type RecordedResource } from "@chainkeep/testing";
import * as pulumi from "@pulumi/pulumi";
import type { RawResource } from "./raw-program/raw-resource";

const SECRET = "4dabf18193072939515e22adb298388d";
const OUTPUT = "output of ";
const TOKEN = "chainkeep-local:index:";

/** The resources that a program registers, as data from which a program without any component can register them. */
export async function recordedResources(
  program: () => unknown,
  stack: string,
  project: string,
): Promise<readonly RawResource[]> {
  const { resources } = await deploy(program, {
    stack,
    project,
    outputs: ({ type, name }) => (type === `${TOKEN}Supervisor` ? marks(name, "supervisorId", "stateDir") : {}),
  });
  const names = new Set(resources.map((r) => r.name));
  return resources.map((r) => rawOf(r, names)).sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
}

/** Outputs by which resources refer to each other. */
function marks(name: string, ...outputs: string[]): Record<string, string> {
  return Object.fromEntries(outputs.map((output) => [output, `${OUTPUT}${name} ${output}`]));
}

function rawOf(resource: RecordedResource, names: ReadonlySet<string>): RawResource {
  const { type, name, custom, inputs } = resource;
  const files = `${name}-files`;
  const parent = parentOf(resource);
  const dependsOn = type === `${TOKEN}Process` ? [supervisorOf(inputs), ...(names.has(files) ? [files] : [])] : [];
  return { type, name, custom, ...(parent ? { parent } : {}), dependsOn, inputs: portable(inputs) as object };
}

/** Which component a resource is in: the URN tells its type, and there is one of each. */
function parentOf({ urn, name }: RecordedResource): string | undefined {
  const chain = (urn.split("::")[2] ?? "").split("$");
  if (chain.length < 2) return undefined;
  const root = name.split("-")[0] ?? "";
  return chain[0] === `${TOKEN}Monitoring` ? `${root}-monitoring` : root;
}

function supervisorOf({ supervisor }: RecordedResource["inputs"]): string {
  return String(supervisor).slice(OUTPUT.length).split(" ")[0] ?? "";
}

/** Components first, then what others depend on. */
function order({ type, custom, parent }: RawResource): number {
  if (!custom) return parent === undefined ? 0 : 1;
  return [`${TOKEN}Supervisor`, `${TOKEN}FileSet`].includes(type) ? 2 : 3;
}

function portable(value: unknown): unknown {
  if (typeof value === "string" && value.startsWith(OUTPUT)) {
    const [resource, output] = value.slice(OUTPUT.length).split(" ");
    return { $output: [resource, output] };
  }
  if (Array.isArray(value)) return value.map(portable);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET in value && "value" in value) return { $secret: portable(value.value) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, portable(inner)]));
}

/** Secrets of the stack: the seed, which is its vault's password, too. */
export function setSeed(seed: string): void {
  const secrets = { "chainkeep:seed": seed, "chainkeep:vaultPassword": seed };
  pulumi.runtime.setAllConfig(secrets, Object.keys(secrets));
}
