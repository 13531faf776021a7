import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { ConfigError } from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import { passwordText, planVault } from "./render";

const PASSWORD = "sesame-0123456789";
const root = realpathSync(mkdtempSync(path.join(tmpdir(), "chainkeep-vault-")));
const before = process.cwd();

beforeAll(() => {
  writeFileSync(path.join(root, "Pulumi.yaml"), "name: x\n");
  mkdirSync(path.join(root, "program"));
  process.chdir(path.join(root, "program"));
});

afterAll(() => {
  process.chdir(before);
  rmSync(root, { recursive: true, force: true });
});

function problems(args: object): string[] {
  try {
    planVault("vault", args as never, "dev");
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((p) => `${p.path} ${p.code}`);
  }
}

function secretFile(name: string, mode = 0o600): string {
  const file = path.join(root, name);
  writeFileSync(file, PASSWORD);
  chmodSync(file, mode);
  return file;
}

describe("a vault on this machine", () => {
  it("keeps points and password apart, each in a place of the stack's own", () => {
    const { spec, passwordFile, written } = planVault("vault", { password: PASSWORD }, "dev");
    expect(spec.destination).toEqual({ repository: path.join(root, ".chainkeep", "vaults", "dev", "vault") });
    expect(passwordFile).toBe(path.join(root, ".chainkeep", "run", "dev", "_vaults", "vault", "password"));
    expect(written).toEqual({ directory: path.dirname(passwordFile), file: "password" });
    const other = planVault("vault", { password: PASSWORD }, "prod");
    expect(other.spec.destination).not.toEqual(spec.destination);
    expect(other.passwordFile).not.toBe(passwordFile);
  });

  it("writes the password where the user says, and keeps points where the user says", () => {
    const args = { password: PASSWORD, stateDir: "keys", destination: { directory: "/srv/vault" } };
    const { spec, passwordFile } = planVault("vault", args, "dev");
    expect(passwordFile).toBe(path.join(root, "keys", "_vaults", "vault", "password"));
    expect(spec.destination).toEqual({ repository: "/srv/vault" });
  });

  it("writes nothing where somebody else writes the password, and says when others can read it", () => {
    const closed = secretFile("closed");
    expect(planVault("vault", { passwordFile: closed }, "dev")).toMatchObject({
      passwordFile: closed,
      written: undefined,
      warnings: [],
    });
    const open = secretFile("open", 0o644);
    const s3 = { bucket: "vault", secretAccessKeyFile: open };
    const { warnings } = planVault("vault", { passwordFile: open, destination: { s3 } }, "dev");
    expect(warnings).toEqual([
      `passwordFile: everybody on this machine can read ${open}; use chmod 600 ${open}`,
      `destination.s3.secretAccessKeyFile: everybody on this machine can read ${open}; use chmod 600 ${open}`,
    ]);
  });

  it("needs one of the two ways to have a password", () => {
    expect(problems({})).toEqual(["password VAULT_PASSWORD"]);
    expect(problems({ password: PASSWORD, passwordFile: secretFile("both") })).toEqual(["passwordFile VAULT_PASSWORD"]);
    expect(problems({ passwordFile: path.join(root, "nowhere") })).toEqual(["passwordFile SECRET_FILE_MISSING"]);
    expect(problems({ password: pulumi.secret(PASSWORD) })).toEqual([]);
    expect(problems({ password: Promise.resolve(PASSWORD) })).toEqual([]);
  });

  it("tells of every missing file with keys of a store at once", () => {
    const s3 = (name: string) => ({ s3: { bucket: "vault", accessKeyIdFile: path.join(root, name) } });
    const args = {
      password: "short",
      destination: s3("a"),
      copies: { offsite: { s3: { ...s3("b").s3, prefix: "copy" } } },
    };
    expect(problems(args)).toEqual([
      "password VAULT_PASSWORD",
      "destination.s3.accessKeyIdFile SECRET_FILE_MISSING",
      "copies.offsite.s3.accessKeyIdFile SECRET_FILE_MISSING",
    ]);
  });
});

describe("the password", () => {
  it("is one line of the file", () => {
    expect(passwordText("vault", PASSWORD)).toBe(`${PASSWORD}\n`);
  });

  it.each([
    ["fifteen letters", /got 15 characters; use one line of at least 16 characters/],
    ["two lines\nof sixteen letters", /got several lines/],
    [`  ${"x".repeat(15)}  `, /got 15 characters/],
    [undefined, /got a undefined/],
  ])("%j is refused without being told", (password, message) => {
    const act = () => passwordText("vault", password);
    expect(act).toThrow(message);
    if (password !== undefined) expect(act).not.toThrow(password);
  });
});
