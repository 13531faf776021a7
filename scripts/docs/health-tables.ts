import { protocols } from "../../packages/core/src/chains/catalogue";
import { healthLimits, probeTiming } from "../../packages/core/src/cluster/limits";
import { REASON_CODES } from "../../packages/core/src/health/types";
import { code, table } from "./sections";
import { sourceTexts } from "./source-files";

/** Limits of a cluster of several nodes when the user says nothing, per network. */
export function limitsSection(): string {
  const head = ["Network", "Asked every", "Answer within", "Head age", "Lag", "Progress", "Stale answer"];
  const rows = protocols.flatMap((protocol) =>
    Object.entries(protocol.networks).map(([network, facts]) => {
      const timing = probeTiming(facts);
      const { blockTimeSeconds, chainId } = facts;
      const limits = healthLimits({ facts, blockTimeSeconds, nodeCount: 3, chainId, timing });
      return [
        `${protocol.name} ${code(network)}`,
        `${timing.intervalSeconds} s`,
        `${timing.timeoutMs} ms`,
        limits.maxHeadAgeSeconds >= 100_000_000 ? "any" : `${limits.maxHeadAgeSeconds} s`,
        `${limits.maxLagBlocks} blocks`,
        `${limits.progressSeconds} s`,
        `${limits.staleSeconds} s`,
      ];
    }),
  );
  return table(head, rows);
}

/** Codes that a client's own answer can bring in. */
export function faultCodes(): { code: string; client: string; text: string }[] {
  return protocols.flatMap((p) =>
    p.clients.flatMap((client) =>
      (client.health.faults ?? []).map((fault) => ({ code: fault.code, client: client.name, text: fault.text })),
    ),
  );
}

export function faultsSection(): string {
  const found = faultCodes();
  if (found.length === 0) return "No client of the catalogue has reasons of its own.";
  const byText = new Map<string, string[]>();
  for (const { code: reason, text, client } of found) {
    const key = `${reason}\u0000${text}`;
    byText.set(key, [...(byText.get(key) ?? []), client]);
  }
  return table(
    ["Reason", "Text", "Clients"],
    [...byText].map(([key, clients]) => {
      const [reason = "", text = ""] = key.split("\u0000");
      return [code(reason), text, clients.map(code).join(", ")];
    }),
  );
}

/** Reasons that the agent adds to those of a verdict: they stand in its sources as `{ code: "...", text: ... }`. */
export function agentReasons(): string[] {
  const sources = sourceTexts("packages/agent/src").filter(
    // What proofs and jobs end with is no reason of a verdict.
    ({ file }) => !/\.(test|fixture)\.ts$/.test(file) && !file.includes("/vault/"),
  );
  const codes = sources.flatMap(({ text }) =>
    [...text.matchAll(/\bcode: "([A-Z]+_[A-Z_]+)",\s*text\b/g)].map((m) => m[1] ?? ""),
  );
  return [...new Set(codes)].filter((code) => !(REASON_CODES as readonly string[]).includes(code)).sort();
}

/** Reasons without a text of their own, and texts without a reason. */
export function reasonProblems(page: string): string[] {
  const told = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((m) => m[1] ?? "");
  const own: readonly string[] = [...REASON_CODES, ...agentReasons()];
  const known = [...own, ...faultCodes().map((f) => f.code)];
  return [
    ...own.filter((c) => !told.includes(c)).map((c) => `${c} is not explained; add a row "| \`${c}\` | ... |"`),
    ...told.filter((c) => !known.includes(c)).map((c) => `${c} is explained, but there is no such reason`),
  ];
}
