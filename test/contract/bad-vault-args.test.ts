import { BackupVault } from "@chainkeep/local";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { planVault } from "../../packages/local/src/backup-vault/render";
import { broken, together } from "./break-parts";
import { NO_ARGS, NO_NAMES } from "./breaks";
import { soundVault } from "./sound-vault";
import { expectTold, registering, untold } from "./told";
import { vaultBreaks, vaultMeanings } from "./vault-breaks";

const THOROUGH = Number(process.env.CHAINKEEP_THOROUGH ?? 1);
const PASSWORD = "sesame-0123456789abcdef";
const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 5 });

describe("a vault", () => {
  it("tells every single break where it is", () => {
    const args = { password: PASSWORD };
    expect(
      untold([...vaultBreaks(), ...vaultMeanings()], (bad) => planVault("sound", broken(args, [bad]), "dev")),
    ).toEqual([]);
  });

  it("takes whatever is sound, and leaves its args alone", () => {
    fc.assert(
      fc.property(soundVault, ({ name, args }) => {
        const before = JSON.stringify(args);
        const { spec } = planVault(name, args, "dev");
        expect(spec.name).toBe(name);
        expect(spec.destination.repository).toMatch(/^(\/|s3:https?:\/\/)/);
        expect(JSON.stringify(spec)).not.toContain("sesame");
        expect(JSON.stringify(args)).toBe(before);
      }),
      { numRuns: 200 * THOROUGH },
    );
  });

  it(
    "refuses whatever is broken before anything is registered, names the place, and keeps the password to itself",
    async () => {
      const all = vaultBreaks();
      await fc.assert(
        fc.asyncProperty(soundVault, picks, async ({ name, args }, chosen) => {
          const breaks = together(all, chosen);
          const found = await registering(() => new BackupVault(name, broken(args, breaks)));
          expect(found).toBeInstanceOf(pulumi.RunError);
          const told = breaks.map((b) => b.told);
          expectTold(found, "BackupVault", told, args.password as string);
        }),
        { numRuns: 250 * THOROUGH },
      );
    },
    120_000 * THOROUGH,
  );

  it("refuses what is no args at all, and names that are none", async () => {
    for (const make of NO_ARGS) {
      expectTold(await registering(() => new BackupVault("sound", make() as never)), "BackupVault", ["args"]);
    }
    for (const make of NO_NAMES) {
      const found = await registering(() => new BackupVault(make() as never, { password: PASSWORD }));
      expectTold(found, "BackupVault", ["name"], PASSWORD);
    }
  });
});
