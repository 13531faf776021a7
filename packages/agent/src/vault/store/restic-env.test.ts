import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { resticEnv } from "./restic-env";

describe("the environment of restic", () => {
  let directory: string;
  const file = (name: string, text: string) => {
    writeFileSync(path.join(directory, name), text);
    return path.join(directory, name);
  };
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), "chainkeep-env-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const AMBIENT = {
    PATH: "/bin",
    RESTIC_REPOSITORY: "/mine",
    RESTIC_COMPRESSION: "max",
    AWS_ACCESS_KEY_ID: "machine",
    AWS_SESSION_TOKEN: "t",
    SLACK: "x",
  };
  const at = (more: object) => ({
    passwordFile: file("password", "p\n"),
    cache: "/c",
    temporary: "/t",
    destination: { repository: "s3:http://h/b", ...more },
  });

  it("has nothing of a person's own settings for restic, and the machine's keys where the vault names none", async () => {
    expect(await resticEnv(at({ region: "eu-1" }), AMBIENT)).toEqual({
      PATH: "/bin",
      RESTIC_REPOSITORY: "s3:http://h/b",
      RESTIC_PASSWORD_FILE: path.join(directory, "password"),
      RESTIC_CACHE_DIR: "/c",
      RESTIC_PROGRESS_FPS: "4",
      TMPDIR: "/t",
      AWS_ACCESS_KEY_ID: "machine",
      AWS_SESSION_TOKEN: "t",
      AWS_DEFAULT_REGION: "eu-1",
      AWS_REGION: "eu-1",
    });
  });

  it("does not mix the vault's keys with those of the machine", async () => {
    const keys = { accessKeyIdFile: file("id", " vault \n"), secretAccessKeyFile: file("key", "word\nsecond line") };
    const env = await resticEnv(at(keys), AMBIENT);
    expect(env).toMatchObject({ AWS_ACCESS_KEY_ID: "vault", AWS_SECRET_ACCESS_KEY: "word" });
    expect(env).not.toHaveProperty("AWS_SESSION_TOKEN");
  });

  it("gives a directory no keys at all", async () => {
    const env = await resticEnv({ ...at({}), destination: { repository: "/vault" } }, AMBIENT);
    expect(Object.keys(env).filter((name) => name.startsWith("AWS_"))).toEqual([]);
  });

  it("says which file is missing or empty", async () => {
    const none = resticEnv(at({ accessKeyIdFile: "/none" }), {});
    await expect(none).rejects.toMatchObject({ code: "STORE_KEYS", message: expect.stringContaining("/none") });
    const empty = resticEnv({ ...at({}), passwordFile: file("empty", "\n") }, {});
    await expect(empty).rejects.toMatchObject({ code: "STORE_PASSWORD", message: expect.stringContaining("empty") });
  });
});
