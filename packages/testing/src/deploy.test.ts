import * as pulumi from "@pulumi/pulumi";
import { deploy } from "./deploy";

class Leaf extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;
  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("toy:index:Leaf", name, { address: undefined, ...args }, opts);
  }
}

class Tree extends pulumi.ComponentResource {
  readonly leaf: Leaf;
  constructor(name: string) {
    super("toy:index:Tree", name, {});
    this.leaf = new Leaf(`${name}-leaf`, { size: 3 }, { parent: this });
    this.registerOutputs({});
  }
}

describe("deploy", () => {
  it("waits for children and tells their parents through the URN", async () => {
    const { resources, byType } = await deploy(() => new Tree("oak"), { project: "p", stack: "s" });
    expect(resources.map((r) => r.urn)).toEqual([
      "urn:pulumi:s::p::toy:index:Tree$toy:index:Leaf::oak-leaf",
      "urn:pulumi:s::p::toy:index:Tree::oak",
    ]);
    expect(byType("toy:index:Leaf")[0]?.inputs).toMatchObject({ size: 3 });
  });

  it("waits for resources that are made late", async () => {
    const { resources } = await deploy(() => {
      new Leaf("early", {}).id.apply((id) => new Leaf(`after-${id}`, {}));
    });
    expect(resources.map((r) => r.name)).toEqual(["after-early-id", "early"]);
  });

  it("leaves values unknown in a preview", async () => {
    let ran = false;
    await deploy(
      () => {
        new Leaf("l", {}).id.apply(() => {
          ran = true;
        });
      },
      { preview: true },
    );
    expect(ran).toBe(false);
  });

  it("throws what the program throws", async () => {
    await expect(deploy(() => Promise.reject(new Error("at once")))).rejects.toThrow("at once");
  });

  it("gives outputs that a provider would add", async () => {
    let seen = "";
    await deploy(
      () => {
        new Leaf("l", {}).address.apply((address) => {
          seen = address;
        });
      },
      { outputs: () => ({ address: "10.0.0.1" }) },
    );
    expect(seen).toBe("10.0.0.1");
  });
});
