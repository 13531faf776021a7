import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fileDigest, localPrograms, textDigest } from "./programs";

const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-programs-"));
const before = { ...process.env };
const place = (name: string) => path.join(directory, name);

beforeEach(() => {
  writeFileSync(place("cometbft"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  writeFileSync(place("agent.cjs"), "// the agent\n");
  process.env = {
    HOME: directory,
    PATH: directory,
    CHAINKEEP_COMETBFT: place("cometbft"),
    CHAINKEEP_AGENT_BUNDLE: place("agent.cjs"),
  };
});

afterEach(() => {
  process.env = before;
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("localPrograms", () => {
  it("finds what was asked for", () => {
    const programs = localPrograms(["cometbft", "cometbft"]);
    expect(programs.find("cometbft")).toBe(place("cometbft"));
    expect(programs.agentBundle).toBe(place("agent.cjs"));
    expect(programs.node).toBe(process.execPath);
  });

  it("tells of everything that is missing at once, and how to get it", () => {
    process.env.CHAINKEEP_AGENT_BUNDLE = place("nowhere.cjs");
    let message = "";
    try {
      localPrograms(["cometbft", "prometheus", "no-such-client"]);
    } catch (error) {
      message = (error as Error).message;
    }
    const [head, ...lines] = message.split("\n");
    expect(head).toBe("this machine has 3 problems:");
    expect(lines).toEqual([
      expect.stringMatching(
        /^ {2}prometheus: not found .*; .*chainkeep tools --resolve prometheus.* \[TOOL_MISSING\]$/,
      ),
      expect.stringMatching(/^ {2}no-such-client: not found on PATH; install it .* \[TOOL_MISSING\]$/),
      expect.stringMatching(
        /^ {2}agent bundle: missing at .*nowhere\.cjs; use npm run build .* \[AGENT_BUNDLE_MISSING\]$/,
      ),
    ]);
  });

  it("gives nothing that was not looked up in time", () => {
    expect(() => localPrograms([]).find("cometbft")).toThrow("cometbft");
  });
});

describe("digests", () => {
  it("follow the bytes, and where one text ends", () => {
    const first = fileDigest(place("agent.cjs"));
    writeFileSync(place("agent.cjs"), "// another agent\n");
    expect(fileDigest(place("agent.cjs"))).not.toBe(first);
    expect(first).toBe(textDigest("// the agent\n"));
    expect(textDigest("ab", "c")).not.toBe(textDigest("a", "bc"));
  });
});
