import { createPrivateKey, createPublicKey } from "node:crypto";
import { deriveBytes } from "./derive";

/** DER around the 32 bytes of an Ed25519 secret key (RFC 8410). */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
/** Multihash "identity", 36 bytes: protobuf of a libp2p public key, type Ed25519, 32 bytes. */
const PEER_ID_PREFIX = Buffer.from("002408011220", "hex");
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Secret key of a node's libp2p identity. It names the node to its peers and guards no value. */
export function substrateNodeKey(seed: string, cluster: string, node: string): Buffer {
  return deriveBytes(seed, `${cluster}/${node}/substrate/node-key`, 32);
}

/** libp2p peer id (`12D3KooW...`) of a secret key; others dial `/dns/<host>/tcp/<port>/p2p/<peer id>`. */
export function substratePeerId(secretKey: Buffer): string {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, secretKey]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  return base58(Buffer.concat([PEER_ID_PREFIX, publicKey]));
}

function base58(bytes: Buffer): string {
  let rest = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  while (rest > 0n) {
    text = BASE58.charAt(Number(rest % 58n)) + text;
    rest /= 58n;
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(Math.max(0, zeros)) + text;
}
