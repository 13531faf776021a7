/** Values and limits in the texts of alerts, in one form for both: Prometheus writes them when the alert fires. */

/** A number as Go's templates read it: a whole one must not become an integer there. */
function literal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** The alert's value in KiB, MiB, ... */
export const BYTES = "{{ $value | humanize1024 }}B";
export const bytesText = (bytes: number): string => `{{ humanize1024 ${literal(bytes)} }}B`;

export const durationOf = (seconds: number): string => `{{ humanizeDuration ${literal(seconds)} }}`;
export const percentOf = (ratio: number): string => `{{ humanizePercentage ${literal(ratio)} }}`;

/** A number with two places after the point. */
export const DECIMAL = '{{ $value | printf "%.2f" }}';
