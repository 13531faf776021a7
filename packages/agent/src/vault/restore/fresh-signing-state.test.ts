import { rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { restoreNode } from "./restore-node";
import { FRESH, failure, KEPT, NEW_DATA, OLD_DATA, RestoreWorld, readTree } from "./restore-world.fixture";

const NEW = { ...KEPT, ...NEW_DATA };
const OLD = { ...KEPT, ...OLD_DATA };
const QUICK = { readyMs: 2000, deadMs: 60, pollMs: 5 };
const NEWEST = { node: "mirror-0", point: { newestVerified: true } } as const;

let at: RestoreWorld;
beforeEach(() => {
  at = new RestoreWorld();
});
afterEach(() => at.close());

const restore = () => restoreNode(at.world(), NEWEST, at.job, QUICK);

describe("a node of which more is lost than its data", () => {
  it("has a memory of its signatures again, which its client does not start without", async () => {
    at.point();
    rmSync(path.join(at.home, "data"), { recursive: true });
    await restore();
    expect(readTree(at.home)).toEqual({ ...NEW, "data/priv_validator_state.json": FRESH });
  });

  it("is refused while its configuration is gone", async () => {
    at.point();
    const written = { "config/app.toml": {}, "config/genesis.json": {}, "data/priv_validator_state.json": {} };
    writeFileSync(path.join(at.home, ".chainkeep-files"), JSON.stringify(written));
    const { problems } = await failure(restore());
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ["RESTORE_NO_FILES", expect.stringMatching(/no config\/genesis\.json in .*pulumi up --refresh/)],
    ]);
    expect([readTree(at.home), at.calls.includes("stop")]).toEqual([OLD, false]);
  });
});
