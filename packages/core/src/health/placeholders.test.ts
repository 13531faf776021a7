import { checkpointMistakes, placeholdersOf } from "./placeholders";
import type { HealthProbe, ProbeRequest } from "./types";

const probe = (checkpoint: ProbeRequest | undefined, rest: HealthProbe["requests"] = {}): HealthProbe => ({
  port: "rpc",
  requests: { status: { get: "/status" }, ...rest },
  head: { height: { from: "status", path: "height", as: "decimal" } },
  ...(checkpoint ? { checkpoint: { request: checkpoint, path: "" } } : {}),
});

const rpc = (...params: unknown[]): ProbeRequest => ({ rpc: { method: "block", params } });

describe("placeholdersOf", () => {
  it("counts a parameter only as a whole, and a path by what it holds", () => {
    expect(placeholdersOf(rpc("$checkpoint"))).toEqual({ height: false, hash: false, checkpoint: true });
    expect(placeholdersOf(rpc({ at: ["$checkpointHex"] })).checkpoint).toBe(true);
    expect(placeholdersOf(rpc("about $checkpoint")).checkpoint).toBe(false);
    expect(placeholdersOf({ get: "/block?height=$checkpoint" }).checkpoint).toBe(true);
    expect(placeholdersOf({ get: "/block?height=$height" })).toEqual({ height: true, hash: false, checkpoint: false });
  });
});

describe("checkpointMistakes", () => {
  it.each<[string, HealthProbe]>([
    ["no checkpoint", probe(undefined)],
    ["a number", probe(rpc("$checkpoint"))],
    ["a hexadecimal quantity", probe(rpc("$checkpointHex", false))],
    ["a path", probe({ get: "/block?height=$checkpoint" })],
  ])("finds none in %s", (_, given) => {
    expect(checkpointMistakes(given)).toEqual([]);
  });

  it.each<[string, HealthProbe, string, string, RegExp]>([
    ["a question without a height", probe(rpc("latest")), "checkpoint.request", "CHECKPOINT_HEIGHT", /got no height/],
    ["the head's height", probe(rpc("$height")), "checkpoint.request", "CHECKPOINT_HEIGHT", /placeholder of the head/],
    ["both", probe(rpc("$checkpoint", "$hash")), "checkpoint.request", "CHECKPOINT_HEIGHT", /placeholder of the head/],
    ["no form", probe({}), "checkpoint.request", "REQUEST_FORM", /neither/],
    ["two forms", probe({ ...rpc("$checkpoint"), get: "/x" }), "checkpoint.request", "REQUEST_FORM", /both/],
    [
      "a checkpoint in a question for the head",
      probe(undefined, { old: { get: "/block/$checkpoint" } }),
      "requests.old",
      "CHECKPOINT_HEIGHT",
      /checkpoint\.request alone/,
    ],
  ])("finds %s", (_, given, path, code, message) => {
    expect(checkpointMistakes(given)).toEqual([{ path, code, message: expect.stringMatching(message) }]);
  });
});
