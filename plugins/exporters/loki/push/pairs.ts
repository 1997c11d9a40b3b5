import type { AttributeTable, RecordScan } from 'sluice/plugin';
import { digitsOf, varintSize, wordsOf, type Bytes, type Words } from './bytes.ts';
import type { NameField, Names } from './names.ts';

const pairTag = 0x1a;
const valueTag = 0x12;
/** Of an AnyValue. */
const stringTag = 0x0a;
const intTag = 0x18;
const doubleTag = 0x21;

/** Encoded pairs of structured metadata, to be added to many entries. */
export interface Pairs {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Bytes of names and values, as Loki counts them. */
  readonly size: number;
}

export interface PairLimits {
  readonly max_structured_metadata_entries: number;
  readonly max_structured_metadata_size: number;
}

/** Writes structured metadata, as much of it as Loki takes in one entry. */
export class PairWriter {
  /** Pairs that found no room, since somebody set it to 0. */
  leftOut = 0;
  private readonly scan: RecordScan;
  private readonly out: Bytes;
  private readonly maxCount: number;
  private readonly maxSize: number;
  private input: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(this.input.buffer);
  private count = 0;
  private size = 0;
  private limited = true;
  private lastSeconds = -1;
  private secondsText: Words = wordsOf(new Uint8Array(0));

  constructor(scan: RecordScan, out: Bytes, limits: PairLimits) {
    this.scan = scan;
    this.out = out;
    this.maxCount = limits.max_structured_metadata_entries || Infinity;
    this.maxSize = limits.max_structured_metadata_size || Infinity;
  }

  /** A new batch: positions are those of the scan. */
  begin(): void {
    const { input } = this.scan;
    this.input = input;
    this.view = new DataView(input.buffer, input.byteOffset, input.length);
  }

  /** A new entry, without pairs so far. */
  entry(): void {
    this.count = this.size = 0;
  }

  /** The attributes that are no labels. */
  attributes(table: AttributeTable, names: Names): void {
    const { input, view, out } = this;
    // What most attributes are, a short name and a short text, is written here with everything at hand.
    for (let i = 0; i < table.count; i++) {
      const name = names.of(input, view, table.keyStart(i), table.keyEnd(i), i);
      if (name.isLabel) continue;
      const start = table.valueStart(i);
      const end = table.valueEnd(i);
      const { field } = name;
      const length = end - start - 2;
      const total = field.length + 2 + length;
      if (start < 0 || total > 127 || input[start] !== stringTag || input[start + 1] !== length) {
        this.value(name, start, end);
        continue;
      }
      if (!this.admits(name.size + length)) continue;
      out.ensure(160);
      const { view: target } = out;
      let { at } = out;
      target.setInt16(at, pairTag | (total << 8), true);
      at += 2;
      const { words } = field;
      for (let w = 0; w < words.length; w++) target.setInt32(at + 4 * w, words[w]!, true);
      at += field.length;
      target.setInt16(at, valueTag | (length << 8), true);
      at += 2;
      for (let p = 0; p < length; p += 4) target.setInt32(at + p, view.getInt32(start + 2 + p, true), true);
      out.at = at + length;
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
    if (seconds > 0x7fffffff) return this.text(name, String(BigInt(seconds) * 1_000_000_000n + BigInt(nanos)));
    if (seconds !== this.lastSeconds) {
      this.lastSeconds = seconds;
      this.secondsText = wordsOf(Buffer.from(String(seconds)));
    }
    if (!this.head(name, this.secondsText.length + 9)) return;
    this.out.words(this.secondsText);
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
  pairs({ bytes, count, size }: Pairs): void {
    if (count === 0) return;
    if (this.count + count > this.maxCount || this.size + size > this.maxSize) this.some(bytes);
    else {
      this.count += count;
      this.size += size;
      this.out.put(bytes);
    }
  }

  /** What `write` writes, to be added to entries later: nothing of it is left out now. */
  collect(write: () => void): Pairs {
    const { out } = this;
    const mark = out.at;
    this.limited = false;
    this.entry();
    write();
    this.limited = true;
    const bytes = out.array.slice(mark, out.at);
    out.at = mark;
    return { bytes, count: this.count, size: this.size };
  }

  /** Counts a pair of so many bytes; false where the limits leave no room for it. */
  private admits(bytes: number): boolean {
    if (this.limited && (this.count >= this.maxCount || this.size + bytes > this.maxSize)) {
      this.leftOut += 1;
      return false;
    }
    this.count += 1;
    this.size += bytes;
    return true;
  }

  /** Begins a pair whose value has `length` bytes, and makes room for these; false where the limits leave none. */
  private head({ field, size }: NameField, length: number): boolean {
    if (!this.admits(size + length)) return false;
    const { out } = this;
    out.ensure(field.length + length + 24);
    const total = field.length + 1 + varintSize(length) + length;
    if (total < 128) {
      out.view.setInt16(out.at, pairTag | (total << 8), true);
      out.at += 2;
      out.words(field);
      out.view.setInt16(out.at, valueTag | (length << 8), true);
      out.at += 2;
      return true;
    }
    out.array[out.at++] = pairTag;
    out.varint(total);
    out.words(field);
    out.array[out.at++] = valueTag;
    out.varint(length);
    return true;
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
  private some(pairs: Uint8Array): void {
    for (let at = 0; at < pairs.length;) {
      let length = 0;
      let p = at + 1;
      for (let scale = 1; ; scale *= 128) {
        const byte = pairs[p++]!;
        length += (byte & 0x7f) * scale;
        if (byte < 0x80) break;
      }
      if (this.count < this.maxCount && this.size + length <= this.maxSize) {
        this.count += 1;
        this.size += length;
        this.out.put(pairs.subarray(at, p + length));
      } else this.leftOut += 1;
      at = p + length;
    }
  }
}

const hexDigits = Uint16Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(byte.toString(16).padStart(2, '0')).readUInt16LE(),
);
