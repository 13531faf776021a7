import fc from "fast-check";
import { AlertStore } from "./store";
import { parseWebhook, type ReceivedAlert } from "./webhook";

/** As Alertmanager 0.28 sends it. */
const alert = (changes: object = {}) => ({
  status: "firing",
  labels: { alertname: "NodeDown", node: "rpc-0", network: "main", severity: "critical" },
  annotations: { summary: "rpc-0 of main does not answer", description: "long" },
  startsAt: "2026-11-24T03:00:00.123Z",
  endsAt: "0001-01-01T00:00:00Z",
  generatorURL: "http://127.0.0.1:9090/graph",
  fingerprint: "1f2e3d4c5b6a7988",
  ...changes,
});
const message = (...alerts: object[]) =>
  JSON.stringify({ version: "4", groupKey: "{}", status: "firing", receiver: "agent", alerts });
const START = Date.parse("2026-11-24T03:00:00Z") / 1000;

function parsed(body: string): ReceivedAlert[] {
  const result = parseWebhook(body);
  if ("problem" in result) throw new Error(result.problem);
  return result.alerts;
}

describe("parseWebhook", () => {
  it("reads what the status shows", () => {
    expect(parsed(message(alert()))).toEqual([
      {
        key: "1f2e3d4c5b6a7988",
        name: "NodeDown",
        state: "firing",
        severity: "critical",
        node: "rpc-0",
        summary: "rpc-0 of main does not answer",
        startsAt: START,
        endsAt: null,
      },
    ]);
  });

  it("reads resolved ones, and ones that tell less", () => {
    const bare = alert({
      status: "resolved",
      endsAt: "2026-11-24T03:10:00Z",
      labels: { alertname: "Watchdog" },
      annotations: null,
      fingerprint: 7,
    });
    expect(parsed(message(bare))[0]).toMatchObject({
      state: "resolved",
      severity: "none",
      node: null,
      summary: "",
      endsAt: START + 600,
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(parsed(message(alert({ annotations: { description: "long" } })))[0]?.summary).toBe("long");
  });

  it("cuts what is too long and takes control characters out", () => {
    const [found] = parsed(message(alert({ annotations: { summary: `\u001b[31m${"x".repeat(9999)}` } })));
    expect(found?.summary).toMatch(/^\[31mx+\.\.\.$/);
    expect(found?.summary).toHaveLength(500);
  });

  it.each<[string, string, string]>([
    ["no JSON", "{", "body is no JSON"],
    ["a list", "[]", "body is no object"],
    ["another version", '{"version":"3","alerts":[]}', 'version: got "3"; use "4"'],
    ["no alerts", '{"version":"4"}', "alerts: got nothing; use a list of alerts"],
    ["a broken alert", message(alert(), { status: "firing" }), "alerts[1].labels.alertname: missing"],
    [
      "an unknown state",
      message(alert({ status: "pending" })),
      'alerts[0].status: got "pending"; use "firing" or "resolved"',
    ],
    ["no start", message(alert({ startsAt: "soon" })), 'alerts[0].startsAt: got "soon"; use an RFC 3339 time'],
    [
      "a flood",
      JSON.stringify({ version: "4", alerts: new Array(10_001).fill(0) }),
      "alerts: got 10001; use at most 10000",
    ],
  ])("refuses %s", (_, body, problem) => {
    expect(parseWebhook(body)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it("answers anything with alerts or a problem", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const body of [JSON.stringify(value), JSON.stringify({ version: "4", alerts: [value] })]) {
          expect(Object.keys(parseWebhook(body))).toHaveLength(1);
        }
      }),
    );
  });
});

describe("AlertStore", () => {
  let now = START * 1000;
  beforeEach(() => {
    now = START * 1000;
  });
  const store = () => new AlertStore(() => now);
  const firing = (key: string, rest: object = {}) => ({ ...parsed(message(alert()))[0]!, key, name: key, ...rest });
  const resolved = (key: string, endsAt: number | null) => firing(key, { state: "resolved", endsAt });
  const names = (of: AlertStore) => of.list().map((a) => `${a.name} ${a.state}`);

  it("shows firing alerts first, the newest first, without internal keys", () => {
    const alerts = store();
    alerts.receive([firing("a"), resolved("b", START - 5), firing("c", { startsAt: START + 5 })]);
    expect(names(alerts)).toEqual(["c firing", "a firing", "b resolved"]);
    expect(alerts.list()[0]).not.toHaveProperty("key");
  });

  it("keeps one entry per alert, with its newest state", () => {
    const alerts = store();
    alerts.receive([firing("a")]);
    alerts.receive([firing("a")]);
    now += 60_000;
    alerts.receive([resolved("a", null)]);
    expect(alerts.list()).toMatchObject([{ name: "a", state: "resolved", endsAt: START + 60 }]);
    alerts.receive([firing("a", { startsAt: START + 90 })]);
    expect(alerts.list()).toMatchObject([{ state: "firing", endsAt: null }]);
  });

  it("forgets resolved ones after an hour, and firing ones that nobody repeats for half a day", () => {
    const alerts = store();
    alerts.receive([firing("a"), resolved("b", START)]);
    now += 3600_000;
    expect(names(alerts)).toEqual(["a firing", "b resolved"]);
    now += 1000;
    expect(names(alerts)).toEqual(["a firing"]);
    now += 12 * 3600_000;
    expect(names(alerts)).toEqual([]);
  });

  it("holds 500 at most: resolved ones go first, then the oldest", () => {
    const alerts = store();
    alerts.receive([resolved("old", START)]);
    alerts.receive(Array.from({ length: 600 }, (_, i) => firing(`f${i}`, { startsAt: START + i })));
    const list = alerts.list();
    expect(list).toHaveLength(500);
    expect(list[0]?.name).toBe("f599");
    expect(list.at(-1)?.name).toBe("f100");
  });
});
