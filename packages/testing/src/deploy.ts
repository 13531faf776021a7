import * as pulumi from "@pulumi/pulumi";

/** One resource that a program registered. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly custom: boolean;
}

export interface Deployment<T> {
  /** Sorted by URN: children register in no fixed order. */
  readonly resources: readonly RecordedResource[];
  readonly byType: (type: string) => readonly RecordedResource[];
  /** What the program returned. */
  readonly result: T;
}

export interface DeployOptions {
  /** Values that only a deployment knows stay unknown, as in `pulumi preview`. Default false. */
  readonly preview?: boolean;
  readonly project?: string;
  readonly stack?: string;
  /** Outputs that a provider would add to a resource's inputs. Default: the inputs alone. */
  readonly outputs?: (resource: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;
  /** Answers of provider functions. Default: none is expected, a call fails the test. */
  readonly call?: (args: pulumi.runtime.MockCallArgs) => Record<string, unknown>;
}

/**
 * Runs a Pulumi program against mocks and waits until every resource that it registers is settled.
 *
 * Proves wiring: names, parents, inputs, secrets. It does not prove that a provider takes them. Runs one at a time: Pulumi
 * keeps its mocks in a global.
 *
 * @throws whatever the program throws. What an `apply` throws is an unhandled rejection, which your test runner reports.
 * @example
 * const { resources } = await deploy(() => new NodeCluster("devnet", args), { stack: "dev" });
 */
export async function deploy<T>(program: () => T | Promise<T>, options: DeployOptions = {}): Promise<Deployment<T>> {
  const { preview = false, project = "project", stack = "stack" } = options;
  const asked: pulumi.runtime.MockResourceArgs[] = [];
  const mocks: pulumi.runtime.Mocks = {
    newResource: (args) => {
      asked.push(args);
      const id = args.custom === false || preview ? undefined : `${args.name}-id`;
      return { id, state: { ...args.inputs, ...options.outputs?.(args) } };
    },
    call: (args) => {
      if (!options.call) throw new Error(`unexpected call of ${args.token}; give deploy() a call option`);
      return options.call(args);
    },
  };
  await pulumi.runtime.setMocks(mocks, project, stack, preview);
  const result = await program();
  await settled(() => asked.length);
  const resources = recorded(asked);
  return { resources, byType: (type) => resources.filter((r) => r.type === type), result };
}

/** Waits for what the program started: resources register asynchronously, and each may start more in an `apply`. */
async function settled(count: () => number): Promise<void> {
  let before: number;
  do {
    before = count();
    await pulumi.runtime.disconnect();
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  } while (count() !== before);
}

/** Joins what was asked with the URNs that the monitor gave: a child without a parent shows there and nowhere else. */
function recorded(asked: readonly pulumi.runtime.MockResourceArgs[]): RecordedResource[] {
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const urns = [...monitor.getRegisteredResources().keys()];
  return asked
    .map((args) => ({
      urn: urns.find((urn) => belongs(urn, args)) ?? "",
      type: args.type,
      name: args.name,
      inputs: args.inputs as Record<string, unknown>,
      custom: args.custom !== false,
    }))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function belongs(urn: string, { type, name }: pulumi.runtime.MockResourceArgs): boolean {
  const [, , types = "", ...rest] = urn.split("::");
  return rest.join("::") === name && types.split("$").pop() === type;
}

interface MockMonitor {
  getRegisteredResources(): ReadonlyMap<string, unknown>;
}
