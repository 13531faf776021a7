import { type ResticEnd, resticFailure } from "./restic-failure";

const end = (change: Partial<ResticEnd>): ResticEnd => ({
  command: "backup",
  repository: "/vault",
  code: 1,
  signal: null,
  aborted: false,
  said: [],
  ...change,
});

const PACK = "933758205318eea63653af3727ede984a82496b5ee825fb4fecb57cabb9db388";

describe("what is wrong with a run of restic", () => {
  // As restic 0.18.1 says it.
  it.each([
    ["STORE_MISSING", { code: 10, said: ["Fatal: repository does not exist: unable to open config file"] }],
    ["STORE_PASSWORD", { code: 12, said: ["Fatal: wrong password or no key found"] }],
    ["STORE_PASSWORD", { said: ["Fatal: Resolving password failed: Fatal: /none does not exist"] }],
    ["STORE_CANCELLED", { code: 130 }],
    ["STORE_CANCELLED", { code: null, signal: "SIGKILL", aborted: true }],
    ["STORE_READ", { code: 3, said: ["/data/x: open /data/x: permission denied"] }],
    ["STORE_FULL", { said: ["Save(<data/aaf16b55cc>) failed: write /vault/data/aa/x: no space left on device"] }],
    ["STORE_FULL", { code: 3, said: ["write /vault/data/aa/x: disk quota exceeded"] }],
    [
      "STORE_CORRUPT",
      { said: ["Fatal: decrypting blob <tree/a1026bae> from e120db66 failed: ciphertext verification failed"] },
    ],
    ["STORE_CORRUPT", { said: ["Fatal: cannot dump file: ReadFull(<data/e2cd804e99>): file is too short"] }],
    [
      "STORE_CORRUPT",
      {
        said: [`pack ${PACK}: unexpected file size: got 200000, expected 1200318`, "Fatal: repository contains errors"],
      },
    ],
    ["STORE_CORRUPT", { said: ["LoadRaw(<index/8d3a9f7bb1>): invalid data returned"] }],
    ["STORE_CORRUPT", { said: [`path tmp: id ${PACK} not found in repository`] }],
    [
      "STORE_CORRUPT",
      { code: 3, said: [`/: tree ${PACK} is not known; the repository could be damaged, run \`repair index\``] },
    ],
    [
      "STORE_CORRUPT",
      { said: [`Load(<data/9337582053>, 0, 0) failed: open /vault/data/93/${PACK}: no such file or directory`] },
    ],
    ["STORE_ACCESS", { said: ["Fatal: unable to open config file: Stat: Access Denied."] }],
    ["STORE_UNREACHABLE", { said: ['Fatal: Get "https://s3": dial tcp 127.0.0.1:1: connect: connection refused'] }],
    // An answer that does not come is no damage: the point must not be called bad.
    [
      "STORE_UNREACHABLE",
      { said: ["Load(<data/9337582053>, 0, 0) failed: dial tcp: i/o timeout", "Fatal: repository contains errors"] },
    ],
    ["STORE_FAILED", { code: 1, said: ["Fatal: something new"] }],
    ["STORE_FAILED", { code: 77 }],
    ["STORE_FAILED", { code: null, signal: "SIGKILL" as const }],
  ] as const)("%s: %j", (code, change) => {
    expect(resticFailure(end(change as Partial<ResticEnd>)).code).toBe(code);
  });

  it("says who holds a lock, and since when", () => {
    const said = [
      "unable to create lock in backend: repository is already locked exclusively by PID 4711 on host-1 by root (UID 0, GID 0)\nlock was created at 2026-11-25 05:24:16 (3s ago)\nstorage ID 6a2b",
    ];
    expect(resticFailure(end({ code: 11, said })).message).toBe(
      "/vault is locked by PID 4711 on host-1 by root since 2026-11-25 05:24:16",
    );
  });

  it("says which place is full", () => {
    const said = ["write /agent/temporary/restic-temp-pack-1: no space left on device"];
    const { message } = resticFailure(end({ said, places: { "/agent/temporary": "temporary files" } }));
    expect(message).toMatch(/^no room is left for temporary files \(\/agent\/temporary\): write/);
  });

  it("ends with the last words, each once, and not with all of them", () => {
    const said = Array.from({ length: 50 }, (_, i) => `Fatal: word ${i % 10}`);
    const { message } = resticFailure(end({ code: 9, said }));
    expect(message).toBe("restic backup ended with 9: word 4; word 5; word 6; word 7; word 8; word 9");
  });
});
