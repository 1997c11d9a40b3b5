import type { NativeBuffer } from './native-buffer.ts';

const slotWords = 8;

/** The longest text, in bytes, that a table keeps. */
export const maxTabled = slotWords * 4;

/**
 * Short strings seen before, by their bytes: telemetry repeats its keys and most of its short values, and finding a string
 * here costs a fifth of making it again. A slot holds the last string that fell on it, so memory is bounded.
 */
export class StringTable {
  private readonly mask: number;
  private readonly strings: string[];
  private readonly lengths: Uint8Array;
  /** Per slot, the bytes of its string as words from the front; the last word ends where the string ends. */
  private readonly words: Int32Array;

  /** `slots` is a power of two. */
  constructor(slots: number) {
    this.mask = slots - 1;
    this.strings = Array.from({ length: slots }, () => '');
    this.lengths = new Uint8Array(slots);
    this.words = new Int32Array(slots * slotWords);
  }

  /** The text of `length` bytes (1 to `maxTabled`) of UTF-8 at `start`; bytes that are not UTF-8 become U+FFFD. */
  get(source: NativeBuffer, view: DataView, start: number, length: number): string {
    if (length < 4) return this.getShort(source, start, length);
    const last = start + length - 4;
    const tail = view.getInt32(last, true);
    let hash =
      Math.imul(view.getInt32(start, true) ^ Math.imul(tail, 0x9e3779b1), 0x85ebca6b) ^
      view.getInt32(start + ((length - 4) >>> 1), true);
    hash = Math.imul(hash ^ (hash >>> 15) ^ length, 0x2c1b3c6d);
    const slot = (hash ^ (hash >>> 13)) & this.mask;
    const { words } = this;
    let word = slot * slotWords;
    if (this.lengths[slot] === length) {
      let p = start;
      while (p < last && words[word] === view.getInt32(p, true)) {
        p += 4;
        word += 1;
      }
      if (p >= last && words[word] === tail) return this.strings[slot] as string;
      word = slot * slotWords;
    }
    for (let p = start; p < last; p += 4) words[word++] = view.getInt32(p, true);
    words[word] = tail;
    this.lengths[slot] = length;
    return (this.strings[slot] = source.utf8Slice(start, start + length));
  }

  /** One to three bytes are their own word. */
  private getShort(source: NativeBuffer, start: number, length: number): string {
    let word = 0;
    for (let p = start, end = start + length; p < end; p++) word = (word << 8) | (source[p] as number);
    const hash = Math.imul(word ^ length, 0x85ebca6b);
    const slot = (hash ^ (hash >>> 15)) & this.mask;
    if (this.lengths[slot] === length && this.words[slot * slotWords] === word) return this.strings[slot] as string;
    this.words[slot * slotWords] = word;
    this.lengths[slot] = length;
    return (this.strings[slot] = source.utf8Slice(start, start + length));
  }
}
