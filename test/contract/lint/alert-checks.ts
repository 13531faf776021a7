import { isScalar } from "../metrics/result-labels";
import { type Binary, durationSeconds, type Expr } from "../promql";
import type { Check } from "./check";

const ANNOTATIONS = ["summary", "description", "runbook_url", "dashboard_url"];
const COMPARISONS = ["==", "!=", ">", "<", ">=", "<="];
/** Told as long as monitoring works: that it always fires is its whole point. */
const ALWAYS = ["Watchdog"];

/** Alerts that fire at once, and why no second sample has to agree. */
export const AT_ONCE: Readonly<Record<string, string>> = {
  Watchdog: "fires always",
  NodeRestartLoop: "looks back over an hour",
  NodeOomKilled: "looks back over ten minutes: one kill is a fact",
  ForkDetected: "counts three of the last ten evaluations itself",
  ReorgDeep: "looks back over a quarter of an hour: a reorganisation is a fact",
  ValidatorMissedConsecutive: "counts blocks in a row itself",
  AttestationMissStreak: "looks back over several epochs",
  ValidatorSlashed: "a fact on the chain",
  EquivocationEvidence: "a fact on the chain, looked for over a quarter of an hour",
  DuplicateValidatorKey: "every second of it may be slashed",
  SlashingProtectionRefused: "looks back over a quarter of an hour: one refusal is a fact",
};

export const ALERT_CHECKS: readonly Check[] = [
  {
    name: "alerts/annotation",
    says: "every alert says what is wrong, and links its runbook and its board",
    problems: ({ rule: { alert, annotations = {} } }) =>
      alert === undefined
        ? []
        : [
            ...ANNOTATIONS.filter((name) => (annotations[name] ?? "").trim() === "").map((name) => `no ${name}`),
            ...Object.keys(annotations)
              .filter((name) => !ANNOTATIONS.includes(name))
              .map((name) => `nobody reads the annotation ${name}`),
            ...ANNOTATIONS.filter((name) => name.endsWith("_url"))
              .filter((name) => annotations[name] !== undefined && !/^https?:\/\/\S+$/.test(filled(annotations[name])))
              .map((name) => `${name} is no address: ${annotations[name]}`),
          ],
  },
  {
    name: "alerts/comparison",
    says: "an alert has a condition: without one it always fires",
    problems: ({ rule: { alert }, expr }) =>
      alert === undefined || ALWAYS.includes(alert) || isConditional(expr) ? [] : ["always has an answer"],
  },
  {
    name: "alerts/for",
    says: "one bad sample is no alarm: longer than two scrapes, or at once for a reason",
    problems: ({ rule: { alert, for: wait = "0s" }, scrapeSeconds }) => {
      if (alert === undefined) return [];
      const seconds = durationSeconds(wait);
      if (seconds === 0) return AT_ONCE[alert] === undefined ? ["fires at once, and no reason is listed"] : [];
      return seconds > 2 * scrapeSeconds ? [] : [`waits for ${wait}, with a scrape each ${scrapeSeconds} s`];
    },
  },
  {
    name: "alerts/template",
    says: "a text shows only labels that the alert has, and a value that says something",
    problems: ({ rule: { alert, annotations = {}, labels: own = {} }, expr, labels }) => {
      if (alert === undefined) return [];
      const texts = Object.values(annotations).join("\n");
      const used = new Set([...texts.matchAll(/\$labels\.(\w+)/g)].map((match) => match[1] ?? ""));
      const { sure } = labels();
      const missing = [...used].filter((label) => !sure.has(label) && own[label] === undefined);
      const shown = /\$value/.test(texts) ? flagOf(expr) : undefined;
      return [
        ...missing.map((label) => `shows $labels.${label}, which its expression does not keep`),
        ...(shown === undefined ? [] : [`shows $value, which is always that of ${shown}`]),
      ];
    },
  },
];

/** A text as it reads when Prometheus has put something in. */
function filled(text: string): string {
  return text.replace(/\{\{.*?\}\}/g, "x");
}

/** Whether an expression can be without an answer although all its series are there. */
function isConditional(expr: Expr): boolean {
  switch (expr.kind) {
    case "binary":
      return isConditionalBinary(expr);
    case "aggregate":
    case "subquery":
    case "negation":
      return isConditional(expr.of);
    case "call":
      return expr.name.startsWith("absent") || expr.args.some(isConditional);
    default:
      return false;
  }
}

function isConditionalBinary({ op, bool, left, right }: Binary): boolean {
  if (op === "unless") return true;
  if (op === "or") return isConditional(left) && isConditional(right);
  if (COMPARISONS.includes(op) && !bool) return !isScalar(left) || !isScalar(right);
  return isConditional(left) || isConditional(right);
}

/** The part that an alert's value comes from, if that is a flag or a constant: it would say nothing. */
function flagOf(expr: Expr): string | undefined {
  if (expr.kind === "call" && (expr.name.startsWith("absent") || expr.name === "vector")) return expr.text;
  if (expr.kind === "aggregate" && expr.op === "group") return expr.text;
  if (expr.kind !== "binary") return undefined;
  const { op, bool, left, right, text } = expr;
  if (bool) return text;
  if (op === "or") return flagOf(left) ?? flagOf(right);
  if (op === "and" || op === "unless") return flagOf(left);
  // Of a comparison with == the value is known before.
  if (op === "==" && isScalar(right) && left.kind === "selector") return undefined;
  return COMPARISONS.includes(op) ? flagOf(isScalar(left) ? right : left) : undefined;
}
