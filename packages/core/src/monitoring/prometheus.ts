import { stringify } from "yaml";
import { scrapeSeconds } from "./parameters";
import { remoteWrites } from "./remote-write";
import { type ScrapeInput, scrapeJobs } from "./scrape-jobs";

export interface PrometheusInput extends ScrapeInput {
  /** Rule files, as paths that Prometheus sees. */
  readonly ruleFiles: readonly string[];
}

/** prometheus.yml of a cluster. How long samples are kept is told by flags: see `retentionFlags`. */
export function prometheusYaml(input: PrometheusInput): string {
  const seconds = scrapeSeconds(input.plan, input.monitoring);
  const timeout = `${Math.max(1, Math.min(10, seconds))}s`;
  const stores = remoteWrites(input.monitoring?.remoteWrite);
  return stringify(
    {
      global: { scrape_interval: `${seconds}s`, scrape_timeout: timeout, evaluation_interval: `${seconds}s` },
      rule_files: input.ruleFiles,
      alerting: { alertmanagers: [{ static_configs: [{ targets: [input.alertmanager] }] }] },
      scrape_configs: scrapeJobs(input),
      ...(stores.length === 0 ? {} : { remote_write: stores }),
    },
    { lineWidth: 0 },
  );
}
