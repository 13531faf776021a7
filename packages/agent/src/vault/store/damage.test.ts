import { packsIn } from "./damage";

describe("packs that restic calls damaged", () => {
  const LONG = "933758205318eea63653af3727ede984a82496b5ee825fb4fecb57cabb9db388";

  it.each([
    ["Load(<data/e2cd804e99>, 400053, 800106) failed: file is too short", ["e2cd804e99"]],
    ["decrypting blob <tree/2a2c446b> from be1bced4 failed: ciphertext verification failed", ["be1bced4"]],
    [`pack ${LONG} contains 2 errors: [blob 2a2c]`, [LONG]],
    [`restic repair packs ${LONG} ${LONG}`, [LONG]],
    [`open /vault/data/93/${LONG}: no such file`, []],
    ["LoadRaw(<index/8d3a9f7bb1>): invalid data returned", []],
  ])("%s", (text, packs) => {
    expect(packsIn(text)).toEqual(packs);
  });
});
