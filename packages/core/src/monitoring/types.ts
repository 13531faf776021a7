/** Figures of one cluster that alerts are written with: parameters, never constants in an expression. */
export interface AlertParameters {
  readonly network: string;
  readonly stack: string;
  readonly blockTimeSeconds: number;
  /** Window over which a standing height means a stalled node. */
  readonly stallWindowSeconds: number;
  /** Window over which no rising height at all means a halted network. */
  readonly haltWindowSeconds: number;
  readonly scrapeIntervalSeconds: number;
  /** The network makes no blocks while there is nothing to do. */
  readonly idle: boolean;
}

export const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One alert: all that its rule needs. */
export interface AlertDefinition {
  readonly name: string;
  /** PromQL over canonical series; true when something is wrong. */
  readonly expr: (p: AlertParameters) => string;
  readonly forSeconds: (p: AlertParameters) => number;
  /** Keeps the alert visible after a blip, so that a person still finds it. */
  readonly keepFiringSeconds?: (p: AlertParameters) => number;
  readonly severity: Severity;
  /** Prometheus template; names what is wrong and where. */
  readonly summary: string;
  /** Prometheus template with the value, its unit and the limit. */
  readonly description: (p: AlertParameters) => string;
}

export interface PlannedAlert {
  readonly definition: AlertDefinition;
  readonly forSeconds: number;
  readonly severity: Severity;
}
