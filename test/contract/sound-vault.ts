import type { BackupVaultArgs } from "@chainkeep/local";
import fc from "fast-check";

const whole = (min: number, max: number) => fc.integer({ min, max });
const sometimes = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T, never>(fields, { requiredKeys: [] });

const s3 = sometimes<{ endpoint: string; region: string; prefix: string }>({
  endpoint: fc.constantFrom("https://s3.eu-west-1.amazonaws.com", "http://127.0.0.1:9000", "http://[::1]:9000"),
  region: fc.constantFrom("eu-west-1", "auto"),
  prefix: fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?$/),
}).map((more) => ({ s3: { bucket: "vault", ...more } }));
const directory = fc.stringMatching(/^\/[a-z]{1,8}(\/[a-z ]{1,8})?$/).map((found) => ({ directory: found }));

const cron = fc.constantFrom("0 3 * * *", "*/30 * * * *", "15 4 1,15 * 1-5", "0 0 29 2 *");
const copyName = fc.stringMatching(/^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$/);

/** Copies are in different places: each has a directory of its name. */
const copies = fc
  .dictionary(copyName, fc.boolean(), { maxKeys: 3 })
  .map((names) => Object.fromEntries(Object.keys(names).map((name) => [name, { directory: `/copies/${name}` }])));

export interface SoundVault {
  readonly name: string;
  readonly args: BackupVaultArgs;
}

export const soundVault: fc.Arbitrary<SoundVault> = fc.record({
  name: fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/),
  args: fc
    .tuple(
      fc.stringMatching(/^[a-f0-9]{16,64}$/).map((text) => ({ password: `sesame-${text}` })),
      sometimes<Omit<BackupVaultArgs, "password" | "passwordFile">>({
        schedule: cron,
        everyBlocks: whole(10, 1_000_000_000),
        keep: sometimes({
          last: whole(1, 10_000),
          hourly: whole(0, 10_000),
          daily: whole(0, 10_000),
          weekly: whole(0, 10_000),
          monthly: whole(0, 10_000),
        }),
        destination: fc.oneof(s3, directory),
        copies,
        lock: fc.oneof(fc.constant(false as const), sometimes({ days: whole(1, 36_500) })),
        verify: fc.oneof(
          fc.constant(false as const),
          sometimes({
            schedule: cron,
            afterEach: fc.boolean(),
            level: fc.constantFrom("exists", "chain", "progresses"),
          }),
        ),
        drill: fc.oneof(fc.constant(false as const), sometimes({ schedule: cron, from: fc.constant("vault") })),
        objectives: sometimes({ rtoSeconds: whole(60, 31_536_000) }),
        onStopTimeout: fc.constantFrom("skip", "crash-consistent"),
        minReady: whole(1, 200),
        stateDir: fc.stringMatching(/^[a-z]{1,10}(\/[a-z ]{1,10})?$/),
      }),
    )
    .map(([password, more]) => ({ ...password, ...more })),
});
