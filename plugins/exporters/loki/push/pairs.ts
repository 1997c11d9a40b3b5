import type { AttributeTable, RecordScan } from 'sluice/plugin';
import { digitsOf, varintSize, type Bytes } from './bytes.ts';
import type { Draft } from './draft.ts';
import { longestHead, renew, type NameField, type Names } from './names.ts';

const pairTag = 0x1a;
const valueTag = 0x12;
/** Of an AnyValue. */
const stringTag = 0x0a;
const intTag = 0x18;
const doubleTag = 0x21;

/** Pairs of structured metadata, to be added to many entries of one push. */
export interface Pairs {
  /** Number of the phrase that has them. */
  readonly phrase: number;
  readonly count: number;
  /** Bytes of names and values, as Loki counts them. */
  readonly size: number;
}

export const noPairs: Pairs = { phrase: -1, count: 0, size: 0 };

export interface PairLimits {
  readonly max_structured_metadata_entries: number;
  readonly max_structured_metadata_size: number;
}

/** Writes structured metadata, as much of it as Loki takes in one entry. */
export class PairWriter {
  /** Number of the batch. */
  push = 0;
  /** Pairs that found no room, since somebody set it to 0. */
  leftOut = 0;
  private readonly scan: RecordScan;
  private readonly draft: Draft;
  private readonly out: Bytes;
  private readonly maxCount: number;
  private readonly maxSize: number;
  private input: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(this.input.buffer);
  private count = 0;
  private size = 0;
  /** What is written becomes a phrase. */
  private collecting = false;
  private collectedCount = 0;
  private collectedSize = 0;
  private timeSeconds = -1;
  private timePhrase = -1;

  constructor(scan: RecordScan, draft: Draft, limits: PairLimits) {
    this.scan = scan;
    this.draft = draft;
    this.out = draft.bytes;
    this.maxCount = limits.max_structured_metadata_entries || Infinity;
    this.maxSize = limits.max_structured_metadata_size || Infinity;
  }

  /** A new batch: positions are those of the scan. */
  begin(): void {
    const { input } = this.scan;
    this.input = input;
    this.view = new DataView(input.buffer, input.byteOffset, input.length);
    this.push++;
    this.timeSeconds = -1;
  }

  /** A new entry, without pairs so far. */
  entry(): void {
    this.count = this.size = 0;
  }

  /** The attributes that are no labels, one by one. */
  attributes(table: AttributeTable, names: Names): void {
    for (let i = 0; i < table.count; i++) {
      const name = names.of(this.input, this.view, table.keyStart(i), table.keyEnd(i), i);
      if (!name.isLabel) this.value(name, table.valueStart(i), table.valueEnd(i));
    }
  }

  /** An AnyValue as text. `start` is -1 where there is none. */
  value(name: NameField, start: number, end: number): void {
    const { input } = this;
    if (start < 0) this.head(name, 0);
    else if (input[start] === stringTag && input[start + 1] === end - start - 2) this.range(name, start + 2, end);
    else {
      const tag = input[start];
      if (tag === intTag) {
        const small = this.smallInteger(start + 1, end);
        if (small >= 0) return this.number(name, small);
      } else if (tag === doubleTag && end - start === 9) {
        const thousandths = this.thousandths(start + 1);
        if (thousandths >= 0) return this.decimal(name, thousandths);
      }
      this.other(name, start, end);
    }
  }

  /** Bytes of the input as they are. */
  range(name: NameField, start: number, end: number): void {
    if (this.head(name, end - start)) this.out.copy(this.input, this.view, start, end);
  }

  /** A whole number below 2^31. */
  number(name: NameField, value: number): void {
    const width = digitsOf(value);
    if (this.head(name, width)) this.out.digits(value, width);
  }

  /** A number of thousandths below 2^31, without zeros at its end. */
  private decimal(name: NameField, thousandths: number): void {
    const whole = (thousandths / 1000) | 0;
    let rest = thousandths - whole * 1000;
    if (rest === 0) return this.number(name, whole);
    let width = 3;
    for (; rest % 10 === 0; rest /= 10) width--;
    const { out } = this;
    if (!this.head(name, digitsOf(whole) + 1 + width)) return;
    out.digits(whole);
    out.array[out.at++] = 0x2e;
    out.digits(rest, width);
  }

  /** A time in nanoseconds. */
  time(name: NameField, seconds: number, nanos: number): void {
    if (seconds > 0x7fffffff || seconds < 1_000_000_000)
      return this.text(name, String(BigInt(seconds) * 1_000_000_000n + BigInt(nanos)));
    if (!this.admits(name.size + 19)) return;
    if (seconds !== this.timeSeconds) {
      this.timeSeconds = seconds;
      const mark = this.out.at;
      this.plainHead(name, 19);
      this.out.digits(seconds, 10);
      this.timePhrase = this.draft.learn(mark);
    }
    this.draft.phrase(this.timePhrase);
    this.out.ensure(16);
    this.out.digits(nanos, 9);
  }

  text(name: NameField, text: string): void {
    const bytes = Buffer.from(text);
    if (this.head(name, bytes.length)) this.out.put(bytes);
  }

  /** Bytes of the input as hex digits. */
  hex(name: NameField, start: number, end: number): void {
    if (!this.head(name, 2 * (end - start))) return;
    const { input, out } = this;
    const { view, at } = out;
    for (let p = start, to = at; p < end; p++, to += 2) view.setInt16(to, hexDigits[input[p]!]!, true);
    out.at = at + 2 * (end - start);
  }

  /** All of these, or those that find room. */
  pairs({ phrase, count, size }: Pairs): void {
    if (count === 0) return;
    if (this.count + count > this.maxCount || this.size + size > this.maxSize) this.some(phrase);
    else {
      this.count += count;
      this.size += size;
      this.draft.phrase(phrase);
    }
  }

  /** What `write` writes, to be added to entries later: nothing of it is left out now. */
  collect(write: () => void): Pairs {
    const { out } = this;
    const mark = out.at;
    this.collecting = true;
    this.collectedCount = this.collectedSize = 0;
    write();
    this.collecting = false;
    return { phrase: this.draft.learn(mark), count: this.collectedCount, size: this.collectedSize };
  }

  /** A pair that was collected alone. */
  pair(phrase: number, size: number): void {
    if (this.admits(size)) this.draft.phrase(phrase);
  }

  /** Counts a pair of so many bytes; false where the limits leave no room for it. */
  private admits(bytes: number): boolean {
    if (this.collecting) {
      this.collectedCount += 1;
      this.collectedSize += bytes;
      return true;
    }
    if (this.count >= this.maxCount || this.size + bytes > this.maxSize) {
      this.leftOut += 1;
      return false;
    }
    this.count += 1;
    this.size += bytes;
    return true;
  }

  /** Begins a pair whose value has `length` bytes, and makes room for these; false where the limits leave none. */
  private head(name: NameField, length: number): boolean {
    if (!this.admits(name.size + length)) return false;
    if (this.collecting || length > longestHead) this.plainHead(name, length);
    else this.draft.phrase(this.headOf(name, length));
    this.out.ensure(length);
    return true;
  }

  private headOf(name: NameField, length: number): number {
    if (name.push !== this.push) renew(name, this.push);
    let phrase = name.heads[length]!;
    if (phrase < 0) {
      const mark = this.out.at;
      this.plainHead(name, length);
      phrase = name.heads[length] = this.draft.learn(mark);
    }
    return phrase;
  }

  private plainHead({ field }: NameField, length: number): void {
    const { out } = this;
    out.ensure(field.length + length + 24);
    out.array[out.at++] = pairTag;
    out.varint(field.length + 1 + varintSize(length) + length);
    out.words(field);
    out.array[out.at++] = valueTag;
    out.varint(length);
  }

  /** A value that is no short text: long, a number, a list… */
  private other(name: NameField, start: number, end: number): void {
    const { scan } = this;
    const mark = scan.length;
    scan.rawValue(start, end);
    const bytes = scan.bytes(mark);
    if (this.head(name, bytes.length)) this.out.put(bytes);
    scan.cut(mark);
  }

  /** A varint of up to three bytes that ends at `end`; -1 for any other. */
  private smallInteger(start: number, end: number): number {
    if (end - start > 3) return -1;
    let value = 0;
    for (let p = start, shift = 0; p < end; p++, shift += 7) {
      const byte = this.input[p]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return p + 1 === end ? value : -1;
    }
    return -1;
  }

  /**
   * The double at `at` in thousandths, where they say it exactly; -1 for any other. Two decimals of up to fifteen digits are
   * never the same double, so these digits are its shortest.
   */
  private thousandths(at: number): number {
    const value = this.view.getFloat64(at, true);
    if (!(value >= 0.001 && value < 2_000_000)) return -1;
    const rounded = Math.round(value * 1000);
    return rounded / 1000 === value ? rounded : -1;
  }

  /** Those that find room. The few bytes of tags and lengths are counted, too: that errs on the side of the limit. */
  private some(phrase: number): void {
    const { phrases } = this.draft;
    const bytes = this.out.array;
    const end = phrases[2 * phrase + 1]!;
    for (let at = phrases[2 * phrase]!; at < end;) {
      let length = 0;
      let p = at + 1;
      for (let scale = 1; ; scale *= 128) {
        const byte = bytes[p++]!;
        length += (byte & 0x7f) * scale;
        if (byte < 0x80) break;
      }
      if (this.count < this.maxCount && this.size + length <= this.maxSize) {
        this.count += 1;
        this.size += length;
        this.out.put(bytes.subarray(at, p + length));
      } else this.leftOut += 1;
      at = p + length;
    }
  }
}

const hexDigits = Uint16Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(byte.toString(16).padStart(2, '0')).readUInt16LE(),
);
