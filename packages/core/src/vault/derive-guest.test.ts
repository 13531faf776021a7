import { deriveMaterial } from "../cluster/material";
import type { GuestPlan } from "../cluster/types";
import { ConfigError } from "../errors/errors";
import { deriveGuest } from "./derive-guest";
import { type Groups, lineageOf, vaultedPlan } from "./vaulted-plan.fixture";

const SEED = "s".repeat(64);
const groups: Groups = { val: { kind: "validator", count: 4 }, copy: { kind: "mirror" } };
const plan = vaultedPlan({ protocol: "cometbft", network: "private" }, groups);
const guest = lineageOf(plan, "cometbft-full").guest as GuestPlan;

describe("what a guest derives from the seed", () => {
  it("holds no key of anybody: what it derives from the seed, it derives by its own name", () => {
    const material = deriveGuest(plan, guest.online, SEED);
    const secrets = (node: string) => Object.values(material.files[node] ?? {}).flatMap(({ secret }) => secret);
    const own = secrets(guest.name);
    expect(own.length).toBeGreaterThan(0);
    const others = plan.nodes.flatMap((n) => secrets(n.name)).map((f) => f.content);
    expect(own.filter((f) => others.includes(f.content))).toEqual([]);
    const { address } = JSON.parse(own.find((f) => f.path.endsWith("priv_validator_key.json"))?.content ?? "{}");
    const genesis = material.files[guest.name]?.node?.open.find((f) => f.path.endsWith("genesis.json"))?.content;
    expect(genesis).toContain("validators");
    expect(genesis).not.toContain(address);
  });

  it.each(["offline", "online"] as const)("changes nothing of anybody else, %s", (mode) => {
    const { files } = deriveGuest(plan, guest[mode], SEED);
    const { [guest.name]: own, ...others } = files;
    expect(own?.node?.open.map((f) => f.path)).toContain("config/genesis.json");
    expect(others).toEqual(deriveMaterial(plan, SEED).files);
  });

  it("is nothing with a seed that anybody could guess", () => {
    expect(() => deriveGuest(plan, guest.offline, "short")).toThrow(ConfigError);
  });
});
