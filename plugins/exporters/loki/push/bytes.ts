/** Up to this size, copying words beats a call. */
const short = 96;
const slack = 16;
const initial = 1 << 16;
/** A buffer that grew beyond this is let go when it is cleared. */
const kept = 1 << 23;

/** Bytes whose first `length` are to be copied as words; up to three more may be read. */
export interface Words {
  readonly words: Int32Array;
  readonly length: number;
}

export function wordsOf(bytes: Uint8Array): Words {
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  return { words, length: bytes.length };
}

/** An output of bytes that grows as it is written. Fields are open, because whole encoders are built upon it. */
export class Bytes {
  array = new Uint8Array(initial);
  view = new DataView(this.array.buffer);
  at = 0;

  clear(): void {
    this.at = 0;
    if (this.array.length > kept) this.use(new Uint8Array(initial));
  }

  /** Makes room for `size` more bytes and a few that may be written too many. */
  ensure(size: number): void {
    if (this.array.length - this.at >= size + slack) return;
    const grown = new Uint8Array(Math.max(2 * this.array.length, this.at + size + slack));
    grown.set(this.array.subarray(0, this.at));
    this.use(grown);
  }

  /** A varint of a whole number that a double holds exactly. There must be room for ten bytes. */
  varint(value: number): void {
    const { array } = this;
    let { at } = this;
    let rest = value;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) array[at++] = (rest % 128) | 0x80;
    for (; rest > 127; rest >>>= 7) array[at++] = (rest & 0x7f) | 0x80;
    array[at++] = rest;
    this.at = at;
  }

  /** Bytes of an input that has at least three more behind them. There must be room. */
  copy(input: Uint8Array, inputView: DataView, start: number, end: number): void {
    const size = end - start;
    const { view, at } = this;
    if (size > short) this.array.set(input.subarray(start, end), at);
    else for (let p = 0; p < size; p += 4) view.setInt32(at + p, inputView.getInt32(start + p, true), true);
    this.at = at + size;
  }

  /** There must be room. */
  words({ words, length }: Words): void {
    const { view, at } = this;
    for (let i = 0; i < words.length; i++) view.setInt32(at + 4 * i, words[i]!, true);
    this.at += length;
  }

  /** Any bytes; makes the room. */
  put(bytes: Uint8Array): void {
    this.ensure(bytes.length);
    this.array.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Decimal digits of a whole number below 2^31. There must be room. */
  digits(value: number, width = digitsOf(value)): void {
    const { array, at } = this;
    let rest = value;
    let p = at + width;
    while (p > at + 1) {
      const next = (rest / 100) | 0;
      const two = rest - next * 100;
      const tens = (two * 205) >> 11;
      array[--p] = 0x30 + two - tens * 10;
      array[--p] = 0x30 + tens;
      rest = next;
    }
    if (p > at) array[at] = 0x30 + (rest % 10);
    this.at = at + width;
  }

  private use(array: Uint8Array<ArrayBuffer>): void {
    this.array = array;
    this.view = new DataView(array.buffer);
  }
}

/** How many decimal digits a whole number below 2^31 has. */
export function digitsOf(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1000) return 3;
  let width = 4;
  for (let bound = 10_000; value >= bound; bound *= 10) width++;
  return width;
}

/** How many bytes a varint of a whole number takes. */
export function varintSize(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  let size = 3;
  for (let rest = value; rest >= 2_097_152; rest = Math.floor(rest / 128)) size++;
  return size;
}
