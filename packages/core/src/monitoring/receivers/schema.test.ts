import { planCluster } from "../../cluster/plan";
import { hostLayout, toy } from "../../testing/toy-protocol.fixture";
import type { MonitoringArgs } from "../args";

const SECRET = "https://hooks.example.org/services/T0/B0/sesame";

/** Lines of the error that these settings give; none where they are sound. */
function told(monitoring: unknown): string[] {
  const args = { chain: { definition: toy, network: "private" }, nodes: { rpc: { kind: "full" as const } } };
  try {
    planCluster("c", { ...args, monitoring: monitoring as MonitoringArgs }, hostLayout);
    return [];
  } catch (error) {
    return String(error)
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

describe("secrets that are written where a file is asked for", () => {
  it.each<[string, unknown, string]>([
    ["the webhook's address as the receivers", SECRET, "monitoring.receivers"],
    ["as a receiver", { chat: SECRET }, "monitoring.receivers.chat"],
    ["as a destination", { chat: { slack: SECRET } }, "monitoring.receivers.chat.slack"],
    [
      "in place of its file",
      { chat: { slack: { webhookUrlFile: SECRET } } },
      "monitoring.receivers.chat.slack.webhookUrlFile",
    ],
    ["in a list", { chat: { slack: [SECRET] } }, "monitoring.receivers.chat.slack"],
    [
      "under a key that nobody knows",
      { chat: { slack: { webhookUrl: SECRET } } },
      "monitoring.receivers.chat.slack.webhookUrl",
    ],
    [
      "with a password in the address",
      { chat: { webhook: { url: "https://me:sesame@example.org" } } },
      "monitoring.receivers.chat.webhook.url",
    ],
  ])("are refused and not repeated: %s", (_, receivers, path) => {
    const lines = told({ receivers });
    expect(lines.map((line) => line.slice(0, line.indexOf(": ")))).toContain(path);
    expect(lines.join("\n")).not.toContain("sesame");
  });

  it("are refused and not repeated: the dead-man's switch, a store", () => {
    const lines = told({
      receivers: "none",
      deadMan: SECRET,
      remoteWrite: [{ url: "https://me:sesame@example.org", bearerTokenFile: "sesame" }],
    });
    expect(lines).toHaveLength(3);
    expect(lines.join("\n")).not.toContain("sesame");
  });
});

describe("receivers", () => {
  it("are told what is wrong inside of them, with the word that was meant", () => {
    expect(
      told({ receivers: { chat: { slakc: { webhookUrlFile: "/a" }, severities: ["criticl"], sendResolved: "no" } } }),
    ).toEqual([
      expect.stringMatching(
        /^monitoring\.receivers\.chat\.severities\[0\]: got "criticl"; .*did you mean "critical" \[RECEIVER_SEVERITY\]$/,
      ),
      'monitoring.receivers.chat.sendResolved: got "no"; use true or false [SEND_RESOLVED]',
      expect.stringMatching(
        /^monitoring\.receivers\.chat\.slakc: unknown key; did you mean "slack"; .* \[UNKNOWN_KEY\]$/,
      ),
      expect.stringMatching(/^monitoring\.receivers\.chat: got no destination; .*\[RECEIVER_NO_DESTINATION\]$/),
    ]);
  });

  it.each([99.9, 1, 0.4, 100])("may not promise %p", (availability) => {
    const [line = "", ...more] = told({ receivers: "none", slo: { availability } });
    expect(more).toEqual([]);
    expect(line).toMatch(
      /^monitoring\.slo\.availability: got .*; use a share from 0\.5 to 0\.99999.*\[SLO_AVAILABILITY\]$/,
    );
    expect(line.includes("99.9 % are written 0.999")).toBe(availability === 99.9);
  });
});
