const BLOCK = 512;
const PAX = "x".charCodeAt(0);
const REGULAR = ["0".charCodeAt(0), 0];

/**
 * Counts the regular files of a tar archive and their bytes, from pieces of any length. restic ends an archive early and calls that a success
 * where it cannot load a directory; only who counts finds out.
 */
export class TarCounter {
  files = 0;
  bytes = 0;
  #header = Buffer.alloc(0);
  /** Bytes of the current entry that are still to come, with what fills its last block. */
  #skip = 0;
  #pax: Buffer[] | undefined;
  /** Size that the entry before has told for this one. */
  #told: number | undefined;

  feed(piece: Buffer): void {
    let at = 0;
    while (at < piece.length) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, piece.length - at);
        this.#pax?.push(piece.subarray(at, at + step));
        this.#skip -= step;
        at += step;
        if (this.#skip === 0) this.#endPax();
        continue;
      }
      const step = Math.min(BLOCK - this.#header.length, piece.length - at);
      this.#header = Buffer.concat([this.#header, piece.subarray(at, at + step)]);
      at += step;
      if (this.#header.length < BLOCK) continue;
      this.#entry(this.#header);
      this.#header = Buffer.alloc(0);
    }
  }

  #entry(header: Buffer): void {
    if (header.every((byte) => byte === 0)) return;
    const type = header[156] ?? 0;
    const size = this.#told ?? sizeIn(header);
    this.#skip = Math.ceil(size / BLOCK) * BLOCK;
    if (type === PAX) {
      this.#pax = [];
      return;
    }
    this.#told = undefined;
    if (!REGULAR.includes(type)) return;
    this.files += 1;
    this.bytes += size;
  }

  #endPax(): void {
    if (this.#pax === undefined) return;
    const size = /(?:^|\n)\d+ size=(\d+)\n/.exec(Buffer.concat(this.#pax).toString("latin1"))?.[1];
    if (size !== undefined) this.#told = Number(size);
    this.#pax = undefined;
  }
}

/** Octal digits, or where the first bit is set, a binary number. */
function sizeIn(header: Buffer): number {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  return Number.parseInt(field.toString("latin1").replaceAll(/[\0 ]/g, "") || "0", 8);
}
