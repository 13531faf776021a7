import { alertStatus, nodeStatus, pointStatus, statusOf } from "../agent/fake-agent.fixture";
import { statusText } from "./status";
import { styleFor } from "./style";
import { duration, oneLine, size } from "./text";

describe("statusText", () => {
  it("shows the network and its nodes by name", () => {
    const text = statusText(statusOf());
    expect(text).toBe(
      [
        "devnet (cometbft, private), stack local",
        "height 100, last block 1 s ago; 2 of 2 nodes ready",
        "",
        "NAME      KIND    CLIENT    HEIGHT  LAG  PEERS  READY  REASONS",
        "mirror-0  mirror  cometbft     100    0      3  yes",
        "rpc-0     full    cometbft     100    0      3  yes",
      ].join("\n"),
    );
  });

  it("says why a node is not ready, and tells a dead one from one that lags", () => {
    const nodes = [
      nodeStatus("a-0", { ready: false, reasons: [{ code: "BEHIND", text: "12 blocks behind" }] }),
      nodeStatus("b-0", {
        ready: false,
        alive: false,
        height: null,
        lagBlocks: null,
        peers: null,
        reasons: [
          { code: "NO_ANSWER", text: "no answer for 40 s" },
          { code: "NO_PEERS", text: "no peers" },
        ],
      }),
    ];
    const lines = statusText(statusOf({ nodes })).split("\n");
    expect(lines[1]).toContain("0 of 2 nodes ready");
    expect(lines.at(-2)).toMatch(/^a-0 .* 100 +0 +3 +no +BEHIND: 12 blocks behind$/);
    expect(lines.at(-1)).toMatch(/^b-0 .* - +- +- +no, dead +NO_ANSWER: no answer for 40 s; NO_PEERS: no peers$/);
  });

  it("says that the network stands", () => {
    const networkState = { halted: true, height: 100, secondsSinceProgress: 300 };
    expect(statusText(statusOf({ networkState }))).toContain("HALTED, no block for 5 min; 2 of 2 nodes ready");
  });

  it("shows firing alerts before resolved ones, with their times", () => {
    const alerts = [
      alertStatus({ name: "NodeStalled", state: "resolved", endsAt: 1_000_070 }),
      alertStatus({ name: "NetworkHalted", summary: "no new blocks", startsAt: 1_000_100 }),
    ];
    expect(statusText(statusOf({ alerts })).split("\n").slice(-3)).toEqual([
      "Alerts",
      "FIRING    for 30 s  critical  NetworkHalted  no new blocks",
      "resolved  60 s ago  critical  NodeStalled    rpc-0 does not answer",
    ]);
  });

  it("shows recovery points, newest first", () => {
    const points = [
      pointStatus("p1", { createdAt: 1_000_000, lockedUntil: 1_000_190, copies: ["offsite"] }),
      pointStatus("p2", { createdAt: 1_000_120, verified: "chain" }),
      pointStatus("p0", { createdAt: 999_000, bad: "opens: the client ended", verified: "intact" }),
    ];
    const lines = statusText(statusOf({ points })).split("\n").slice(-3);
    expect(lines[0]).toMatch(/^p2 +mirror-0 +90 +10 s +2\.0 KiB +chain +- +-$/);
    expect(lines[1]).toMatch(/^p1 .*not yet +for 60 s +offsite$/);
    expect(lines[2]).toMatch(/^p0 .*BAD opens: the client ended +- +-$/);
  });

  it("lets no text of a node steer the terminal", () => {
    const reasons = [{ code: "BAD_ANSWER", text: "got \u001b[2J\u0007\r\nx\u202e\u009b31m" }];
    const text = statusText(statusOf({ nodes: [nodeStatus("a-0", { ready: false, reasons })] }));
    expect(text).toContain("BAD_ANSWER: got [2J x 31m");
    expect([..."\u001b\u0007\r\u009b\u202e"].filter((character) => text.includes(character))).toEqual([]);
  });

  it("keeps its columns in colour", () => {
    const coloured = statusText(statusOf(), styleFor(true));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(statusText(statusOf()));
    expect(coloured).toContain("\u001b[32myes");
  });
});

describe("words for numbers", () => {
  it.each([
    [0, "0 s"],
    [99, "99 s"],
    [100, "2 min"],
    [3540, "59 min"],
    [3600, "1 h 0 min"],
    [11_520, "3 h 12 min"],
    [190_800, "2 d 5 h"],
    [-5, "0 s"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [250 * 1024 ** 3, "250 GiB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });

  it("brings text onto one line", () => {
    expect(oneLine(" a\n\tb ")).toBe("a b");
  });
});
