import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AgentInventory, InventoryNode, Kind } from "@chainkeep/core";
import { asVaultError } from "../vault-error";
import { type PromoteRequest, promote } from "./promote";
import { Promotions } from "./promotions";

let directory: string;
let events: string[];
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "chainkeep-promoted-"));
  events = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = () => path.join(directory, "promoted.json");
const log = (_: string, event: string) => void events.push(event);
const open = () => new Promotions(directory, log);
const node = (name: string, kind: Kind = "mirror") =>
  ({ name, kind, group: kind === "mirror" ? "mirror" : "rpc", servesRpc: kind !== "mirror" }) as InventoryNode;
const inventory = (...nodes: InventoryNode[]) =>
  ({ nodes: [node("rpc-0", "full"), ...nodes], proxy: { defaultGroup: "rpc" } }) as unknown as AgentInventory;

describe("Promotions", () => {
  it("outlive the agent", async () => {
    await open().set("mirror-0", true);
    expect([...open().get()]).toEqual(["mirror-0"]);
    await open().set("mirror-0", false);
    expect([...open().get()]).toEqual([]);
  });

  it("make a mirror a node of the group that serves, and nothing else", async () => {
    const promotions = open();
    await promotions.set("mirror-0", true);
    await promotions.set("rpc-0", true);
    const given = inventory(node("mirror-0"), node("mirror-1"));
    const { nodes } = promotions.applied(given);
    expect(nodes.map((n) => [n.name, n.group, n.servesRpc])).toEqual([
      ["rpc-0", "rpc", true],
      ["mirror-0", "rpc", true],
      ["mirror-1", "mirror", false],
    ]);
    const { proxy: _, ...without } = given;
    expect(promotions.applied(without)).toBe(without);
  });

  it("end with the node: another one of the same name serves nobody by itself", async () => {
    const promotions = open();
    await promotions.set("mirror-0", true);
    await promotions.keep(inventory(node("mirror-0")));
    expect([...promotions.get()]).toEqual(["mirror-0"]);
    await promotions.keep(inventory());
    expect([...open().get()]).toEqual([]);
  });

  it("are not begun when they cannot be kept", async () => {
    const blocked = path.join(directory, "file");
    writeFileSync(blocked, "");
    const promotions = new Promotions(path.join(blocked, "vault"), log);
    await expect(promotions.set("mirror-0", true)).rejects.toThrow();
    expect([...promotions.get()]).toEqual([]);
  });

  it.each(["{", "7", '{"a":1}'])("are none, and are told of, when their file says %s", (text) => {
    writeFileSync(file(), text);
    expect([...open().get()]).toEqual([]);
    expect(events).toEqual(["promotions_torn"]);
  });

  it("are none where there is no vault", () => {
    expect([...new Promotions(undefined, log).get()]).toEqual([]);
    expect(events).toEqual([]);
  });

  it("stay in force when what is to be forgotten cannot be written", async () => {
    const promotions = open();
    await promotions.set("mirror-0", true);
    rmSync(directory, { recursive: true });
    writeFileSync(directory, "");
    await promotions.keep(inventory());
    expect(events).toEqual(["promotion_not_forgotten"]);
    rmSync(directory);
    mkdirSync(directory);
  });
});

describe("promote", () => {
  const world = (given: AgentInventory, ready = true) => {
    const reasons = ready ? [] : [{ code: "BEHIND", text: "900 blocks behind" }];
    const states = new Map(given.nodes.map((n) => [n.name, { node: n, ready, reasons }]));
    return { inventory: () => given, fleet: () => ({ nodes: states }), log } as unknown as Parameters<
      typeof promote
    >[0];
  };
  const job = { id: "job", signal: new AbortController().signal, step: () => {}, progress: () => {} };
  const ask = async (request: PromoteRequest, given: AgentInventory, ready = true) => {
    let told = 0;
    const onChange = async () => void told++;
    const result = await promote(world(given, ready), request, job, open(), onChange).catch((error) =>
      asVaultError(error),
    );
    return { result, told };
  };

  it("is in force at once, and undone the same way, also when the mirror is not ready", async () => {
    const { result, told } = await ask({ node: "mirror-0" }, inventory(node("mirror-0")));
    expect([result, told]).toEqual([{ node: "mirror-0", promoted: true, group: "rpc" }, 1]);
    expect(JSON.parse(readFileSync(file(), "utf8"))).toEqual(["mirror-0"]);
    const undone = await ask({ node: "mirror-0", undo: true }, inventory(node("mirror-0")), false);
    expect(undone.result).toMatchObject({ promoted: false });
    expect(JSON.parse(readFileSync(file(), "utf8"))).toEqual([]);
  });

  it.each<[string, string, AgentInventory, boolean, string]>([
    ["PROMOTE_KIND", "rpc-0", inventory(node("mirror-0")), true, "use one of mirror-0"],
    ["PROMOTE_KIND", "mirror-9", inventory(), true, "no node of this cluster"],
    ["PROMOTE_NOT_READY", "mirror-0", inventory(node("mirror-0")), false, "900 blocks behind"],
    ["PROMOTE_NO_PROXY", "mirror-0", { nodes: [node("mirror-0")] } as unknown as AgentInventory, true, "no group"],
  ])("is refused with %s, and nothing is remembered", async (code, name, given, ready, text) => {
    const { result, told } = await ask({ node: name }, given, ready);
    expect(result).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(told).toBe(0);
    expect([...open().get()]).toEqual([]);
  });
});
