import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { checkBucketLock } from "./lock-check";

const KEYS = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };
const xml = (inner: string) =>
  `<?xml version="1.0"?><ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>${inner}</ObjectLockConfiguration>`;
const rule = (mode: string, period: string) =>
  xml(`<Rule><DefaultRetention><Mode>${mode}</Mode>${period}</DefaultRetention></Rule>`);

describe("the lock of a bucket", () => {
  let server: Server;
  let answer = { status: 200, text: "" };
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(answer.status).end(answer.text);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const at = () => ({ repository: `s3:http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/prefix` });
  const week = { mode: "governance", days: 7 } as const;
  const strict = { mode: "compliance", days: 7 } as const;

  it.each([
    [true, week, 200, rule("GOVERNANCE", "<Days>7</Days>")],
    [true, week, 200, rule("COMPLIANCE", "<Years>1</Years>")],
    [true, strict, 200, rule("COMPLIANCE", "<Days>30</Days>")],
    [false, strict, 200, rule("GOVERNANCE", "<Days>30</Days>")],
    [false, week, 200, rule("GOVERNANCE", "<Days>6</Days>")],
    [false, week, 200, xml("")],
    [false, week, 404, "<Error><Code>ObjectLockConfigurationNotFoundError</Code></Error>"],
    [false, week, 404, "<Error><Code>NoSuchBucket</Code></Error>"],
    [false, week, 403, "<Error><Code>AccessDenied</Code></Error>"],
  ] as const)("is good: %s, for %j and %s %s", async (ok, lock, status, text) => {
    answer = { status, text };
    expect(await checkBucketLock(at(), lock, KEYS)).toMatchObject({ ok });
    expect(asked.at(-1)).toBe("GET /bucket?object-lock");
  });

  it("is not known without keys, or when nobody answers; of a directory only Chainkeep's own holds", async () => {
    expect(await checkBucketLock(at(), week, {})).toMatchObject({
      ok: false,
      text: expect.stringContaining("no access keys"),
    });
    expect((await checkBucketLock({ repository: "/vault" }, week, {})).ok).toBe(true);
    expect((await checkBucketLock({ repository: "/vault" }, strict, {})).ok).toBe(false);
  });
});
