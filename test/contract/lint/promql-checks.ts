import { isScalar } from "../metrics/result-labels";
import { type Expr, everyPart, partsOf, type Selector, selectorsOf } from "../promql";
import { type Check, COUNTING, type Linted } from "./check";

/** Functions that may look at a counter as it is: they ask when it changed or whether it is there, not how high it is. */
const LOOKING = [
  ...COUNTING,
  "resets",
  "changes",
  "timestamp",
  "absent",
  "absent_over_time",
  "present_over_time",
  "count_over_time",
];

/** Counters that programs call something else. */
export const REALLY_COUNTERS: Readonly<Record<string, string>> = {
  chain_reorg_executes: "geth writes its counters down as gauges",
  chain_reorg_drop: "geth writes its counters down as gauges",
  cometbft_consensus_total_txs: "a gauge that CometBFT only adds to",
  beacon_reorgs_total_total: "a gauge that Nimbus only adds to",
  node_vmstat_oom_kill: "node_exporter gives no types to what the kernel lists",
  validator_monitor_prev_epoch_on_chain_attester_hit_total: "Lodestar types its counters as gauges",
  validator_monitor_prev_epoch_on_chain_attester_miss_total: "Lodestar types its counters as gauges",
  vc_slashing_protection_block_errors_total: "Lodestar types its counters as gauges",
  vc_slashing_protection_attestation_errors_total: "Lodestar types its counters as gauges",
};

/** Called counters, and are none: nothing counts up. */
export const NO_COUNTERS: Readonly<Record<string, string>> = {
  beacon_teku_version_total: "1, with the version as a label",
};

/** Places where the height of a counter is meant, by rule. */
export const HEIGHT_MEANT: Readonly<Record<string, string>> = {
  SlashingProtectionRefused: "a counter that is there for the first time and above 0: increase() cannot see that",
};

export const PROMQL_CHECKS: readonly Check[] = [
  {
    name: "promql/rate",
    says: "a rate is taken of a counter, over at least four scrapes",
    problems: (of) =>
      [...everyPart(of.expr)].flatMap((part) =>
        part.kind === "call" && COUNTING.includes(part.name) ? rateProblems(part.args[0], part.text, of) : [],
      ),
  },
  {
    name: "promql/counter",
    says: "the height of a counter says nothing: it begins anew with its program",
    problems: (of) => {
      const { rule, expr } = of;
      if (HEIGHT_MEANT[rule.alert ?? ""] !== undefined) return [];
      // A canonical series that is a counter itself hands one on, and nothing else.
      if (rule.record?.endsWith("_total")) {
        return bareSelectors(expr)
          .filter((selector) => !isCounter(selector, of))
          .map((selector) => `${selector.text} is no counter`);
      }
      return bareSelectors(expr)
        .filter((selector) => isCounter(selector, of))
        .map((selector) => `${selector.text} is a counter: use increase or rate`);
    },
  },
  {
    name: "promql/vector_matching",
    says: "sides with different labels never meet unless on or ignoring says by which",
    problems: ({ expr, labels }) =>
      [...everyPart(expr)].flatMap((part) => {
        if (part.kind !== "binary" || part.op === "or" || part.matching !== "none") return [];
        if (isScalar(part.left) || isScalar(part.right)) return [];
        const [left, right] = [labels(part.left), labels(part.right)];
        const only = [...left.possible, ...right.possible].filter(
          (l) => !left.possible.has(l) || !right.possible.has(l),
        );
        return only.length === 0 ? [] : [`${part.text}: only one side has ${[...new Set(only)].join(", ")}`];
      }),
  },
  {
    name: "promql/regexp",
    says: "a regular expression is one for a reason; Prometheus anchors it itself",
    problems: ({ expr }) =>
      selectorsOf(expr).flatMap(({ text, matchers }) =>
        matchers
          .filter(({ op }) => op === "=~" || op === "!~")
          .flatMap(({ label, op, value }) => {
            const plain = op === "=~" ? "=" : "!=";
            if (/^\^|\$$/.test(value)) return [`${text}: ${label}: ^ and $ are there already`];
            if (value === ".*") return [`${text}: ${label}: takes everything; leave it out`];
            return /[.*+?|()[\]{}\\]/.test(value)
              ? []
              : [`${text}: ${label}${op}"${value}" is no pattern; use ${plain}`];
          }),
      ),
  },
  {
    name: "promql/offset",
    says: "no rule looks into the future, which changes when it comes",
    problems: ({ expr }) => (/offset\s+-/.test(expr.text) ? ["an offset below 0"] : []),
  },
];

function rateProblems(arg: Expr | undefined, text: string, of: Linted): string[] {
  // Of a subquery only the inner samples are known.
  if (arg?.kind !== "selector") return [];
  const { rangeSeconds = 0 } = arg;
  return [
    ...(rangeSeconds >= 4 * of.scrapeSeconds
      ? []
      : [`${text}: ${rangeSeconds} s hold fewer than four scrapes, of ${of.scrapeSeconds} s each`]),
    ...(isCounter(arg, of) ? [] : [`${text}: ${arg.name} is no counter`]),
  ];
}

function isCounter(selector: Selector, { types }: Linted): boolean {
  const { name } = selector;
  if (NO_COUNTERS[name] !== undefined) return false;
  if (REALLY_COUNTERS[name] !== undefined) return true;
  if (name.startsWith("chain:")) return name.endsWith("_total");
  return types(selector).some(
    (type) => type === "counter" || (type === "histogram" && /_(bucket|sum|count)$/.test(name)),
  );
}

/**
 * Selectors outside of functions that count. `x - min_over_time(x[...])` counts as well: it is an increase that sees the
 * first event of a series, too.
 */
function bareSelectors(expr: Expr): Selector[] {
  if (expr.kind === "selector") return [expr];
  if (expr.kind === "call" && LOOKING.includes(expr.name)) return [];
  if (expr.kind === "aggregate" && ["count", "group"].includes(expr.op)) return [];
  if (expr.kind === "binary" && expr.op === "-" && isGrowth(expr.left, expr.right)) return [];
  // Whether it is there, and not its value.
  if (expr.kind === "binary" && ["and", "unless"].includes(expr.op) && expr.right.kind === "selector")
    return bareSelectors(expr.left);
  return partsOf(expr).flatMap(bareSelectors);
}

function isGrowth(left: Expr, right: Expr): boolean {
  if (left.kind !== "selector" || right.kind !== "call" || right.name !== "min_over_time") return false;
  const [before] = right.args;
  return before?.kind === "selector" && before.name === left.name;
}
