import type { RemoteWriteArgs } from "./prometheus-args";

/** What a store needs that keeps only what this library says of nodes: canonical series and alerts. */
const CANONICAL = { source_labels: ["__name__"], regex: "chain:.+|ALERTS", action: "keep" };

/** `remote_write` of prometheus.yml. Secrets stay in their files; AWS's signature is by the machine's own role. */
export function remoteWrites(stores: readonly RemoteWriteArgs[] = []) {
  return stores.map(({ url, bearerTokenFile, username, passwordFile, sigv4Region, canonicalOnly }) => ({
    url,
    ...(bearerTokenFile === undefined ? {} : { authorization: { type: "Bearer", credentials_file: bearerTokenFile } }),
    ...(username === undefined ? {} : { basic_auth: { username, password_file: passwordFile } }),
    ...(sigv4Region === undefined ? {} : { sigv4: { region: sigv4Region } }),
    ...(canonicalOnly === true ? { write_relabel_configs: [CANONICAL] } : {}),
  }));
}
