import type { SeriesRegistry } from "./registry";
import type { MetricsSource } from "./source";

type NetworkGauge = readonly [name: string, help: string, value: (source: MetricsSource) => number | undefined];

const GAUGES: readonly NetworkGauge[] = [
  ["chain_network_halted", "1 if the whole network makes no blocks", ({ fleet }) => Number(fleet().halted)],
  ["chain_network_height", "Highest height that can be believed", ({ fleet }) => fleet().height],
  [
    "chain_reference_height",
    "Height that a node outside of the fleet tells; absent while it does not",
    ({ referenceHeight }) => referenceHeight(),
  ],
];

/** What is known of the network as a whole. */
export function networkSeries(registry: SeriesRegistry, source: MetricsSource): void {
  for (const [name, help, value] of GAUGES) {
    registry.gauge(name, help, ["network", "stack"], (gauge) => {
      const { network, stack } = source.inventory();
      const found = value(source);
      if (found !== undefined) gauge.set({ network, stack }, found);
    });
  }
}
