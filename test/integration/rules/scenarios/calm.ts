import {
  always,
  bitcoin,
  cometbft,
  ethereum,
  gone,
  healthy,
  quick,
  type Scenario,
  silentAt,
  slow,
  substrate,
} from "../world";

const fine = healthy(quick);

/** Nothing is wrong, and nothing may be said. */
export const CALM: Readonly<Record<string, Scenario>> = {
  "silent: all is well, blocks each second": { plan: quick, checks: silentAt(2, 60, 180, 400, 900) },
  "silent: all is well, blocks each 12 s": { plan: slow, checks: silentAt(15, 300, 900, 1800) },
  "silent: clients that do not tell whether they sync": {
    plan: quick,
    others: { ...fine, syncing: gone },
    checks: silentAt(60, 400, 900),
  },
  "silent: nodes of two processes": {
    plan: ethereum,
    others: { ...healthy(ethereum), finalized: (t) => Math.max(0, 930 + Math.floor(t / 12)) },
    checks: silentAt(15, 900, 1800),
  },
  "silent: a CometBFT network, blocks each second": { plan: cometbft, checks: silentAt(60, 400, 600) },
  "silent: Bitcoin without a block for an hour": {
    plan: bitcoin,
    others: { ...healthy(bitcoin), height: (t) => (t < 900 ? 1000 : 1001), headTime: (t) => (t < 900 ? 0 : 900) },
    checks: silentAt(900, 2700, 4500),
  },
  "silent: Substrate, without a finalised height": { plan: substrate, checks: silentAt(60, 900, 1800) },
  "silent: a first sync, in which nodes tell an old head, few peers and no height": {
    plan: slow,
    others: {
      ...healthy(slow),
      syncing: always(1),
      ready: always(0),
      height: always(0),
      headTime: always(-2_000_000),
      lag: gone,
    },
    checks: silentAt(300, 900, 2700, 3600),
  },
};
