import { fits, versionIn, wanted } from "./version";

describe("versionIn", () => {
  it.each([
    ["v3.250.0", "3.250.0"],
    ["0.38.19", "0.38.19"],
    ["prometheus, version 3.7.0 (branch: HEAD)\n  go version: go1.26.8", "3.7.0"],
    ["Process Compose\nVersion:        v1.64.1\nLicense: Apache-2.0", "1.64.1"],
    ["btcd version 0.26.2-beta", "0.26.2"],
    ["Geth\nVersion: 1.17.5-stable-1b2c3d4e", "1.17.5"],
    ["Bitcoin Core daemon version v31.1 bitcoind", "31.1.0"],
    ["Version: undefined\nLicense: Apache-2.0\ngo version: go1.26.8", undefined],
    ["restic 0.18.1 compiled with go1.26.8 on linux/amd64", "0.18.1"],
    ["", undefined],
  ])("reads %j as %s", (text, version) => {
    expect(versionIn(text)).toBe(version);
  });
});

describe("fits", () => {
  const patch = { version: "3.7.2", accepts: "patch" } as const;
  const minor = { version: "3.250.0", accepts: "minor" } as const;
  const older = { version: "0.18.1", accepts: "minor", atLeast: "0.17.1" } as const;

  it.each([
    [patch, "3.7.2", true],
    [patch, "3.7.10", true],
    [patch, "3.7.1", false],
    [patch, "3.8.0", false],
    [patch, "4.7.2", false],
    [minor, "3.250.0", true],
    [minor, "3.251.0", true],
    [minor, "3.249.9", false],
    [minor, "4.0.0", false],
    [older, "0.18.0", true],
    [older, "0.17.1", true],
    [older, "0.14.0", false],
    [older, "1.0.0", false],
  ])("%j takes %s: %s", (pin, version, taken) => {
    expect(fits(pin, version)).toBe(taken);
  });

  it("says what is taken", () => {
    const texts = ["3.7.2 or a later 3.7.x", "3.250.0 or a later 3.x", "0.17.1 or a later 0.x"];
    expect([wanted(patch), wanted(minor), wanted(older)]).toEqual(texts);
  });
});
