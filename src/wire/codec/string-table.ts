const slotBytes = 32;

/** The longest text, in bytes, that a table keeps. */
export const maxTabled = slotBytes;

/**
 * Short strings seen before, by their bytes: telemetry repeats its keys and most of its short values, and finding a string
 * here costs a fifth of making it again. A slot holds the last string that fell on it, so memory is bounded.
 */
export class StringTable {
  private readonly mask: number;
  private readonly strings: string[];
  private readonly lengths: Uint8Array;
  private readonly bytes: Uint8Array;

  /** `slots` is a power of two. */
  constructor(slots: number) {
    this.mask = slots - 1;
    this.strings = Array.from({ length: slots }, () => '');
    this.lengths = new Uint8Array(slots);
    this.bytes = new Uint8Array(slots * slotBytes);
  }

  /** The text of `length` bytes (1 to `maxTabled`) of UTF-8 at `start`; bytes that are not UTF-8 become U+FFFD. */
  get(source: Buffer, start: number, length: number): string {
    let hash = length;
    for (let i = start, end = start + length; i < end; i++) hash = Math.imul(hash ^ (source[i] as number), 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & this.mask;
    const { bytes } = this;
    const base = slot * slotBytes;
    if (this.lengths[slot] === length) {
      let i = 0;
      while (i < length && bytes[base + i] === source[start + i]) i++;
      if (i === length) return this.strings[slot] as string;
    }
    const text = source.toString('utf8', start, start + length);
    for (let i = 0; i < length; i++) bytes[base + i] = source[start + i] as number;
    this.lengths[slot] = length;
    this.strings[slot] = text;
    return text;
  }
}
