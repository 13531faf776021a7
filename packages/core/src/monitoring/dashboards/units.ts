import type * as units from "@grafana/grafana-foundation-sdk/units";
import type { Unit } from "./model";

type Ids = typeof units;

/** Grafana's words, checked against those of its SDK without loading it. */
export const UNIT_IDS = {
  blocks: "locale",
  number: "none",
  count: "short",
  seconds: "s",
  days: "d",
  bytes: "bytes",
  ratio: "percentunit",
  times: "none",
  USD: "currencyUSD",
  perSecond: "cps",
  requestsPerSecond: "reqps",
  perMinute: "cpm",
  hash: "hex",
  text: "string",
} as const satisfies {
  readonly blocks: Ids["LocaleFormat"];
  readonly number: Ids["NoUnit"];
  readonly count: Ids["Short"];
  readonly seconds: Ids["Seconds"];
  readonly days: Ids["Days"];
  readonly bytes: Ids["BytesIEC"];
  readonly ratio: Ids["PercentUnit"];
  readonly times: Ids["NoUnit"];
  readonly USD: Ids["Dollars"];
  readonly perSecond: Ids["CountsPerSecond"];
  readonly requestsPerSecond: Ids["RequestsPerSecond"];
  readonly perMinute: Ids["CountsPerMinute"];
  readonly hash: Ids["Hexadecimal"];
  readonly text: Ids["String"];
} satisfies Readonly<Record<Unit, string>>;
