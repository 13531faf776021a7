import { digestOf } from "./digest";

test("the digest follows contents and paths, and nothing else", () => {
  const base = digestOf({ a: { content: "1" }, b: { content: "2" } });
  expect(digestOf({ b: { content: "2" } }, { a: { content: "1" } })).toBe(base);
  expect(digestOf({ a: { content: "1" }, b: { content: "2" }, c: { content: "3", createOnly: true } })).toBe(base);
  expect(digestOf({ a: { content: "1" }, b: { content: "3" } })).not.toBe(base);
  expect(digestOf({ a: { content: "1" }, c: { content: "2" } })).not.toBe(base);
  expect(digestOf({ a: { content: "2" }, b: { content: "1" } })).not.toBe(base);
});
