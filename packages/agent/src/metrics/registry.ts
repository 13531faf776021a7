import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Gauges that the library names like counters; it has the same figures by type under proper names. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

/** Makes series and writes them down. What is filled at a scrape is dropped after it, so that removed nodes leave nothing behind. */
export class SeriesRegistry {
  readonly registry = new Registry();
  private readonly written: { reset(): void }[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: "chain_agent_", eventLoopMonitoringPrecision: 50 });
    for (const name of MISNAMED) this.registry.removeSingleMetric(`chain_agent_${name}`);
  }

  /** All series as text. What was written for it is dropped again: thousands of label sets are not kept between scrapes. */
  async text(): Promise<string> {
    const text = await this.registry.metrics();
    for (const gauge of this.written) gauge.reset();
    return text;
  }

  gauge<T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    fill?: (gauge: Gauge<T>) => void,
  ): Gauge<T> {
    const gauge = new Gauge<T>({
      name,
      help,
      labelNames,
      registers: [this.registry],
      ...(fill
        ? {
            collect() {
              this.reset();
              fill(this as Gauge<T>);
            },
          }
        : {}),
    });
    if (fill) this.written.push(gauge);
    return gauge;
  }

  counter<T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    fill?: (counter: Counter<T>) => void,
  ): Counter<T> {
    const collects = fill && {
      collect(this: Counter<T>) {
        this.reset();
        fill(this);
      },
    };
    return new Counter<T>({ name, help, labelNames, registers: [this.registry], ...collects });
  }

  histogram<T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    buckets: readonly number[],
  ): Histogram<T> {
    return new Histogram<T>({ name, help, labelNames, buckets: [...buckets], registers: [this.registry] });
  }
}
