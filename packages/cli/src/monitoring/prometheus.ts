import { askJson } from "../agent/http";

export type Labels = Readonly<Record<string, string>>;

/** An alert as Prometheus has it: its condition holds, for long enough or not yet. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: "pending" | "firing";
  /** RFC 3339. */
  readonly activeAt: string;
  readonly value: string;
}

export interface Sample {
  readonly metric: Labels;
  readonly value: readonly [time: number, value: string];
}

const CODE = "PROMETHEUS_UNREACHABLE";

interface Envelope<T> {
  readonly status: "success";
  readonly data: T;
}

/** Alerts whose condition holds now. */
export async function activeAlerts(prometheusUrl: string): Promise<readonly ActiveAlert[]> {
  const answer = await askJson<Envelope<{ alerts: ActiveAlert[] }>>(
    `${prometheusUrl}/api/v1/alerts`,
    { code: CODE },
    (value) => Array.isArray(dataOf(value)?.alerts),
  );
  return answer.data.alerts;
}

/** Result of an expression at this moment. */
export async function query(prometheusUrl: string, expr: string): Promise<readonly Sample[]> {
  const address = `${prometheusUrl}/api/v1/query?query=${encodeURIComponent(expr)}`;
  const answer = await askJson<Envelope<{ result: Sample[] }>>(address, { code: CODE }, (value) =>
    Array.isArray(dataOf(value)?.result),
  );
  return answer.data.result;
}

function dataOf(value: unknown): Record<string, unknown> | undefined {
  const { status, data } = (value ?? {}) as Partial<Envelope<Record<string, unknown>>>;
  return status === "success" ? data : undefined;
}
