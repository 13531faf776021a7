import type {
  CheckResult,
  CreateResult,
  DiffResult,
  Provider,
  ReadResult,
  UpdateResult,
} from "@pulumi/pulumi/provider";
import { fileSetHandler } from "./file-set-resource";
import { processHandler } from "./process-resource";
import type { ResourceHandler } from "./resource-handler";
import { packageSchema } from "./schema";
import { supervisorHandler } from "./supervisor-resource";
import { type Raw, sendable } from "./wire";

const HANDLERS: Readonly<Record<string, ResourceHandler>> = {
  "chainkeep-local:index:Supervisor": supervisorHandler,
  "chainkeep-local:index:FileSet": fileSetHandler,
  "chainkeep-local:index:Process": processHandler,
};

/** The Pulumi provider of this machine: supervisors, sets of files, supervised processes. */
export class LocalProvider implements Provider {
  readonly version: string;

  constructor(version: string) {
    this.version = version;
  }

  async getSchema(): Promise<string> {
    return JSON.stringify(packageSchema(this.version));
  }

  async check(urn: string, olds: Raw, news: Raw): Promise<CheckResult> {
    const result = await handlerOf(urn).check(olds, news);
    return { ...result, inputs: sendable(result.inputs) };
  }

  async diff(_id: string, urn: string, olds: Raw, news: Raw): Promise<DiffResult> {
    return handlerOf(urn).diff(olds, news);
  }

  async create(urn: string, inputs: Raw): Promise<CreateResult> {
    const { id, outs } = await handlerOf(urn).create(inputs);
    return { id, outs: sendable(outs) };
  }

  async read(id: string, urn: string, props: Raw = {}): Promise<ReadResult> {
    const result = await handlerOf(urn).read(id, props);
    return { ...result, props: sendable(result.props) };
  }

  async update(id: string, urn: string, olds: Raw, news: Raw): Promise<UpdateResult> {
    const { outs } = await handlerOf(urn).update(id, olds, news);
    return { outs: sendable(outs) };
  }

  async delete(_id: string, urn: string, props: Raw): Promise<void> {
    await handlerOf(urn).delete(props);
  }
}

function handlerOf(urn: string): ResourceHandler {
  // "urn:pulumi:stack::project::parent$type::name"
  const type = urn.split("::")[2]?.split("$").pop() ?? "";
  const handler = HANDLERS[type];
  if (handler !== undefined) return handler;
  throw new Error(`${type}: unknown resource type; use one of ${Object.keys(HANDLERS).join(", ")} [UNKNOWN_TYPE]`);
}
