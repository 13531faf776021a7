import { VaultError } from "../vault-error";
import { JobQueue, type Work } from "./job-queue";

let queue: JobQueue;
beforeEach(() => {
  queue = new JobQueue(() => {});
  queue.open();
});

/** A piece of work that ends when it is told to. */
function held(kind: string, subject = "x", more: Partial<Work> = {}) {
  let release: (result?: unknown) => void = () => {};
  let begin: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const work: Work = {
    kind,
    subject,
    run: (job) => {
      begin();
      job.step("first");
      return new Promise((resolve, reject) => {
        release = resolve;
        job.signal.addEventListener("abort", () => reject(new VaultError("JOB_CANCELLED", "cancelled")));
      });
    },
    ...more,
  };
  return { work, begun, release: (result?: unknown) => release(result) };
}

describe("JobQueue", () => {
  it("does one thing at a time, in order, restores first", async () => {
    const [a, b, c] = [held("backup", "a"), held("verify", "b"), held("restore", "c", { urgent: true })];
    const jobs = [a, b, c].map(({ work }) => queue.add(work).id);
    await a.begun;
    expect(queue.list().map((j) => j.kind)).toEqual(["backup", "restore", "verify"]);
    a.release("done");
    await c.begun;
    expect(queue.find(jobs[0] ?? "")).toMatchObject({ state: "done", result: "done", error: null });
    c.release();
    await b.begun;
    b.release();
    expect(await queue.whenEnded(jobs[1] ?? "")).toMatchObject({ state: "done" });
  });

  it("takes work that is equal to work that waits for the same", async () => {
    const a = held("backup", "a");
    queue.add(a.work);
    const first = queue.add(held("verify", "p").work);
    expect(queue.add(held("verify", "p").work).id).toBe(first.id);
    expect(queue.add(held("verify", "q").work).id).not.toBe(first.id);
  });

  it("keeps the code, the text and every problem of a failure, and goes on", async () => {
    const problems = [{ path: "node", message: "got x", code: "NODE_UNKNOWN" }];
    const failed = queue.add({
      kind: "backup",
      subject: "x",
      run: () => Promise.reject(new VaultError("BROKEN", "why", problems)),
    });
    expect(await queue.whenEnded(failed.id)).toMatchObject({
      state: "failed",
      error: { code: "BROKEN", text: "why", problems: ["node: got x [NODE_UNKNOWN]"] },
    });
    const next = held("verify");
    queue.add(next.work);
    await next.begun;
  });

  it("tells steps with their times", async () => {
    const a = held("backup");
    const { id } = queue.add(a.work);
    await a.begun;
    expect(queue.find(id)?.steps).toMatchObject([{ name: "first", endedAt: null }]);
    a.release();
    const job = await queue.whenEnded(id);
    expect(job?.steps[0]?.endedAt).not.toBeNull();
  });

  it("cancels what waits at once, and what runs at its next safe point", async () => {
    const [a, b] = [held("backup"), held("verify")];
    const [first, second] = [queue.add(a.work), queue.add(b.work)];
    await a.begun;
    expect(queue.cancel(second.id)).toBe(true);
    expect(queue.find(second.id)).toMatchObject({ state: "failed", error: { code: "JOB_CANCELLED" } });
    expect(queue.cancel(first.id)).toBe(true);
    expect(await queue.whenEnded(first.id)).toMatchObject({ state: "failed" });
    expect(queue.cancel("nobody")).toBe(false);
  });

  it("begins nothing before it is opened, and takes nothing in after it was closed", async () => {
    const shut = new JobQueue(() => {});
    const a = held("backup");
    const { id } = shut.add(a.work);
    expect(shut.find(id)?.state).toBe("queued");
    shut.open();
    await a.begun;
    const closing = shut.close(10_000);
    expect(shut.add(held("verify").work)).toMatchObject({ state: "failed", error: { code: "VAULT_STOPPING" } });
    await closing;
    expect(shut.find(id)?.state).toBe("failed");
  });
});
