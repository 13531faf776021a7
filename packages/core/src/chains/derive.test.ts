import { createHmac } from "node:crypto";
import { deriveBytes } from "./derive";

const hmac = (key: string | Buffer, ...data: (string | Buffer)[]) =>
  createHmac("sha256", key)
    .update(Buffer.concat(data.map((d) => Buffer.from(d))))
    .digest();

describe("deriveBytes", () => {
  it("is HKDF-SHA256 with the library's salt", () => {
    const key = hmac("chainkeep/v1", "a seed");
    const first = hmac(key, "eth/rpc-0/node-key", Buffer.of(1));
    const second = hmac(key, first, "eth/rpc-0/node-key", Buffer.of(2));
    expect(deriveBytes("a seed", "eth/rpc-0/node-key", 48)).toEqual(Buffer.concat([first, second]).subarray(0, 48));
  });

  it("never changes: keys of running networks hang on it", () => {
    expect(deriveBytes("0123456789abcdef0123456789abcdef", "demo/val-0/node-key", 32).toString("hex")).toBe(
      "a4d17fc4ce18b838d6c9af8f2d6513a70891398b0ff779d6d6563fec21208d72",
    );
  });

  it("gives other bytes for another name and for another seed", () => {
    const bytes = [
      deriveBytes("one", "c/n/node-key", 32),
      deriveBytes("one", "c/n/validator-key", 32),
      deriveBytes("one", "c/n-1/node-key", 32),
      deriveBytes("two", "c/n/node-key", 32),
    ].map((b) => b.toString("hex"));
    expect(new Set(bytes).size).toBe(bytes.length);
  });
});
