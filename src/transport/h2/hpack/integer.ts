/** Longest integer that is taken; larger ones are an attack, not a header. */
const limit = 1 << 28;

/** Reads integers of RFC 7541 section 5.1 from one block. Errors are thrown as RangeError. */
export class IntegerReader {
  at = 0;
  end = 0;
  bytes: Uint8Array = new Uint8Array(0);

  start(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
    this.end = bytes.length;
  }

  /** `first` is the byte before `at`, `mask` the prefix within it. */
  read(first: number, mask: number): number {
    let value = first & mask;
    if (value < mask) return value;
    let factor = 1;
    for (;;) {
      if (this.at >= this.end) throw new RangeError('the block ends inside an integer');
      const byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * factor;
      if (value > limit || factor > limit) throw new RangeError('an integer is too large');
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }
}

/** Writes an integer behind the bits `pattern` of its first byte and gives the end. */
export function writeInteger(
  out: Uint8Array,
  at: number,
  value: number,
  prefix: { mask: number; pattern: number },
): number {
  const { mask, pattern } = prefix;
  if (value < mask) {
    out[at] = pattern | value;
    return at + 1;
  }
  out[at++] = pattern | mask;
  let rest = value - mask;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) out[at++] = (rest & 0x7f) | 0x80;
  out[at++] = rest;
  return at;
}
