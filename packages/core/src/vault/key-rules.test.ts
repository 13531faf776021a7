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
    "data/beacon/network/key",
    "data/key",
    "node.key.plain",
    "onion_v3_private_key",
    "i2p_private_key",
    "validators/0xab/voting-keystore.json",
    "direct/accounts/all-accounts.keystore.json",
    "validator-keypair.json",
    "validator_key.json",
    "keys/payment.skey",
    "wallets/main/wallet.dat-journal",
    "agent.auth",
    ".ssh/config",
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
    "data/nethermind_db/mainnet/state/0/IDENTITY",
    "data/nethermind_db/mainnet/state/0/OPTIONS-000007",
    "data/db/KEYREGISTRY",
    "data/snapshots/domain/v1-accounts.0-64.kv",
    "data/snapshots/accessor/v1-code.0-64.vi",
    "data/beacon/network.yml",
    "data/DATABASE_METADATA.json",
    "data/beaconchaindata/beaconchain.db",
    "data/db/nbc.sqlite3",
    "wasm/wasm/state/wasm/0a1b",
    "blocks/rev00000.dat",
  ])("says nothing of %s", (file) => {
    expect(keyFileName(file)).toBeUndefined();
  });

  it("knows every key that a client of the catalogue names, other than its settings", () => {
    const settings = ["bitcoin.conf", "btcd.conf", "rpc.cert", "**/settings.json"];
    const missed = protocols
      .flatMap((p) => p.clients)
      .flatMap((c) => c.keyPaths.map((glob) => glob.replace("shared:", "")))
      .filter((glob) => !settings.includes(glob) && !/\/(validators?)\/\*\*$/.test(glob))
      .filter(
        (glob) =>
          keyFileName(glob.replace("/**", "/some-file").replaceAll("**/", "").replaceAll("*", "x")) === undefined,
      );
    expect([...new Set(missed)]).toEqual([]);
  });

  it("says nothing of what the catalogue calls data", () => {
    const data = protocols.flatMap((p) => p.clients).flatMap((c) => c.dataPaths);
    const names = data
      .filter((glob) => glob !== "**")
      .map((glob) => glob.replace("/**", "/000001.sst").replaceAll("*", "x"));
    expect(names.filter((name) => keyFileName(name) !== undefined)).toEqual([]);
  });
});

describe("keyContent", () => {
  it.each([
    "-----BEGIN EC PRIVATE KEY-----\nMHc\n",
    '{"address":"A","priv_key":{"type":"tendermint/PrivKeyEd25519","value":"x"}}',
    '{"crypto":{"cipher":"aes-128-ctr","ciphertext":"ab","cipherparams":{},"kdf":"scrypt"}}',
    `0x${"ab".repeat(32)}\n`,
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about\n",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n",
    '{"peer_id":"idr","public_key":"edpk","secret_key":"0123456789abcdef0123"}',
    `[${Array.from({ length: 64 }, (_, i) => i * 4).join(",")}]`,
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
    "2f1c9a3e-8d1f-4d6e-9b0a-1c2d3e4f5a6b\n",
    "2026/11/25-03:00:00.000 7f Recovering log #3\n",
    "one two three four five six seven eight nine ten eleven",
    '{"height":"12","round":0,"step":3,"signature":"abcdefghijklmnopqrstuvwxyz"}',
    // What somebody has written into a transaction, in the log of a database.
    "\u0001\u0000tx-----BEGIN PRIVATE KEY-----\nMHc\n\u0000",
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
