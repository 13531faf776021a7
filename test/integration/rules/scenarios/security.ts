import type { ExpectedAlert, Series, Signal } from "../promtool";
import {
  always,
  expected,
  firesAt,
  healthy,
  labelsOf,
  networkLabels,
  quick,
  type Scenario,
  silentAt,
  until,
} from "../world";

const only = (name: string, scrapeIntervalSeconds: number, change: object = {}) => ({
  presets: [],
  alerts: { [name]: change },
  scrapeIntervalSeconds,
});
const DAY = 86_400;
const stack = networkLabels(quick);

const certificate = (ends: Signal): Series => ({
  name: "probe_ssl_earliest_cert_expiry",
  labels: { ...stack, job: "blackbox", instance: "https://rpc.example.org" },
  value: ends,
});
const expires = (left: string, limit = "20d 0h 0m 0s"): ExpectedAlert =>
  expected(
    "CertExpiresSoon",
    { ...stack, instance: "https://rpc.example.org", severity: "warning", owner: "security" },
    [
      "the certificate of https://rpc.example.org runs out",
      `The TLS certificate of https://rpc.example.org is valid for another ${left} (limit ${limit}).`,
    ],
  );

const agents = (status: string, value: Signal): Series => ({
  name: "wazuh_agents",
  labels: { ...stack, job: "wazuh", exported_node: "manager", status },
  value,
});
const lost = (count: string, limit = "0"): ExpectedAlert =>
  expected("SecurityAgentLost", { ...stack, severity: "warning", owner: "security" }, [
    "security agents of dev are lost",
    `${count} Wazuh agents have lost their manager (limit ${limit} agents): their machines are not watched.`,
  ]);

const version = (node: string, name: string, value: Signal = always(1)): Series => ({
  name: "chain_probe_info",
  labels: { ...labelsOf(quick, node), version: name },
  value,
});
const skew = (count: string): ExpectedAlert =>
  expected("ClientVersionSkew", { ...stack, client: "toyd", severity: "info", owner: "dev" }, [
    "nodes of private run different versions of toyd",
    `${count} versions of toyd have been running side by side for a day (limit 1 versions).`,
  ]);

export const SECURITY: Readonly<Record<string, Scenario>> = {
  "CertExpiresSoon fires an hour after the limit": {
    plan: quick,
    monitoring: only("CertExpiresSoon", 60),
    more: [certificate(always(20 * DAY + 3600))],
    checks: [...silentAt(3600, 7200), firesAt(7260, expires("19d 22h 59m 0s"))],
  },
  "CertExpiresSoon fires for one that has ended": {
    plan: quick,
    monitoring: only("CertExpiresSoon", 60),
    more: [certificate(always(3600))],
    checks: [firesAt(7200, expires("-1h 0m 0s"))],
  },
  "CertExpiresSoon fires later by the user's threshold": {
    plan: quick,
    monitoring: only("CertExpiresSoon", 60, { threshold: 3 * DAY, forSeconds: 0 }),
    more: [certificate(always(3 * DAY + 3600))],
    checks: [...silentAt(3600), firesAt(3660, expires("2d 23h 59m 0s", "3d 0h 0m 0s"))],
  },
  "CertExpiresSoon is silent at the limit, for a renewal within the hour, and without a probe": {
    plan: quick,
    monitoring: only("CertExpiresSoon", 60),
    more: [certificate(until(9000, (t) => (t < 5400 ? 20 * DAY + 3600 : 90 * DAY)))],
    checks: silentAt(3600, 5340, 7260, 8940, 20_000 - 20),
  },

  "SecurityAgentLost fires after half an hour": {
    plan: quick,
    monitoring: only("SecurityAgentLost", 30),
    more: [agents("active", always(5)), agents("disconnected", until(60, always(0), always(2)))],
    checks: [...silentAt(30, 1830), firesAt(1860, lost("2"))],
  },
  "SecurityAgentLost is silent while all report, at the user's threshold, and without an exporter": {
    plan: quick,
    monitoring: only("SecurityAgentLost", 30, { threshold: 2 }),
    more: [agents("active", always(5)), agents("disconnected", until(3000, always(2)))],
    checks: silentAt(1860, 2970, 5400),
  },

  "ClientVersionSkew fires after a day": {
    plan: quick,
    monitoring: only("ClientVersionSkew", 300),
    more: [version("rpc-0", "1.0.0"), version("rpc-1", "1.1.0"), version("val-0", "1.0.0")],
    checks: [...silentAt(DAY - 300), firesAt(DAY, skew("2"))],
  },
  "ClientVersionSkew fires for three": {
    plan: quick,
    monitoring: only("ClientVersionSkew", 300, { forSeconds: 600 }),
    more: [version("rpc-0", "1.0.0"), version("rpc-1", "1.1.0"), version("val-0", "1.2.0")],
    checks: [firesAt(600, skew("3"))],
  },
  "ClientVersionSkew is silent for one version, for an upgrade within the day, and for clients that tell none": {
    plan: quick,
    monitoring: only("ClientVersionSkew", 300),
    others: healthy(quick),
    more: [
      version("rpc-0", "1.0.0", until(DAY / 2, always(1))),
      version("rpc-0", "1.1.0", (t) => (t < DAY / 2 ? undefined : 1)),
      version("rpc-1", "1.0.0", until(DAY / 4, always(1))),
      version("rpc-1", "1.1.0", (t) => (t < DAY / 4 ? undefined : 1)),
    ],
    checks: silentAt(300, DAY / 4, DAY / 2, DAY, DAY + 30_000),
  },
};
