/** Where all samples are sent as well: any store that takes Prometheus's remote write. */
export interface RemoteWriteArgs {
  /**
   * Address of the store's receiver.
   *
   * @default - required
   * @example "https://mimir.example.org/api/v1/push"
   */
  url: string;
  /**
   * File with a bearer token.
   *
   * @default - none
   */
  bearerTokenFile?: string;
  /**
   * User of HTTP basic authentication.
   *
   * @default - none
   */
  username?: string;
  /**
   * File with the password of that user.
   *
   * @default - none
   */
  passwordFile?: string;
  /**
   * AWS region, to sign requests for Amazon Managed Prometheus with the machine's own role.
   *
   * @default - requests are not signed
   */
  sigv4Region?: string;
  /**
   * Only canonical series (`chain:...`) and what alerts fire are sent: a few per node instead of hundreds.
   *
   * @default false
   */
  canonicalOnly?: boolean;
}

/** Series of a program beside the nodes: a validator exporter, a remote signer, blackbox_exporter, ... */
export interface ScrapeArgs {
  /**
   * Addresses, host:port.
   *
   * @default - required, at least one
   */
  targets: string[];
  /**
   * Path of the series.
   *
   * @default "/metrics"
   */
  path?: string;
  /**
   * Parameters of the request by name, e.g. module and target of blackbox_exporter. What is the target is also the `instance` of
   * the series, so that two jobs at one exporter are told apart.
   *
   * @default - none
   * @example { module: "http_2xx", target: "https://rpc.example.org" }
   */
  params?: Record<string, string>;
  /**
   * Node that the series are about, e.g. `rpc-0`; its labels are put on them.
   *
   * @default - none; series are about the network
   */
  node?: string;
  /**
   * Names of series that are dropped, as a regular expression of Prometheus (RE2) that matches whole names.
   *
   * @default - none
   */
  drop?: string;
}
