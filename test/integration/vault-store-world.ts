import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { CaptureRequest } from "../../packages/agent/src/vault/contracts";
import { openStore } from "../../packages/agent/src/vault/store/open-store";
import type { ResticStore } from "../../packages/agent/src/vault/store/restic-store";
import { asVaultError } from "../../packages/agent/src/vault/vault-error";
import type { Destination, InventoryVault, RecoveryPoint } from "../../packages/core/src/index";
import { pointOf } from "../../packages/core/src/vault/point.fixture";
import { findProgram } from "./find-program";

export const restic = findProgram("restic");

/** A node's data, a vault, and stores that use the real restic. */
export class StoreWorld {
  readonly directory = mkdtempSync(path.join(tmpdir(), "chainkeep-vault-"));
  readonly home = path.join(this.directory, "node's home [1]", "rpc-0");
  readonly destination: Destination;
  readonly passwordFile = path.join(this.directory, "password");
  readonly logged: string[] = [];
  readonly #holders: ChildProcess[] = [];

  constructor(
    place: (directory: string) => Destination = (directory) => ({ repository: path.join(directory, "repository") }),
  ) {
    this.destination = place(this.directory);
    writeFileSync(this.passwordFile, "correct horse\n", { mode: 0o600 });
    mkdirSync(path.join(this.home, "data/chain.db"), { recursive: true });
  }

  get vault(): InventoryVault {
    return {
      name: "vault",
      restic: restic ?? "",
      destination: this.destination,
      copies: { offsite: this.at("offsite") },
      passwordFile: this.passwordFile,
    } as unknown as InventoryVault;
  }

  at(name: string): Destination {
    return { repository: path.join(this.directory, name) };
  }

  /** As another agent opens it that has the same files, or, with a name, one that has not. */
  store(
    change: {
      vault?: Partial<InventoryVault>;
      destination?: Destination;
      agent?: string;
      patience?: number;
      now?: () => number;
    } = {},
  ): ResticStore {
    return openStore({
      vault: { ...this.vault, ...change.vault },
      destination: change.destination ?? this.destination,
      cacheDirectory: path.join(this.directory, change.agent ?? "agent"),
      log: (_level, event) => void this.logged.push(event),
      lockPatienceSeconds: change.patience ?? 1,
      ...(change.now ? { now: change.now } : {}),
    });
  }

  /** Fills the database with bytes that no compression makes smaller. */
  fill(files: number, bytesEach: number, prefix = ""): void {
    for (let i = 0; i < files; i++)
      writeFileSync(this.data(`${prefix}${String(i).padStart(6, "0")}.sst`), randomBytes(bytesEach));
  }

  /** Deletes the database's files. */
  drain(): void {
    for (const name of readdirSync(this.data(""))) rmSync(this.data(name));
  }

  data(name: string): string {
    return path.join(this.home, "data/chain.db", name);
  }

  append(name: string, text: string): void {
    appendFileSync(this.data(name), text);
  }

  request(change: Partial<CaptureRequest> = {}): CaptureRequest {
    const source = {
      process: "rpc-0",
      home: this.home,
      dataPaths: ["data/*.db/**"],
      keyPaths: ["data/**/key-*", "shared:jwt.hex"],
    };
    return { attempt: "attempt-1", cluster: "devnet", node: "rpc-0", sources: [source], ...change };
  }

  point(snapshot: string, change: Partial<RecoveryPoint> = {}): RecoveryPoint {
    return pointOf({
      id: "devnet-7-20261125T030000Z",
      cluster: "devnet",
      node: "rpc-0",
      group: "rpc",
      kind: "full",
      height: 7,
      createdAt: 1_795_575_600,
      processes: pointOf().processes.map((process) => ({ ...process, name: "rpc-0", home: this.home })),
      storage: { kind: "restic", snapshot, files: 0, addedBytes: 0 },
      sizeBytes: 0,
      ...change,
    });
  }

  /** Names and contents below a directory, for comparison. */
  contents(directory: string): Record<string, string> {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      files.map((entry) => {
        const name = path.join(entry.parentPath, entry.name);
        return [path.relative(directory, name), readFileSync(name).toString("base64")];
      }),
    );
  }

  /** The largest pack file of the repository. */
  packs(): string[] {
    const folder = path.join(this.destination.repository, "data");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map((entry) => path.join(entry.parentPath, entry.name));
  }

  /** A backup that holds a lock until it is ended: it waits for a standard input that does not come. */
  async lockHolder(): Promise<ChildProcess> {
    const env = {
      PATH: process.env.PATH,
      RESTIC_REPOSITORY: this.destination.repository,
      RESTIC_PASSWORD_FILE: this.passwordFile,
    };
    const args = ["--no-cache", "backup", "--stdin"];
    const child = spawn(restic ?? "", args, { env, stdio: ["pipe", "ignore", "ignore"] });
    this.#holders.push(child);
    const locks = path.join(this.destination.repository, "locks");
    const end = Date.now() + 20_000;
    // Not the file that becomes a lock.
    while (readdirSync(locks).every((name) => name.includes("-tmp-"))) {
      if (Date.now() > end) throw new Error("it took no lock");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return child;
  }

  end(): void {
    for (const child of this.#holders) child.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Code of the VaultError that a promise is rejected with; its text where there is no code. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error) => asVaultError(error).code,
  );
}
