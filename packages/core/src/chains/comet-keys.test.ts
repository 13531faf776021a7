import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { cometNodeKey, cometValidatorKey, nodeKeyFile, validatorAddress, validatorKeyFile } from "./comet-keys";

const SEED = "0123456789abcdef0123456789abcdef";

describe("keys of a private network", () => {
  it("are stored as CometBFT stores them: seed and public key in one", () => {
    const key = cometNodeKey(SEED, "demo", "val-0");
    expect(key.secret).toHaveLength(64);
    expect(key.secret.subarray(32)).toEqual(key.publicKey);
    const { priv_key } = JSON.parse(nodeKeyFile(key)) as { priv_key: { type: string; value: string } };
    expect(priv_key.type).toBe("tendermint/PrivKeyEd25519");
    expect(Buffer.from(priv_key.value, "base64")).toEqual(key.secret);
  });

  it("sign what their public half verifies", () => {
    const { secret, publicKey } = cometValidatorKey(SEED, "demo", "val-0");
    const jwk = { kty: "OKP", crv: "Ed25519", d: secret.subarray(0, 32).toString("base64url") };
    const x = publicKey.toString("base64url");
    const message = Buffer.from("vote");
    const signature = sign(null, message, createPrivateKey({ key: { ...jwk, x }, format: "jwk" }));
    const open = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    expect(verify(null, message, open, signature)).toBe(true);
  });

  it("name the validator by its address in capitals", () => {
    const key = cometValidatorKey(SEED, "demo", "val-0");
    const file = JSON.parse(validatorKeyFile(key)) as { address: string; pub_key: { type: string; value: string } };
    expect(file.address).toMatch(/^[0-9A-F]{40}$/);
    expect(file.address).toBe(validatorAddress(key));
    expect(file.pub_key).toEqual({ type: "tendermint/PubKeyEd25519", value: key.publicKey.toString("base64") });
  });

  it("differ by node, by purpose and by cluster, and stay what they are", () => {
    const keys = [
      cometNodeKey(SEED, "demo", "val-0"),
      cometNodeKey(SEED, "demo", "val-1"),
      cometNodeKey(SEED, "other", "val-0"),
      cometValidatorKey(SEED, "demo", "val-0"),
    ].map((key) => key.id);
    expect(new Set(keys).size).toBe(4);
    expect(keys[0]).toBe("9561586d9410848a093b2abbeb2b7d09a6a2829d");
  });
});
