import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { deriveBytes } from "./derive";

/** DER around the 32 bytes of an Ed25519 secret key (RFC 8410). */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

export interface CometKey {
  /** Seed and public key, 64 bytes, as CometBFT stores its Ed25519 keys. */
  readonly secret: Buffer;
  readonly publicKey: Buffer;
  /** First 20 bytes of the public key's SHA-256, lower-case hex: a node's id, or a validator's address in capitals. */
  readonly id: string;
}

/** Identity of a node towards its peers. */
export function cometNodeKey(seed: string, cluster: string, node: string): CometKey {
  return keyFrom(deriveBytes(seed, `${cluster}/${node}/node-key`, 32));
}

/** Consensus key of a node on a private network; it counts for nothing unless the genesis or the chain lists it. */
export function cometValidatorKey(seed: string, cluster: string, node: string): CometKey {
  return keyFrom(deriveBytes(seed, `${cluster}/${node}/validator-key`, 32));
}

function keyFrom(seed: Buffer): CometKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  const id = createHash("sha256").update(publicKey).digest("hex").slice(0, 40);
  return { secret: Buffer.concat([seed, publicKey]), publicKey, id };
}

function secretValue({ secret }: CometKey) {
  return { type: "tendermint/PrivKeyEd25519", value: secret.toString("base64") };
}

export function publicValue({ publicKey }: CometKey) {
  return { type: "tendermint/PubKeyEd25519", value: publicKey.toString("base64") };
}

export function validatorAddress({ id }: CometKey): string {
  return id.toUpperCase();
}

/** Text of config/node_key.json. */
export function nodeKeyFile(key: CometKey): string {
  return `${JSON.stringify({ priv_key: secretValue(key) })}\n`;
}

/** Text of config/priv_validator_key.json. */
export function validatorKeyFile(key: CometKey): string {
  const content = { address: validatorAddress(key), pub_key: publicValue(key), priv_key: secretValue(key) };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Text of data/priv_validator_state.json before anything was signed. */
export const FRESH_SIGNING_STATE = `${JSON.stringify({ height: "0", round: 0, step: 0 }, null, 2)}\n`;
