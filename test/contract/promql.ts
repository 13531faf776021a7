import { parser } from "@prometheus-io/lezer-promql";

type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

export type MatchOp = "=" | "!=" | "=~" | "!~";

export interface Matcher {
  readonly label: string;
  readonly op: MatchOp;
  readonly value: string;
}

interface Part {
  /** The words of the expression that this part is. */
  readonly text: string;
}

export interface Selector extends Part {
  readonly kind: "selector";
  /** Empty where the name is only told by a matcher. */
  readonly name: string;
  readonly matchers: readonly Matcher[];
  /** Window in seconds; undefined for the value of now. */
  readonly rangeSeconds?: number;
}

export interface Aggregate extends Part {
  readonly kind: "aggregate";
  readonly op: string;
  readonly grouping: "by" | "without" | "none";
  readonly labels: readonly string[];
  /** First argument of `quantile`, `topk` and the like. */
  readonly parameter?: Expr;
  readonly of: Expr;
}

export interface Call extends Part {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expr[];
}

export interface Binary extends Part {
  readonly kind: "binary";
  readonly op: string;
  readonly bool: boolean;
  readonly matching: "on" | "ignoring" | "none";
  readonly labels: readonly string[];
  readonly group: "left" | "right" | "none";
  /** Labels that the one side gives to the many. */
  readonly include: readonly string[];
  readonly left: Expr;
  readonly right: Expr;
}

export interface Subquery extends Part {
  readonly kind: "subquery";
  readonly rangeSeconds: number;
  readonly of: Expr;
}

export interface Negation extends Part {
  readonly kind: "negation";
  readonly of: Expr;
}

export interface Literal extends Part {
  readonly kind: "number" | "string";
  readonly value: string;
}

export type Expr = Selector | Aggregate | Call | Binary | Subquery | Negation | Literal;

/**
 * PromQL as a tree, read with the grammar of Prometheus's own web page. Parentheses, `offset` and `@` leave no trace: they
 * change neither names nor labels.
 *
 * @throws Error with the place of the mistake.
 */
export function parsePromql(text: string): Expr {
  const tree = parser.parse(text);
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`not PromQL at character ${node.from}: ${text}`);
    },
  });
  const [top] = childrenOf(tree.topNode);
  if (top === undefined) throw new Error(`no expression: ${JSON.stringify(text)}`);
  return read(top, text);
}

function read(node: SyntaxNode, text: string): Expr {
  const words = text.slice(node.from, node.to);
  const parts = childrenOf(node);
  const first = () => read(required(parts[0], words), text);
  switch (node.name) {
    case "ParenExpr":
    case "OffsetExpr":
    case "StepInvariantExpr":
      return first();
    case "VectorSelector":
      return selector(node, text);
    case "MatrixSelector": {
      const inner = first();
      if (inner.kind !== "selector") throw new Error(`a window needs a series before it: ${words}`);
      return { ...inner, text: words, rangeSeconds: seconds(required(parts[1], words), text) };
    }
    case "SubqueryExpr":
      return { kind: "subquery", text: words, of: first(), rangeSeconds: seconds(required(parts[1], words), text) };
    case "AggregateExpr":
      return aggregate(node, text);
    case "FunctionCall":
      return { kind: "call", text: words, name: wordsOf(node, "FunctionIdentifier", text), args: argsOf(node, text) };
    case "BinaryExpr":
      return binary(parts, words, text);
    case "UnaryExpr":
      return { kind: "negation", text: words, of: read(required(parts[1], words), text) };
    case "NumberDurationLiteral":
      return { kind: "number", text: words, value: words };
    case "StringLiteral":
      return { kind: "string", text: words, value: unquoted(words) };
    default:
      throw new Error(`${node.name} is not understood here: ${words}`);
  }
}

function selector(node: SyntaxNode, text: string): Selector {
  const list = node.getChild("LabelMatchers");
  const matchers = (list ? childrenOf(list) : []).map((one): Matcher => {
    const [label, op, value] = childrenOf(one).map((part) => text.slice(part.from, part.to));
    return { label: unquoted(label ?? ""), op: (op ?? "=") as MatchOp, value: unquoted(value ?? '""') };
  });
  const name = wordsOf(node, "Identifier", text) || (matchers.find((m) => m.label === "__name__")?.value ?? "");
  return { kind: "selector", text: text.slice(node.from, node.to), name, matchers };
}

function aggregate(node: SyntaxNode, text: string): Aggregate {
  const words = text.slice(node.from, node.to);
  const modifier = node.getChild("AggregateModifier");
  const args = argsOf(node, text);
  return {
    kind: "aggregate",
    text: words,
    op: wordsOf(node, "AggregateOp", text).toLowerCase(),
    grouping: modifier === null ? "none" : modifier.getChild("By") ? "by" : "without",
    labels: modifier ? labelsOf(modifier.getChild("GroupingLabels"), text) : [],
    ...(args.length > 1 ? { parameter: required(args[0], words) } : {}),
    of: required(args.at(-1), words),
  };
}

function binary(parts: readonly SyntaxNode[], words: string, text: string): Binary {
  const clause = parts.find((part) => part.name === "MatchingModifierClause");
  const [labels, include] = clause?.getChildren("GroupingLabels") ?? [];
  const op = required(parts[1], words);
  return {
    kind: "binary",
    text: words,
    op: text.slice(op.from, op.to).toLowerCase(),
    bool: parts.some((part) => part.name === "BoolModifier"),
    matching: clause === undefined ? "none" : clause.getChild("On") ? "on" : "ignoring",
    labels: labelsOf(labels ?? null, text),
    group: clause?.getChild("GroupLeft") ? "left" : clause?.getChild("GroupRight") ? "right" : "none",
    include: labelsOf(include ?? null, text),
    left: read(required(parts[0], words), text),
    right: read(required(parts.at(-1), words), text),
  };
}

function argsOf(node: SyntaxNode, text: string): Expr[] {
  const body = node.getChild("FunctionCallBody");
  return body ? childrenOf(body).map((arg) => read(arg, text)) : [];
}

function labelsOf(list: SyntaxNode | null, text: string): string[] {
  return list ? childrenOf(list).map((label) => unquoted(text.slice(label.from, label.to))) : [];
}

function wordsOf(node: SyntaxNode, child: string, text: string): string {
  const found = node.getChild(child);
  return found ? text.slice(found.from, found.to) : "";
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== "LineComment") found.push(child);
  }
  return found;
}

function required<T>(value: T | undefined, words: string): T {
  if (value === undefined) throw new Error(`a part is missing: ${words}`);
  return value;
}

function unquoted(words: string): string {
  if (/^`.*`$/s.test(words)) return words.slice(1, -1);
  if (!/^(["']).*\1$/s.test(words)) return words;
  return words.slice(1, -1).replace(/\\(.)/g, (_, sign: string) => ({ n: "\n", t: "\t" })[sign] ?? sign);
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

function seconds(node: SyntaxNode, text: string): number {
  return durationSeconds(text.slice(node.from, node.to));
}

/** Seconds of a duration as Prometheus writes it, e.g. `1h30m`. NaN for one that is calculated. */
export function durationSeconds(words: string): number {
  const pieces = [...words.matchAll(/([\d.]+)(ms|[smhdwy])/g)];
  if (pieces.length === 0 || pieces.map(([all]) => all).join("") !== words) {
    return /^\d+(\.\d+)?$/.test(words) ? Number(words) : Number.NaN;
  }
  return pieces.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? Number.NaN), 0);
}

/** Direct parts of an expression. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "aggregate":
      return [...(expr.parameter ? [expr.parameter] : []), expr.of];
    case "call":
      return expr.args;
    case "binary":
      return [expr.left, expr.right];
    case "subquery":
    case "negation":
      return [expr.of];
    default:
      return [];
  }
}

/** An expression and all its parts, outside first. */
export function* everyPart(expr: Expr): Generator<Expr> {
  yield expr;
  for (const part of partsOf(expr)) yield* everyPart(part);
}

/** All selectors of an expression. */
export function selectorsOf(expr: Expr): Selector[] {
  return [...everyPart(expr)].filter((part) => part.kind === "selector");
}
