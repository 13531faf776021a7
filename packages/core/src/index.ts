export { bitcoin, bitcoinRpcCredentials } from "./chains/bitcoin";
export * from "./chains/catalogue";
export { type CometClientFacts, cometClient } from "./chains/cometbft";
export { cometbft } from "./chains/cometbft-protocol";
export { defineProtocol } from "./chains/define-protocol";
export type { ClientInput, NetworkInput, ProtocolInput, ReleaseInput } from "./chains/define-protocol-input";
export { deriveBytes } from "./chains/derive";
export { ethereum, ethereumClients } from "./chains/ethereum";
export { sampleContext } from "./chains/sample-context";
export { substrate } from "./chains/substrate";
export { substrateNodeKey, substratePeerId } from "./chains/substrate-identity";
export * from "./chains/types";
export * from "./cluster/args";
export { parseInventory } from "./cluster/inventory";
export * from "./cluster/inventory-of";
export * from "./cluster/inventory-types";
export * from "./cluster/material";
export { type PlainCopy, plainCopy } from "./cluster/plain-copy";
export * from "./cluster/plan";
export { assignPorts, PORTS_PER_NODE, portCapacity } from "./cluster/ports";
export type { ClusterSpec } from "./cluster/spec";
export * from "./cluster/types";
export type { ValidateOptions } from "./cluster/validate";
export * from "./errors/errors";
export * from "./errors/fields";
export * from "./errors/from-zod";
export * from "./errors/suggest";
export * from "./health/checkpoint";
export { placeholdersOf, requestsBefore } from "./health/placeholders";
export * from "./health/types";
export * from "./health/verdict";
export * from "./monitoring/alertmanager";
export { ALERTS } from "./monitoring/alerts/catalogue";
export * from "./monitoring/args";
export { INVENTORY_SERIES } from "./monitoring/canonical/inventory";
export { CANONICAL, type RecordingRule } from "./monitoring/canonical/rules";
export { type Canonical, LABELS } from "./monitoring/canonical/series";
export { dashboards } from "./monitoring/dashboards/boards";
export { dashboardFiles } from "./monitoring/dashboards/files";
export {
  DATASOURCE_UID,
  type GrafanaDatasources,
  type GrafanaSettings,
  grafanaDashboardsYaml,
  grafanaDatasourcesYaml,
  grafanaIni,
} from "./monitoring/dashboards/grafana";
export type { Board } from "./monitoring/dashboards/model";
export { type PanelQuery, panelQueries, type QueryValues } from "./monitoring/dashboards/queries";
export { type Discovery, INSTANCE_TAGS, POD_LABELS } from "./monitoring/discovery";
export { dashboardUid, dashboardUrl, type MonitoringLinks, runbookUrl } from "./monitoring/links";
export { findAlert, overrideProblems, plannedAlerts } from "./monitoring/overrides";
export * from "./monitoring/parameters";
export { activePresets } from "./monitoring/presets";
export * from "./monitoring/prometheus";
export * from "./monitoring/prometheus-args";
export * from "./monitoring/receivers/args";
export type { ServiceUrls } from "./monitoring/receivers/configs";
export { retentionFlags } from "./monitoring/retention";
export { OWN_RECEIVERS } from "./monitoring/routes";
export * from "./monitoring/rules";
export * from "./monitoring/runbooks/figures";
export { type Inline, inlineOf, withoutTemplate } from "./monitoring/runbooks/inline";
export * from "./monitoring/runbooks/markdown";
export { type RunbookPage, type RunbookSection, runbookPage } from "./monitoring/runbooks/page";
export { DROPPED, JOBS, type NodeExporter, type ScrapeInput } from "./monitoring/scrape-jobs";
export * from "./monitoring/types";
export * from "./vault/args";
export * from "./vault/cron";
export { planGuest } from "./vault/guest";
export type { VaultPlace } from "./vault/inventory-of";
export * from "./vault/inventory-types";
export * from "./vault/job";
export * from "./vault/levels";
export * from "./vault/lineage";
export * from "./vault/point";
export * from "./vault/spec";
export { type VaultOptions, vaultSpecOf } from "./vault/vault-spec";
