/**
 * Definition or repetition levels of one page. They are kept bit-packed, and written as one run where all are the same
 * (the RLE/bit-packing hybrid of Parquet).
 */
export class Levels {
  private readonly bitWidth: 1 | 2;
  private bits = new Uint8Array(64);
  private first = 0;
  private uniform = true;
  count = 0;

  constructor(bitWidth: 1 | 2) {
    this.bitWidth = bitWidth;
  }

  push(level: number): void {
    if (this.count === 0) this.first = level;
    else if (level !== this.first) this.uniform = false;
    const bit = this.count * this.bitWidth;
    const at = bit >>> 3;
    if (at === this.bits.length) this.grow();
    if ((bit & 7) === 0) this.bits[at] = level;
    else this.bits[at] = (this.bits[at] as number) | (level << (bit & 7));
    this.count += 1;
  }

  pushMany(level: number, times: number): void {
    let left = times;
    if (this.bitWidth === 1) {
      // Whole bytes at once.
      for (; left > 0 && (this.count & 7) !== 0; left--) this.push(level);
      const bytes = left >>> 3;
      if (bytes > 0) {
        this.push(level);
        const at = (this.count - 1) >>> 3;
        while (at + bytes > this.bits.length) this.grow();
        this.bits.fill(level === 0 ? 0 : 0xff, at, at + bytes);
        this.count += 8 * bytes - 1;
        left -= 8 * bytes;
      }
    }
    for (; left > 0; left--) this.push(level);
  }

  /** The levels as they stand in a page, and starts anew. */
  take(): Uint8Array {
    const { bitWidth, count } = this;
    const groups = Math.ceil(count / 8);
    const encoded = this.uniform
      ? Buffer.from([...varint(count << 1), this.first])
      : Buffer.concat([Buffer.from(varint((groups << 1) | 1)), this.packed(groups * bitWidth)]);
    this.count = 0;
    this.uniform = true;
    return encoded;
  }

  private packed(size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    bytes.set(this.bits.subarray(0, Math.ceil((this.count * this.bitWidth) / 8)));
    return bytes;
  }

  private grow(): void {
    const larger = new Uint8Array(2 * this.bits.length);
    larger.set(this.bits);
    this.bits = larger;
  }
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}
