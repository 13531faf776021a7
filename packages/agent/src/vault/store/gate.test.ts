import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Gate } from "./gate";

describe("a gate", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), "chainkeep-gate-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const never = new Promise<never>(() => undefined);

  it("holds up its reader until it is opened, and leaves nothing", async () => {
    const gate = (await Gate.make(directory, "a")) as Gate;
    const reading = readFile(gate.file, "utf8");
    expect(await gate.reached(never)).toBe(true);
    expect(await Promise.race([reading, Promise.resolve("held up")])).toBe("held up");
    await gate.open();
    expect(await reading).toMatch(/^#/);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("lets nothing be copied when it is closed", async () => {
    const gate = (await Gate.make(directory, "b")) as Gate;
    const reading = readFile(gate.file, "utf8");
    await gate.reached(never);
    await gate.close();
    expect(await reading).toBe("*\n");
  });

  it("is not waited for when the reader does not come", async () => {
    const gate = (await Gate.make(directory, "c")) as Gate;
    expect(await gate.reached(Promise.reject(new Error("ended")))).toBe(false);
    await gate.close();
    expect(readdirSync(directory)).toEqual([]);
  });
});
