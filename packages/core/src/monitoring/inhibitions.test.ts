import { ALERTS } from "./alerts/catalogue";
import { inhibitRules } from "./inhibitions";
import type { AlertDefinition, PlannedAlert } from "./types";

const planned = (definitions: readonly AlertDefinition[]): PlannedAlert[] =>
  definitions.map((definition) => ({
    definition,
    forSeconds: 60,
    severity: definition.severity,
    replicatedSeverity: definition.replicatedSeverity,
    threshold: Number.NaN,
  }));

const rules = inhibitRules(planned(ALERTS));
const severities = ({ severity, replicatedSeverity }: AlertDefinition) => [severity, replicatedSeverity ?? severity];

/** Names of the alerts that an alert can keep quiet, as its definition says. */
function quiets(source: AlertDefinition): string[] {
  const others = ALERTS.filter((a) => a.name !== source.name);
  const strong = ALERTS.filter((a) => a.inhibits?.some((i) => i.severities)).map((a) => a.name);
  return (source.inhibits ?? []).flatMap(({ alerts, severities: of }) =>
    others
      .filter(
        (a) =>
          alerts?.includes(a.name) ?? (!strong.includes(a.name) && severities(a).some((s) => of?.some((o) => o === s))),
      )
      .map((a) => a.name),
  );
}

describe("inhibitRules", () => {
  it("demand on both sides every label that must be equal", () => {
    expect(rules.length).toBeGreaterThan(2);
    for (const { equal, source_matchers, target_matchers } of rules) {
      for (const label of equal) {
        expect(source_matchers).toContain(`${label}=~".+"`);
        expect(target_matchers).toContain(`${label}=~".+"`);
      }
    }
  });

  it("hold within one network of one stack", () => {
    for (const { equal } of rules) expect(equal).toEqual(expect.arrayContaining(["network", "stack"]));
  });

  it("let no two alerts keep each other quiet", () => {
    const mutual = ALERTS.flatMap((a) =>
      quiets(a)
        .filter((name) => quiets(ALERTS.find((b) => b.name === name) as AlertDefinition).includes(a.name))
        .map((name) => `${a.name} and ${name}`),
    );
    expect(mutual).toEqual([]);
    const [first] = rules.filter((r) => r.source_matchers.includes('alertname="NodeDown"'));
    expect(first?.target_matchers).toContainEqual(expect.stringMatching(/^alertname!~".*\bNodeTargetMissing\b.*"$/));
  });

  it("speak of alerts that there are", () => {
    const names = ALERTS.map((a) => a.name);
    const unknown = ALERTS.flatMap((a) => (a.inhibits ?? []).flatMap((i) => i.alerts ?? [])).filter(
      (n) => !names.includes(n),
    );
    expect(unknown).toEqual([]);
  });

  it("leave out alerts that the user has turned off", () => {
    const without = inhibitRules(planned(ALERTS.filter((a) => a.name !== "NetworkHalted")));
    expect(JSON.stringify(without)).not.toContain('alertname=\\"NetworkHalted\\"');
  });
});
