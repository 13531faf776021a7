import { createHash } from "node:crypto";
import type { AgentInventory, StatusDocument } from "@chainkeep/core";
import { fakeInventory, inventoryNode } from "../testing/fake-node.fixture";
import { NOWHERE } from "../testing/stage.fixture";
import { PAGE_HEADERS } from "./document";
import { alertOf, historyOf, jobOf, NOW, nodeOf, pointOf, statusOf, vaultOf } from "./status.fixture";
import { statusPage } from "./status-page";

describe("statusPage", () => {
  let inventory: AgentInventory;
  beforeAll(async () => {
    inventory = await fakeInventory([inventoryNode("rpc-0", NOWHERE), inventoryNode("rpc-1", NOWHERE)]);
  });

  const page = (status: StatusDocument, heights: Parameters<typeof historyOf>[0] = {}, own = inventory) =>
    statusPage({ inventory: own, status, history: historyOf(heights) });
  const two = [nodeOf("rpc-0"), nodeOf("rpc-1")];
  /** What a person reads, without markup. */
  const words = (markup: string) =>
    markup
      .slice(markup.indexOf("<main>"))
      .replace(/<script>[\s\S]*<\/script>/, "")
      .replace(/<[^>]+>/g, " ")
      .replace(/\s+/g, " ");
  const title = (status: StatusDocument) => /<h2 id="_verdict">([^<]*)</.exec(page(status))?.[1];

  it.each<[string, Partial<StatusDocument>, string]>([
    ["all is well", {}, "All is well"],
    [
      "the network stands still, whatever else there is",
      { networkState: { halted: true, height: 5, secondsSinceProgress: 90 }, alerts: [alertOf("NodeDown")] },
      "The network stands still",
    ],
    ["something critical fires", { alerts: [alertOf("A"), alertOf("B")] }, "2 critical alerts fire"],
    ["nodes are dead", { nodes: [nodeOf("rpc-0", { alive: false, ready: false })] }, "1 node is not alive"],
    [
      "nodes are not ready",
      { nodes: [nodeOf("a", { ready: false }), nodeOf("b", { ready: false })] },
      "2 nodes are not ready",
    ],
    ["warnings fire", { alerts: [alertOf("A", { severity: "warning" })] }, "1 warning fires"],
    [
      "only infos and the watchdog fire",
      { alerts: [alertOf("A", { severity: "info" }), alertOf("W", { severity: "none" })] },
      "All is well",
    ],
    ["all that fired is over", { alerts: [alertOf("A", { state: "resolved", endsAt: NOW })] }, "All is well"],
  ])("says in one line that %s", (_, rest, expected) => {
    expect(title(statusOf(rest.nodes ?? two, rest))).toBe(expected);
  });

  it("never shows an unknown figure as zero", () => {
    const unknown = { ready: false, height: null, lagBlocks: null, headAgeSeconds: null, peers: null, version: null };
    const text = page(
      statusOf([nodeOf("rpc-0", unknown)], {
        networkState: { halted: false, height: null, secondsSinceProgress: null },
      }),
    );
    expect(text.match(/title="unknown"/g)).toHaveLength(6);
    expect(words(text)).toContain("no block seen yet");
    expect(words(text)).not.toMatch(/\bNaN\b|undefined|null/);
  });

  it("lets nobody's text become markup, wherever it stands", () => {
    const evil = `"><script>alert(1)</script>'&`;
    const node = nodeOf("rpc-0", { ready: false, version: evil, reasons: [{ code: "BAD_ANSWER", text: evil }] });
    const alerts = [
      alertOf(evil, { severity: evil, summary: evil, node: evil }),
      alertOf("B", { summary: evil, state: "resolved", endsAt: NOW }),
    ];
    const points = [pointOf(evil, { node: evil, blockHash: evil, bad: evil })];
    const text = page(statusOf([node], { cluster: evil, network: evil, alerts, points }));
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toContain(evil);
    expect(text.split("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;").length).toBeGreaterThan(9);
  });

  it("allows exactly the style and the script that it holds, and nothing from elsewhere", () => {
    const text = page(statusOf(two), { "rpc-0": [1, 2, 3] });
    const policy = PAGE_HEADERS["content-security-policy"] ?? "";
    const held = (tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1] ?? "";
    for (const tag of ["style", "script"]) {
      expect(policy).toContain(`${tag}-src 'sha256-${createHash("sha256").update(held(tag)).digest("base64")}'`);
    }
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    // Inline handlers and styles would be refused by it.
    expect(text).not.toMatch(/\s(on\w+|style)=/);
    expect(text).not.toMatch(/(src|href)="(?!#|\/|data:)/);
  });

  it("puts the worst first and folds the rest of a large fleet into a page of bounded size", () => {
    const nodes = Array.from({ length: 1000 }, (_, i) =>
      nodeOf(`rpc-${i}`, i === 777 ? { alive: false, ready: false } : i === 900 ? { ready: false } : {}),
    );
    const ring = Array.from({ length: 120 }, (_, i) => 1_234_000 + i);
    const heights = Object.fromEntries(nodes.map((n) => [n.name, ring]));
    const alerts = Array.from({ length: 500 }, (_, i) =>
      alertOf("NodeDown", { node: `rpc-${i}`, severity: "warning" }),
    );
    const text = page(statusOf(nodes, { alerts }), heights);
    const ids = [...text.matchAll(/ id="(rpc-\d+)"/g)].map((m) => m[1]);
    expect(ids.slice(0, 2)).toEqual(["rpc-777", "rpc-900"]);
    // Every node can be linked to, once.
    expect(new Set(ids).size).toBe(1000);
    expect(ids).toHaveLength(1000);
    expect(words(text)).toContain("950 more nodes, all of them ready");
    expect(words(text)).toContain("and 460 more");
    expect(text.length).toBeLessThan(300_000);
  });

  it("keeps healthy nodes where they are, whatever their lag of the moment", () => {
    const nodes = [nodeOf("b", { lagBlocks: 0 }), nodeOf("a", { lagBlocks: 2 }), nodeOf("c", { ready: false })];
    expect([...page(statusOf(nodes)).matchAll(/<tr role="row" id="(\w)"/g)].map((m) => m[1])).toEqual(["c", "b", "a"]);
  });

  it("does not grow with a fleet of ten thousand", () => {
    const nodes = Array.from({ length: 10_000 }, (_, i) => nodeOf(`rpc-${i}`));
    const text = page(statusOf(nodes));
    expect(words(text)).toContain("8,450 more are not listed here");
    expect(text.length).toBeLessThan(300_000);
  });

  it("links alerts to their pages and nodes, and says what ended", () => {
    const alerts = [
      alertOf("NodeDown", { node: "rpc-1" }),
      alertOf("Mine", { severity: "warning", node: "elsewhere" }),
      alertOf("NodeStalled", { state: "resolved", endsAt: NOW - 60 }),
    ];
    const text = page(statusOf(two, { alerts }));
    expect(text).toContain('href="/runbooks/NodeDown"');
    expect(text).toContain('href="/#rpc-1"');
    // There is no page of an alert that is not ours, and no row of a node that is not here.
    expect(text).not.toContain("/runbooks/Mine");
    expect(text).not.toContain("#elsewhere");
    expect(words(text)).toMatch(
      /critical .*NodeDown .*for 1 min .*warning .*Mine .*1 resolved within the last hour .*ended 1 min ago, after 30 s/,
    );
  });

  it("takes people's own runbook pages, and links what it knows of", async () => {
    const own = {
      prometheusUrl: "http://p:9090",
      alertmanagerUrl: "http://a:9093",
      runbookUrl: "https://wiki.example.org/r/",
      alerts: [],
    };
    const status = statusOf(two, {
      alerts: [alertOf("NodeDown")],
      prometheusUrl: "http://p:9090",
      grafanaUrl: "http://g:3000",
    });
    const text = page(status, {}, { ...inventory, monitoring: own });
    expect(text).toContain('href="https://wiki.example.org/r/NodeDown"');
    expect(text).toContain('href="http://p:9090"');
    expect(text).toContain('href="http://g:3000"');
    expect(words(text)).not.toContain("Alertmanager");
  });

  it("says that there is no vault, and shows recovery points when there is one", () => {
    expect(words(page(statusOf(two)))).toContain("No vault yet: no backup vault is attached");
    const points = [
      pointOf("p1", { createdAt: NOW - 3600 }),
      pointOf("p2", { createdAt: NOW - 60, verified: "chain" }),
      pointOf("p0", { createdAt: NOW - 7200, verified: "intact", bad: "opens: it ended" }),
    ];
    const text = words(page(statusOf(two, { points })));
    expect(text).toMatch(
      /p2 rpc-0 77 1 min 1 B chain no p1 rpc-0 77 1 h 1 B not yet no p0 rpc-0 77 2 h 1 B bad at opens: it ended no/,
    );
    expect(text).toContain("newest 1 min old");
    expect(text).not.toContain("No vault");
  });

  it("says how long a point is locked, and how large it is", () => {
    const points = [pointOf("p1", { lockedUntil: NOW + 3 * 86_400, sizeBytes: 1.5 * 1024 ** 3 })];
    expect(words(page(statusOf(two, { points })))).toContain("77 0 s 1.5 GiB not yet for 3 d");
    const ended = [pointOf("p1", { lockedUntil: NOW - 1 })];
    expect(words(page(statusOf(two, { points: ended })))).toContain("not yet no");
  });

  it("shows what is being done with the vault, what failed last, and how far live copies are behind", () => {
    const vault = vaultOf({
      lastAttempt: { at: NOW - 120, ok: false, text: "rpc-0 was killed" },
      lastVerification: { at: NOW - 7200, point: "p7", level: "intact", ok: false, text: "it does not open" },
      lastDrill: { at: NOW - 3600, ok: true, text: "p7 held to objectives, report d1" },
      lastCheck: { at: NOW - 240, ok: false, text: "pack 12 is damaged" },
      nextBackupAt: NOW + 180,
      mirrors: [
        { node: "mirror-0", lagBlocks: 3, lagSeconds: 36, promoted: true },
        { node: "mirror-1", lagBlocks: null, lagSeconds: 600, promoted: false },
      ],
      job: jobOf({
        steps: [{ name: "copy rpc-0", startedAt: NOW, endedAt: null }],
        progress: { doneBytes: 5 * 1024 ** 2, totalBytes: 20 * 1024 ** 2, bytesPerSecond: 1024 ** 2, secondsLeft: 15 },
      }),
    });
    const text = words(page(statusOf(two, { vault })));
    expect(text).toContain("Now: backup of cluster: copy rpc-0, 5 MiB, 25 %, 1 MiB/s, 15 s left");
    expect(text).toContain("The last backup failed 2 min ago: rpc-0 was killed");
    expect(text).toContain("p7 failed its proof 2 h ago: it does not open");
    expect(text).toContain("The store was found damaged 4 min ago: pack 12 is damaged");
    expect(text).toContain("Last drill 1 h ago: p7 held to objectives, report d1");
    expect(text).toContain("Next backup in 3 min");
    expect(text).toContain("Live copy mirror-0 : 3 blocks behind, 36 s; promoted, it serves users");
    expect(text).toContain("Live copy mirror-1 : does not tell its height, 10 min");
    expect(text).toContain("No point was taken yet");
  });

  it("is quiet about a vault in which all is well", () => {
    const ok = { at: NOW, ok: true, text: "p1" };
    const text = words(page(statusOf(two, { vault: vaultOf({ lastAttempt: ok }) })));
    expect(text).not.toMatch(/failed|Now:|Live copy|Next backup/);
  });
});
