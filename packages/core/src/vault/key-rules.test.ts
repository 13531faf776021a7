import { protocols } from "../chains/catalogue";
import { keyContent, keyFileName, matchesGlob } from "./key-rules";

describe("keyFileName", () => {
  it.each([
    "config/priv_validator_key.json",
    "config/node_key.json",
    "data/geth/nodekey",
    "data/keystore/UTC--2026-01-01T00-00-00.000Z--0123456789abcdef0123456789abcdef01234567",
    "shared/jwt.hex",
    "jwtsecret",
    "rpc.key",
    "wallet.dat",
    "chains/polkadot/network/secret_ed25519",
    "chains/polkadot/keystore/6175",
    "keyring-file/me.info",
    "data/priv_validator_state.json",
    "slashing_protection.sqlite",
    "mnemonic.txt",
    ".cookie",
  ])("knows %s", (file) => {
    expect(keyFileName(file)).toBeDefined();
  });

  it.each([
    "data/blockstore.db/000012.ldb",
    "data/state.db/MANIFEST-000004",
    "data/state.db/CURRENT",
    "data/cs.wal/wal",
    "data/geth/chaindata/000123.sst",
    "data/geth/chaindata/ancient/chain/headers.0000.cdat",
    "data/geth/blobpool/store.000",
    "blocks/blk00000.dat",
    "blocks/xor.dat",
    "chainstate/000005.ldb",
    "data/db/mdbx.dat",
    "data/static_files/static_file_headers_0_499999",
    "data/beacon/chain_db/LOCK",
    "chains/polkadot/paritydb/full/index_00_16",
  ])("says nothing of %s", (file) => {
    expect(keyFileName(file)).toBeUndefined();
  });
});

describe("keyContent", () => {
  it.each([
    "-----BEGIN EC PRIVATE KEY-----\nMHc\n",
    '{"address":"A","priv_key":{"type":"tendermint/PrivKeyEd25519","value":"x"}}',
    '{"crypto":{"cipher":"aes-128-ctr","ciphertext":"ab","cipherparams":{},"kdf":"scrypt"}}',
    `0x${"ab".repeat(32)}\n`,
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about\n",
  ])("knows %j", (text) => {
    expect(keyContent(text)).toBeDefined();
  });

  it.each([
    "MANIFEST-000004\n",
    "",
    "leveldb.BytewiseComparator",
    "{}",
    "-----BEGIN CERTIFICATE-----",
    "ab".repeat(20),
  ])("says nothing of %j", (text) => {
    expect(keyContent(text)).toBeUndefined();
  });
});

describe("matchesGlob", () => {
  it.each([
    ["data/state.db/CURRENT", "data/*.db/**", true],
    ["data/state.db", "data/*.db/**", false],
    ["data/cs.wal/wal", "data/*.db/**", false],
    ["a/b/c/jwt-secret", "a/**/jwt-secret", true],
    ["a/jwt-secret", "a/**/jwt-secret", true],
    ["anything/at/all", "**", true],
    ["keyring-test/x", "keyring-*/**", true],
    ["data.db", "data?db", true],
    ["dataXdb", "data.db", false],
  ])("%s by %s: %p", (file, glob, expected) => {
    expect(matchesGlob(file, glob)).toBe(expected);
  });

  it("no client's data paths hold what its key paths name, other than where a key lies among data", () => {
    for (const client of protocols.flatMap((p) => p.clients)) {
      for (const key of client.keyPaths.filter((k) => !k.includes("*") && !k.startsWith("shared:"))) {
        const inside = client.dataPaths.filter((glob) => matchesGlob(key, glob));
        expect([client.name, key, inside]).toEqual([client.name, key, []]);
      }
    }
  });
});
