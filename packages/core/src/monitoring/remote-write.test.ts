import { remoteWrites } from "./remote-write";
import { retentionFlags } from "./retention";

const url = "https://mimir.example.org/api/v1/push";

describe("remoteWrites", () => {
  it("sends everything, without a login, unless told otherwise", () => {
    expect(remoteWrites([{ url }])).toEqual([{ url }]);
    expect(remoteWrites()).toEqual([]);
  });

  it("takes secrets from files", () => {
    expect(remoteWrites([{ url, bearerTokenFile: "/run/secrets/token" }])).toEqual([
      { url, authorization: { type: "Bearer", credentials_file: "/run/secrets/token" } },
    ]);
    expect(remoteWrites([{ url, username: "7", passwordFile: "/run/secrets/password" }])).toEqual([
      { url, basic_auth: { username: "7", password_file: "/run/secrets/password" } },
    ]);
  });

  it("signs for Amazon with the machine's own role", () => {
    expect(remoteWrites([{ url, sigv4Region: "eu-central-1" }])).toEqual([{ url, sigv4: { region: "eu-central-1" } }]);
  });

  it("can be kept to canonical series and alerts", () => {
    const [{ write_relabel_configs: [rule] = [] } = {}] = remoteWrites([{ url, canonicalOnly: true }]);
    expect(rule).toMatchObject({ source_labels: ["__name__"], action: "keep" });
    const kept = new RegExp(`^(?:${rule?.regex})$`);
    const names = [
      "chain:height",
      "chain:rpc_error_ratio:rate5m",
      "ALERTS",
      "chain_probe_up",
      "up",
      "ALERTS_FOR_STATE",
    ];
    expect(names.filter((name) => kept.test(name))).toEqual(["chain:height", "chain:rpc_error_ratio:rate5m", "ALERTS"]);
  });
});

describe("retentionFlags", () => {
  it.each([
    [{}, ["--storage.tsdb.retention.time=15d"]],
    [{ retentionDays: 90 }, ["--storage.tsdb.retention.time=90d"]],
    [{ retentionGiB: 1.5 }, ["--storage.tsdb.retention.time=15d", "--storage.tsdb.retention.size=1536MB"]],
  ])("of %j", (monitoring, flags) => {
    expect(retentionFlags(monitoring)).toEqual(flags);
  });
});
