import { z } from "zod";
import {
  budgetSchema,
  chainSchema,
  clusterSchema,
  groupSchema,
  healthSchema,
  privateNetworkSchema,
} from "../../packages/core/src/cluster/schema";
import { destinations, receiverSchema } from "../../packages/core/src/monitoring/receivers/schema";
import {
  alertOverrideSchema,
  deadManSchema,
  maintenanceSchema,
  monitoringSchema,
  objectivesSchema,
  referenceSchema,
  remoteWriteSchema,
  scrapeSchema,
  sloSchema,
} from "../../packages/core/src/monitoring/schema";
import {
  backupSchema,
  destinationSchema,
  drillSchema,
  keepSchema,
  lockSchema,
  s3Schema,
  vaultSchema,
  verifySchema,
} from "../../packages/core/src/vault/schema";
import { vaultShape } from "../../packages/local/src/backup-vault/schema";
import { hostPortsSchema } from "../../packages/local/src/layout/host-ports";
import { localValidation } from "../../packages/local/src/node-cluster/schema";
import { type Declaration, exportsOf, moduleOf } from "../../scripts/docs/declarations";
import { packageFolders, sourceTexts } from "../../scripts/docs/source-files";
import { argsProblems, exportProblems, isComponent, outputProblems } from "./docstring-rules";

const modules = new Map(
  sourceTexts(...packageFolders().map((folder) => `${folder}/src`))
    .filter(({ file }) => !/\.(test|fixture)\.ts$/.test(file))
    .map((source) => [source.file, moduleOf(source)]),
);
const declarations = [...modules.values()].flatMap((m) => m.declarations);
const exported = [...new Set(packageFolders().flatMap((folder) => exportsOf(`${folder}/src/index.ts`, modules)))];

describe("docstrings", () => {
  it("say of every arg what it is and what its default is", () => {
    expect(argsProblems(declarations)).toEqual([]);
  });

  it("say of every exported component and function what it is", () => {
    expect(exportProblems(exported)).toEqual([]);
  });

  it("say of every component's output what it is", () => {
    const components = declarations.filter(isComponent);
    expect(components.map((c) => c.name)).toEqual(
      expect.arrayContaining(["BackupVault", "BlockchainNode", "Monitoring", "NodeCluster"]),
    );
    expect(outputProblems(components)).toEqual([]);
    expect(exportProblems(components)).toEqual([]);
  });
});

const shapeOf = (schema: z.ZodType): Record<string, unknown> => {
  if (schema instanceof z.ZodOptional) return shapeOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, unknown>;
  throw new Error("this schema is no object");
};

const interfaceOf = (folder: string, name: string): Declaration => {
  const found = declarations.filter((d) => d.name === name && d.file.startsWith(folder));
  if (found.length !== 1) throw new Error(`${found.length} interfaces ${name} in ${folder}`);
  return found[0]!;
};

describe("interfaces and schemas agree", () => {
  it.each<[string, string, Record<string, unknown>]>([
    ["packages/core", "NodeGroupArgs", shapeOf(groupSchema)],
    ["packages/core", "ChainArgs", shapeOf(chainSchema)],
    ["packages/core", "HealthArgs", shapeOf(healthSchema)],
    ["packages/core", "MonitoringArgs", shapeOf(monitoringSchema)],
    ["packages/core", "SloArgs", shapeOf(sloSchema)],
    ["packages/core", "ObjectivesArgs", shapeOf(objectivesSchema)],
    ["packages/core", "ReferenceArgs", shapeOf(referenceSchema)],
    ["packages/core", "DeadManArgs", shapeOf(deadManSchema)],
    ["packages/core", "MaintenanceArgs", shapeOf(maintenanceSchema)],
    ["packages/core", "RemoteWriteArgs", shapeOf(remoteWriteSchema)],
    ["packages/core", "ScrapeArgs", shapeOf(scrapeSchema)],
    ["packages/core", "BudgetArgs", shapeOf(budgetSchema)],
    ["packages/core", "ReceiverArgs", shapeOf(receiverSchema)],
    ["packages/core", "SlackArgs", shapeOf(destinations.slack)],
    ["packages/core", "DiscordArgs", shapeOf(destinations.discord)],
    ["packages/core", "TelegramArgs", shapeOf(destinations.telegram)],
    ["packages/core", "PagerdutyArgs", shapeOf(destinations.pagerduty)],
    ["packages/core", "OpsgenieArgs", shapeOf(destinations.opsgenie)],
    ["packages/core", "EmailArgs", shapeOf(destinations.email)],
    ["packages/core", "TeamsArgs", shapeOf(destinations.msteams)],
    ["packages/core", "SnsArgs", shapeOf(destinations.sns)],
    ["packages/core", "WebhookArgs", shapeOf(destinations.webhook)],
    ["packages/core", "PrivateNetworkArgs", shapeOf(privateNetworkSchema)],
    ["packages/core", "AlertOverrideArgs", shapeOf(alertOverrideSchema)],
    ["packages/core", "ClusterArgs", shapeOf(clusterSchema)],
    ["packages/core", "BackupArgs", shapeOf(backupSchema)],
    ["packages/core", "VaultArgs", shapeOf(vaultSchema)],
    ["packages/core", "KeepArgs", shapeOf(keepSchema)],
    ["packages/core", "DestinationArgs", shapeOf(destinationSchema)],
    ["packages/core", "S3Args", shapeOf(s3Schema)],
    ["packages/core", "LockArgs", shapeOf(lockSchema)],
    ["packages/core", "VerifyArgs", shapeOf(verifySchema)],
    ["packages/core", "DrillArgs", shapeOf(drillSchema)],
    ["packages/local", "LocalVaultArgs", vaultShape],
    ["packages/local", "LocalArgs", localValidation("NodeCluster").shape ?? {}],
    ["packages/local", "HostPortsArgs", shapeOf(hostPortsSchema)],
  ])("%s: %s", (folder, name, shape) => {
    const members = interfaceOf(folder, name).members.map((m) => [m.name, m.optional ? "optional" : "required"]);
    const keys = Object.entries(shape).map(([key, field]) => [
      key,
      field instanceof z.ZodOptional ? "optional" : "required",
    ]);
    expect(Object.fromEntries(keys)).toEqual(Object.fromEntries(members));
  });
});

describe("the rules themselves", () => {
  const args = (members: string) =>
    argsProblems(moduleOf({ file: "a.ts", text: `export interface FooArgs {\n${members}\n}` }).declarations);

  it.each([
    ["count?: number;", "no docstring"],
    ["/** @default 1 */ count?: number;", "first line is no text"],
    ["/** Number of nodes. */ count?: number;", "0 @default tags"],
    ["/** Number of nodes.\n * @default\n */ count?: number;", "@default says nothing"],
    ["/** Number of nodes.\n * @default -\n */ count?: number;", "@default says nothing"],
    ["/** Number of nodes.\n * @default 1\n */ count: number;", "is required"],
    ["/** Number of nodes.\n * @default - required\n */ count?: number;", "is optional"],
  ])("refuse %s", (members, problem) => {
    expect(args(members)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    "/** Number of nodes.\n * @default 1\n */ count?: number;",
    "/** Number of nodes.\n * @default - required\n */ count: number;",
    "/** Number of nodes.\n * @default - required, unless `b` is given\n */ count?: number;",
    "/** Number of nodes, user@host.\n *\n * More text.\n * @default - as many as needed\n * @example 3\n */ count?: number;",
  ])("accept %s", (members) => {
    expect(args(members)).toEqual([]);
  });

  it("look through the re-exports of an index", () => {
    const files = [
      { file: "p/index.ts", text: 'export * from "./a"; export { c } from "./b";' },
      { file: "p/a.ts", text: "export function a() {}\nfunction hidden() {}" },
      {
        file: "p/b.ts",
        text: "/** Says so. */\nexport const b = () => 1;\nexport const c = () => 2;\nexport const d = 3;",
      },
    ];
    const all = exportsOf("p/index.ts", new Map(files.map((f) => [f.file, moduleOf(f)])));
    expect(exportProblems(all)).toEqual(["p/a.ts:1: a has no docstring", "p/b.ts:3: c has no docstring"]);
  });

  it("find components and their outputs", () => {
    const text = `export class Tree extends pulumi.ComponentResource {
      /** Height in metres. */
      readonly height: number;
      readonly age: number;
      private readonly rings: number;
    }`;
    const found = moduleOf({ file: "t.ts", text }).declarations;
    expect(exportProblems(found)).toEqual(["t.ts:1: Tree has no docstring"]);
    expect(outputProblems(found)).toEqual(["t.ts: Tree.age: no docstring"]);
  });
});
