import { HopelessError, hopelessIfFile, lastLines } from "./attempt";

describe("hopelessIfFile", () => {
  // Node's own errors are of another realm in jest, so they are made here.
  const failed = (code: string) => Object.assign(new Error(`${code}: failed`), { code });

  it.each([
    ["ENOSPC", "DISK_FULL", /no space is left/],
    ["EACCES", "NO_ACCESS", /permission denied/],
    ["EROFS", "NO_ACCESS", /read-only/],
    ["ENOTDIR", "PATH_TAKEN", /a file is in the place of a directory/],
  ])("says of %s what to do about the cache", (errno, code, message) => {
    const error = hopelessIfFile(failed(errno), "/cache");
    expect(error).toBeInstanceOf(HopelessError);
    expect(error).toMatchObject({ path: "/cache", code, message: expect.stringMatching(message) });
  });

  it("leaves other errors as they are", () => {
    const error = failed("ENOENT");
    expect(hopelessIfFile(error, "/cache")).toBe(error);
    expect(hopelessIfFile("text", "/cache")).toBe("text");
  });
});

describe("lastLines", () => {
  it("keeps the end of what a program said, without empty lines", () => {
    expect(lastLines("one\n\ntwo\n three \nfour\n\n")).toBe("two / three / four");
    expect(lastLines("x".repeat(1000))).toHaveLength(400);
  });
});
