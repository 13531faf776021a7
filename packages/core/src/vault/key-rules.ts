/** Names that keys go by in the clients of the catalogue and in the programs around them. Signing states come with them: see the last ones. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^priv_validator_key\.json$/i, "a validator's key of CometBFT"],
  [/^node_key\.json$/i, "a node key of CometBFT"],
  [/^(key|nodekey|node\.key(\.plain)?|protected_private_key)$/i, "a node key"],
  [/^(secret_ed25519|discovery-secret|generated-node-key\.dat|network[-_]keys?(\.json)?)$/i, "a node key"],
  [/^(onion_v[23]_|i2p_)?private[-_]keys?([-_.](txt|json|dat|yaml))?$/i, "a private key"],
  [/^UTC--.+--[0-9a-f]{40}(\.json)?$/i, "an Ethereum key"],
  [/^([\w-]+[.-])?keystore[\w.-]*\.json$/i, "a validator's keystore"],
  [/^(validator|vote|identity|authorized)[\w-]*[-_]keypair\.json$|^keypair\.json$/i, "a key pair of Solana"],
  [/^validator[-_](keys?|identity|token)(\.(json|yaml|txt))?$|^identity\.json$/i, "a validator's key"],
  [/\.(skey|partkey|hmykey|keys|keystore)$/i, "a key"],
  [/^jwt[\w.-]*$/i, "an engine secret (JWT)"],
  [/\.(pem|key|p8|p12|pfx|jks)$/i, "a private key"],
  [/^(id_rsa|id_ed25519|id_ecdsa)$/i, "an SSH key"],
  [/^wallet\.(dat|json)/i, "a wallet"],
  [/^(mnemonic|seed[-_]?phrase|passphrase|password)s?(\.(txt|json))?$/i, "a secret in words"],
  [/^(auth-token|\.cookie|\.netrc|.+\.(token|auth))$/i, "a login"],
  [/^\.env(\..+)?$/i, "settings that programs take secrets from"],
  [/^priv_validator_state\.json$/i, "a validator's signing state, which must never come back older than it was"],
  [/^slashing[_-]protection[\w.-]*$/i, "a validator's signing record, which must never come back older than it was"],
];

/** Directories that hold nothing but keys. */
const DIRECTORIES: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)keyring-[^/]+\//, "below a keyring"],
  [/(^|\/)(keystore|validator[_-]keys|blskeys|secrets|wallets|\.ssh|\.gnupg)\//i, "below a directory of keys"],
];

/**
 * Why a file must not be in a recovery point, by its name; undefined when the name says nothing. Says nothing of the files that the clients'
 * databases consist of.
 */
export function keyFileName(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1);
  for (const [pattern, what] of NAMES) {
    if (pattern.test(name)) return what;
  }
  return DIRECTORIES.find(([pattern]) => pattern.test(file))?.[1];
}

/** Files larger than this are never keys; their content is not looked at. */
export const KEY_FILE_BYTES = 64 * 1024;

/**
 * Why a small file must not be in a recovery point, by what it holds; undefined when it holds no key that is known. Only of text: a file of a
 * database holds whatever people write into transactions, and nobody shall stop backups by writing something that looks like a key.
 *
 * @param text - The whole content, byte by byte (latin1) or decoded.
 */
export function keyContent(text: string): string | undefined {
  if (isBinary(text)) return undefined;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----/.test(text)) return "a private key in PEM";
  if (/"priv_key"\s*:\s*\{[^}]*"value"\s*:/.test(text)) return "a key of CometBFT";
  if (/"(secret|private)_?key"\s*:\s*"[^"]{16,}"/i.test(text)) return "a private key in JSON";
  if (/"ciphertext"\s*:/.test(text) && /"(kdf|kdfparams|cipherparams)"\s*:/.test(text)) return "an encrypted keystore";
  if (/^\s*(0x)?[0-9a-f]{64}\s*$/i.test(text)) return "32 bytes in hexadecimal: a node key or an engine secret (JWT)";
  if (/^\s*[xyzt]prv[0-9A-Za-z]{100,}\s*$/.test(text)) return "an extended private key";
  if (/^\s*\[\s*(\d{1,3}\s*,\s*){63}\d{1,3}\s*\]\s*$/.test(text)) return "a key pair as a list of 64 bytes";
  return isMnemonic(text) ? "twelve or more words like a seed phrase" : undefined;
}

function isBinary(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\x00-\x08\x0e-\x1f]/.test(text);
}

/** Twelve to twenty-four short lower-case words on one line, and nothing else. */
function isMnemonic(text: string): boolean {
  const words = text.trim().split(/\s+/);
  return [12, 15, 18, 21, 24].includes(words.length) && words.every((w) => /^[a-z]{3,8}$/.test(w));
}

/** Whether a path below a home matches a glob of the catalogue: `*` within one name, `**` over any number of them. */
export function matchesGlob(file: string, glob: string): boolean {
  return globExpression(glob).test(file);
}

const compiled = new Map<string, RegExp>();

function globExpression(glob: string): RegExp {
  const known = compiled.get(glob);
  if (known) return known;
  const source = glob
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      if (part === "**/") return "(?:[^/]+/)*";
      if (part === "**") return ".*";
      if (part === "*") return "[^/]*";
      if (part === "?") return "[^/]";
      return part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  const expression = new RegExp(`^${source}$`);
  compiled.set(glob, expression);
  return expression;
}
