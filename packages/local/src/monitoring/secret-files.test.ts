import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { openSecrets, secretFileProblems, secretFilesOf } from "./secret-files";

describe("secret files", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-secrets-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const write = (name: string, content: string, mode = 0o600) => {
    const file = path.join(directory, name);
    writeFileSync(file, content);
    chmodSync(file, mode);
    return file;
  };
  const slack = (file: unknown) => ({ receivers: { oncall: { slack: { webhookUrlFile: file } } } });

  it("are every file that receivers, the dead man and stores name", () => {
    const found = secretFilesOf({
      receivers: {
        a: { slack: { webhookUrlFile: "/s/a", channel: "/not/a/file" } },
        b: { webhook: { urlFile: "/s/b", bearerTokenFile: "/s/c" } },
      },
      deadMan: { urlFile: "/s/d" },
      remoteWrite: [{ url: "https://x.test" }, { passwordFile: "/s/e" }],
      alerts: { urlFile: "/not/mine" },
    });
    expect(found).toEqual([
      { path: "monitoring.receivers.a.slack.webhookUrlFile", file: "/s/a" },
      { path: "monitoring.receivers.b.webhook.urlFile", file: "/s/b" },
      { path: "monitoring.receivers.b.webhook.bearerTokenFile", file: "/s/c" },
      { path: "monitoring.deadMan.urlFile", file: "/s/d" },
      { path: "monitoring.remoteWrite[1].passwordFile", file: "/s/e" },
    ]);
  });

  it.each([
    undefined,
    null,
    "none",
    { receivers: "none" },
    { receivers: null, remoteWrite: 5 },
    slack("s/relative"),
    slack(7),
  ])("leave the shape %j to the check of shapes", (monitoring) => {
    expect(secretFileProblems(monitoring)).toEqual([]);
  });

  it("are not asked for where monitoring is off", () => {
    expect(secretFileProblems({ enabled: false, ...slack("/no/such/file") })).toEqual([]);
  });

  it("must be there, be files, and hold something; what to do is said", () => {
    const problem = (file: string) => secretFileProblems(slack(file))[0];
    expect(problem("/no/such/file")).toEqual({
      path: "monitoring.receivers.oncall.slack.webhookUrlFile",
      message:
        'got "/no/such/file", which is not there; write the secret into it, for this user alone: (umask 077; cat > /no/such/file)',
      code: "SECRET_FILE_MISSING",
    });
    expect(problem(directory)?.message).toContain("which is no file");
    expect(problem(write("empty", ""))?.message).toContain("which is empty");
    expect(problem(`${write("plain", "x")}/below`)?.message).toContain("which is not there");
    expect(problem("/no/it's here")?.message).toContain(String.raw`cat > '/no/it'\''s here')`);
    expect(problem(write("good", "x"))).toBeUndefined();
  });

  (process.getuid?.() === 0 ? it.skip : it)("must be readable by this user (root reads everything)", () => {
    expect(secretFileProblems(slack(write("closed", "x", 0o000)))[0]?.message).toContain(
      "which this user may not read",
    );
  });

  it("are warned of when everybody can read them", () => {
    expect(openSecrets(slack(write("open", "x", 0o644)))).toEqual([
      `monitoring.receivers.oncall.slack.webhookUrlFile: everybody on this machine can read ${directory}/open; use chmod 600 ${directory}/open`,
    ]);
    expect(openSecrets(slack(write("group", "x", 0o640)))).toEqual([]);
    expect(openSecrets({ receivers: "none" })).toEqual([]);
  });
});
