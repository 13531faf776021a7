import { rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { runCommand } from "../../run/commands";
import { fakeInventory, inventoryNode } from "../../testing/fake-node.fixture";
import { RestoreWorld } from "./restore-world.fixture";

let at: RestoreWorld;
let file: string;
beforeEach(async () => {
  at = new RestoreWorld();
  file = path.join(at.root, "agent.json");
  writeFileSync(file, JSON.stringify(await fakeInventory([inventoryNode("rpc-0", "http://127.0.0.1:9")])));
});
afterEach(() => at.close());

async function run(...words: string[]): Promise<{ code: number; err: string }> {
  let err = "";
  const code = await runCommand(["bootstrap", ...words], {
    out: () => {},
    err: (text) => {
      err += text;
    },
  });
  return { code, err };
}

it.each([[], ["--inventory", "x"], ["--inventory", "x", "--node", "a", "--process", "b", "--force"], ["a"]])(
  "says how it is used instead of guessing: %j",
  async (...words) => {
    const { code, err } = await run(...words);
    expect([code, err]).toEqual([2, expect.stringContaining("--node NAME --process NAME; see --help [AGENT_USAGE]")]);
  },
);

it("asks to be tried again when the inventory has no vault, or is not there", async () => {
  const words = ["--inventory", file, "--node", "rpc-0", "--process", "rpc-0"];
  expect(await run(...words)).toEqual({ code: 1, err: expect.stringContaining("[BOOTSTRAP_NO_VAULT]") });
  rmSync(file);
  expect(await run(...words)).toEqual({ code: 1, err: expect.stringContaining("is not there") });
});
