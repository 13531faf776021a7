import { signedHeightOf } from "./signing-state";

describe("signedHeightOf", () => {
  it.each([
    ['{"height":"1234","round":0,"step":3,"signature":"x","signbytes":"y"}', 1234],
    ['{"height":"0","round":0,"step":0}', 0],
    ['{"height":77}', 77],
  ])("reads %s", (text, height) => {
    expect(signedHeightOf(text)).toBe(height);
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    "{}",
    '{"height":"-1"}',
    '{"height":-1}',
    '{"height":"12',
    '{"height":"9999999999999999"}',
    '{"height":1.5}',
  ])("does not guess from %j", (text) => {
    expect(signedHeightOf(text)).toBeUndefined();
  });
});
