import { hasSecret, hasUnknown, plain, plainObject, secret, sendable, UNKNOWN, UNKNOWN_TEXT } from "./wire";

const OUTPUT = { "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4" };

test("secrets come out of their wrapping, at any depth", () => {
  const raw = { env: { A: secret("x"), B: ["y", secret({ c: secret(1) })] }, none: null };
  expect(plainObject(raw)).toEqual({ env: { A: "x", B: ["y", { c: 1 }] }, none: undefined });
  expect(hasSecret(raw)).toBe(true);
  expect(hasSecret({ env: { B: ["y"] } })).toBe(false);
});

test("what a preview does not know is unknown, also inside of secrets and outputs", () => {
  expect(plain(UNKNOWN_TEXT)).toBe(UNKNOWN);
  expect(plain(secret(UNKNOWN_TEXT))).toBe(UNKNOWN);
  expect(plain({ ...OUTPUT, dependencies: [] })).toBe(UNKNOWN);
  expect(plain({ ...OUTPUT, value: 1, secret: true })).toBe(1);
  expect(hasUnknown(plain({ a: [{ b: UNKNOWN_TEXT }] }))).toBe(true);
  expect(hasUnknown(plain({ a: [{ b: "known" }] }))).toBe(false);
});

test("undefined never reaches the wire", () => {
  expect(sendable({ a: undefined, b: { c: undefined, d: [1] } })).toEqual({ b: { d: [1] } });
  expect(Object.keys(sendable({ a: undefined }))).toEqual([]);
});
