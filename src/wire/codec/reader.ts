import { MalformedError } from '../batch.ts';
import { maxDepth } from '../structure.ts';
import { hex16, hex8 } from './hex.ts';
import type { NativeBuffer } from './native-buffer.ts';
import { maxTabled, StringTable } from './string-table.ts';

export const keys = new StringTable(1024);
export const values = new StringTable(4096);
export const smallInts = Array.from({ length: 1024 }, (_, i) => BigInt(i));

/**
 * A cursor over one encoded request. It never reads past `end`, the end of the message it is in, and throws MalformedError
 * where the bytes are not what the schema says.
 */
export class Reader {
  readonly bytes: NativeBuffer;
  readonly words: DataView;
  pos = 0;
  /** The end of the message that is being read. */
  end: number;
  depth = 1;
  /** Set where an array or a key-value list had fields that no JavaScript value can hold. */
  foreign = false;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as NativeBuffer;
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.length;
  }

  /** Reads a length and goes into the message behind it; returns what `leave` needs. */
  enter(): number {
    const length = this.length();
    if (this.depth === maxDepth) throw new MalformedError(`nested deeper than ${maxDepth} messages`, this.pos);
    this.depth += 1;
    const outer = this.end;
    this.end = this.pos + length;
    return outer;
  }

  leave(outer: number): void {
    this.depth -= 1;
    this.end = outer;
  }

  /** The next tag: a field number times eight, and a wire type. */
  tag(): number {
    const byte = this.bytes[this.pos] as number;
    if (byte < 128) {
      this.pos += 1;
      if (byte < 8) throw new MalformedError('field number 0', this.pos - 1);
      return byte;
    }
    return this.wideTag();
  }

  private wideTag(): number {
    const start = this.pos;
    const tag = this.number();
    if (tag > 0xffffffff) throw new MalformedError('a field number beyond 2^29', start);
    if (tag < 8) throw new MalformedError('field number 0', start);
    return tag;
  }

  /** A length, checked against what is left of the message. */
  length(): number {
    const { pos } = this;
    const byte = pos < this.end ? (this.bytes[pos] as number) : 128;
    let length = byte;
    if (byte < 128) this.pos = pos + 1;
    else length = this.number();
    if (length > this.end - this.pos)
      throw new MalformedError(`a length of ${length} where ${this.end - this.pos} bytes are left`, this.pos);
    return length;
  }

  /** A varint as a number; exact up to 2^53, which is beyond any length or tag. */
  private number(): number {
    const stop = this.endOfVarint();
    let value = 0;
    for (let p = stop - 1; p >= this.pos; p--) value = value * 128 + ((this.bytes[p] as number) & 127);
    this.pos = stop;
    return value;
  }

  private endOfVarint(): number {
    const limit = Math.min(this.end, this.pos + 10);
    for (let p = this.pos; p < limit; p++) if ((this.bytes[p] as number) < 128) return p + 1;
    throw new MalformedError(
      limit === this.end ? 'cut short inside a number' : 'a number of more than 10 bytes',
      this.pos,
    );
  }

  /** The low 32 bits of a varint, signed. */
  int32(): number {
    const { bytes, pos } = this;
    const byte = pos < this.end ? (bytes[pos] as number) : 128;
    if (byte < 128) {
      this.pos = pos + 1;
      return byte;
    }
    const stop = this.endOfVarint();
    let value = 0;
    for (let p = Math.min(stop, pos + 5) - 1; p >= pos; p--) value = (value << 7) | ((bytes[p] as number) & 127);
    this.pos = stop;
    return value;
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  sint32(): number {
    const value = this.int32();
    return (value >>> 1) ^ -(value & 1);
  }

  /** True where any bit of the varint is set. */
  bool(): boolean {
    const stop = this.endOfVarint();
    let set = 0;
    for (let p = this.pos; p < stop; p++) set |= (this.bytes[p] as number) & 127;
    this.pos = stop;
    return set !== 0;
  }

  uint64(): bigint {
    const { bytes, pos } = this;
    const stop = this.endOfVarint();
    this.pos = stop;
    if (stop - pos <= 7) {
      let value = 0;
      for (let p = stop - 1; p >= pos; p--) value = value * 128 + ((bytes[p] as number) & 127);
      return BigInt(value);
    }
    let value = 0n;
    for (let p = stop - 1; p >= pos; p--) value = (value << 7n) | BigInt((bytes[p] as number) & 127);
    return BigInt.asUintN(64, value);
  }

  int64(): bigint {
    const { bytes, pos, end } = this;
    const first = bytes[pos] as number;
    const second = bytes[pos + 1] as number;
    if (pos + 1 < end && second < 128 && first > 127) {
      this.pos = pos + 2;
      const value = (first & 127) | (second << 7);
      return value < smallInts.length ? (smallInts[value] as bigint) : BigInt(value);
    }
    if (pos < end && first < 128) {
      this.pos = pos + 1;
      return smallInts[first] as bigint;
    }
    return BigInt.asIntN(64, this.uint64());
  }

  fixed32(): number {
    return this.words.getUint32(this.take(4), true);
  }

  fixed64(): bigint {
    return this.words.getBigUint64(this.take(8), true);
  }

  sfixed64(): bigint {
    return this.words.getBigInt64(this.take(8), true);
  }

  double(): number {
    return this.words.getFloat64(this.take(8), true);
  }

  /** Moves over `size` bytes that must be there; returns where they begin. */
  private take(size: number): number {
    const { pos } = this;
    if (this.end - pos < size) throw new MalformedError(`cut short: ${size} bytes wanted`, pos);
    this.pos = pos + size;
    return pos;
  }

  /** Text; bytes that are not UTF-8 become U+FFFD. */
  string(): string {
    return this.text(values);
  }

  /** Text that is likely to come again: an attribute's key. */
  key(): string {
    return this.text(keys);
  }

  private text(table: StringTable): string {
    const length = this.length();
    const start = this.pos;
    this.pos = start + length;
    if (length === 0) return '';
    return length > maxTabled
      ? this.bytes.utf8Slice(start, this.pos)
      : table.get(this.bytes, this.words, start, length);
  }

  hex(): string {
    const length = this.length();
    const start = this.pos;
    this.pos = start + length;
    if (length === 16) return hex16(this.bytes, start);
    if (length === 8) return hex8(this.bytes, start);
    return this.bytes.toString('hex', start, this.pos);
  }

  /** A copy: what is read may be changed, and does not hold the request in memory. */
  blob(): Uint8Array {
    const length = this.length();
    this.pos += length;
    return new Uint8Array(this.view(this.pos - length));
  }

  /** The bytes from `start` to here, as part of the request: nested values share it rather than copy each other. */
  view(start: number): Uint8Array {
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + start, this.pos - start);
  }

  /** Begins a packed list of values of `size` bytes, or of varints (0); returns what `leavePacked` needs. */
  enterPacked(size: number): number {
    const length = this.length();
    if (size > 0 && length % size !== 0)
      throw new MalformedError(`${length} bytes of packed ${size * 8}-bit values`, this.pos);
    const outer = this.end;
    this.end = this.pos + length;
    return outer;
  }

  leavePacked(outer: number): void {
    this.end = outer;
  }

  /** Skips the field that began at `start`, as `skip` does, and returns it behind `before`. */
  unknown(tag: number, start: number, known: number, before: Uint8Array | undefined): Uint8Array {
    this.skip(tag, start, known);
    return appended(before, this.view(start));
  }

  /**
   * Skips the field that began at `start`. `known` has a bit for each field number of the message: one of those is here
   * because its wire type is wrong.
   */
  skip(tag: number, start: number, known: number): void {
    const number = Math.floor(tag / 8);
    if (number < 32 && (known & (1 << number)) !== 0)
      throw new MalformedError(`wire type ${tag % 8} for field ${number}`, start);
    switch (tag % 8) {
      case 0:
        this.pos = this.endOfVarint();
        break;
      case 1:
        this.take(8);
        break;
      case 2: {
        const length = this.length();
        this.pos += length;
        break;
      }
      case 5:
        this.take(4);
        break;
      default:
        throw new MalformedError(`wire type ${tag % 8} for field ${number}`, start);
    }
  }
}

/** Puts bytes behind others. Space is doubled, so that a message of nothing but unknown fields takes linear time. */
function appended(before: Uint8Array | undefined, bytes: Uint8Array): Uint8Array {
  if (before === undefined) return new Uint8Array(bytes);
  const length = before.length + bytes.length;
  let { buffer } = before;
  if (length > buffer.byteLength) {
    buffer = new ArrayBuffer(2 * length);
    new Uint8Array(buffer).set(before);
  }
  const grown = new Uint8Array(buffer, 0, length);
  grown.set(bytes, before.length);
  return grown;
}
