// Registers resources from data, with nothing but Pulumi's SDK: what a preview costs without any component of ours.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { RawResource } from "./raw-resource";

const OUTPUTS = ["supervisorId", "stateDir", "socket", "attachCommand", "digest", "logFile"];
const made = new Map<string, pulumi.Resource>();

function value(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(value);
  if (typeof input !== "object" || input === null) return input;
  const { $output, $secret } = input as { $output?: [string, string]; $secret?: unknown };
  if ($output) return (made.get($output[0]) as unknown as Record<string, unknown>)[$output[1]];
  if ($secret !== undefined) return pulumi.secret(value($secret));
  return Object.fromEntries(Object.entries(input).map(([key, inner]) => [key, value(inner)]));
}

class Component extends pulumi.ComponentResource {
  constructor(type: string, name: string, opts: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
    this.registerOutputs({});
  }
}

class Plain extends pulumi.CustomResource {}

function register({ type, name, custom, parent, dependsOn, inputs }: RawResource): pulumi.Resource {
  const needed = dependsOn.map((other) => made.get(other) as pulumi.Resource);
  const opts = { ...(parent === undefined ? {} : { parent: made.get(parent) as pulumi.Resource }), dependsOn: needed };
  if (!custom) return new Component(type, name, opts);
  const unset = Object.fromEntries(OUTPUTS.filter((o) => !(o in inputs)).map((output) => [output, undefined]));
  return new Plain(type, name, { ...(value(inputs) as object), ...unset }, opts);
}

// Pulumi runs a program in its own directory.
const data = readFileSync("resources.json", "utf8");
for (const resource of JSON.parse(data) as RawResource[]) made.set(resource.name, register(resource));
