import { countExternal } from '../external-memory.ts';

const initialBytes = 64 * 1024;
const keptBytes = 4 * 1024 * 1024;
/** Up to this many characters, a loop writes text faster than a call into the runtime. */
const shortText = 32;
const encoder = new TextEncoder();

/** What a hex digit stands for, by its character code; 255 for others. */
const nibbles = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9a-f]/i.test(String.fromCharCode(code)) ? parseInt(String.fromCharCode(code), 16) : 255,
);

let spare: Buffer | undefined;

/**
 * Writes a message from its end to its beginning, so that a length is known when its turn comes. Fields are therefore
 * written last to first, and of each field the value before the tag.
 */
export class Writer {
  private buffer: Buffer;
  private words: DataView;
  private pos: number;
  /** How deep the value stands that is being written. */
  depth = 0;

  constructor() {
    this.buffer = spare ?? Buffer.allocUnsafeSlow(initialBytes);
    spare = undefined;
    this.words = new DataView(this.buffer.buffer);
    this.pos = this.buffer.length;
  }

  /** What was written, in bytes of its own. */
  bytes(): Uint8Array {
    countExternal(this.size);
    const copy = new Uint8Array(this.size);
    copy.set(this.buffer.subarray(this.pos));
    return copy;
  }

  /** The same, where the writer is not used afterwards. */
  finish(): Uint8Array {
    const bytes = this.bytes();
    if (this.buffer.length <= keptBytes) spare = this.buffer;
    return bytes;
  }

  /** Forgets what was written, so that the writer may be used again. */
  clear(): void {
    this.pos = this.buffer.length;
    this.depth = 0;
  }

  /** Copies what was written, where there is room for `size` bytes; returns where the copy ends. */
  copyTo(target: Buffer, at: number): number {
    const { buffer, size } = this;
    if (size > 48) buffer.copy(target, at, this.pos);
    else for (let i = 0; i < size; i++) target[at + i] = buffer[this.pos + i] as number;
    return at + size;
  }

  /** How much is written. What `close` takes. */
  get size(): number {
    return this.buffer.length - this.pos;
  }

  /** Puts length and tag before all that was written since `size` was `mark`. */
  close(tag: number, mark: number): void {
    const length = this.size - mark;
    if (length < 128 && tag < 128) {
      this.room(2);
      this.pos -= 2;
      this.buffer[this.pos] = tag;
      this.buffer[this.pos + 1] = length;
    } else {
      this.varint(length);
      this.varint(tag);
    }
  }

  private room(bytes: number): void {
    if (this.pos < bytes) this.grow(bytes);
  }

  private grow(bytes: number): void {
    const { size } = this;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.buffer.length, size + bytes));
    this.buffer.copy(larger, larger.length - size, this.pos);
    this.buffer = larger;
    this.words = new DataView(larger.buffer);
    this.pos = larger.length - size;
  }

  /** A number from 0 to 2^32 - 1. */
  varint(value: number): void {
    this.room(5);
    const { buffer } = this;
    if (value < 128) {
      this.pos -= 1;
      buffer[this.pos] = value;
      return;
    }
    const size = value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
    let rest = value;
    const start = this.pos - size;
    let p = start;
    for (; rest > 127; rest >>>= 7) buffer[p++] = (rest & 127) | 128;
    buffer[p] = rest;
    this.pos = start;
  }

  uint32(tag: number, value: number): void {
    this.varint(value >>> 0);
    this.varint(tag);
  }

  /** Negative numbers take ten bytes, as protobuf has it. */
  int32(tag: number, value: number): void {
    if (value < 0) this.varint64(BigInt(value | 0));
    else this.varint(value >>> 0);
    this.varint(tag);
  }

  sint32(tag: number, value: number): void {
    this.varint(((value << 1) ^ (value >> 31)) >>> 0);
    this.varint(tag);
  }

  bool(tag: number, value: boolean): void {
    this.varint(value ? 1 : 0);
    this.varint(tag);
  }

  /** Throws RangeError where the value is beyond 64 bits, signed or unsigned. */
  int64(tag: number, value: bigint): void {
    this.varint64(value);
    this.varint(tag);
  }

  /** A 64-bit varint without a tag: an element of a packed list. */
  varint64(value: bigint): void {
    const small = Number(value);
    if (small >= 0 && small <= 0xffffffff) {
      this.varint(small);
      return;
    }
    const bits = BigInt.asUintN(64, value);
    if (bits !== value && BigInt.asIntN(64, value) !== value)
      throw new RangeError(`${value} does not fit into 64 bits`);
    let low = Number(bits & 0xffff_ffffn);
    let high = Number(bits >> 32n);
    const size = Math.ceil((64 - (high > 0 ? Math.clz32(high) : 32 + Math.clz32(low))) / 7);
    this.room(size);
    this.pos -= size;
    const last = this.pos + size - 1;
    for (let p = this.pos; p < last; p++) {
      this.buffer[p] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.buffer[last] = low;
  }

  fixed32(tag: number, value: number): void {
    this.room(9);
    this.pos -= 4;
    this.words.setUint32(this.pos, value, true);
    this.varint(tag);
  }

  fixed64(tag: number, value: bigint): void {
    this.eight(value);
    this.varint(tag);
  }

  /** Eight bytes without a tag: an element of a packed list. */
  eight(value: bigint): void {
    this.room(8);
    this.pos -= 8;
    this.words.setBigUint64(this.pos, value, true);
  }

  double(tag: number, value: number): void {
    this.float64(value);
    this.varint(tag);
  }

  /** A double without a tag: an element of a packed list. */
  float64(value: number): void {
    this.room(8);
    this.pos -= 8;
    this.words.setFloat64(this.pos, value, true);
  }

  /** Lone surrogates become U+FFFD. */
  string(tag: number, text: string): void {
    const { length } = text;
    this.room(3 * length);
    let size = length;
    if (length <= shortText && this.ascii(text, length)) this.pos -= length;
    else size = this.encoded(text);
    this.varint(size);
    this.varint(tag);
  }

  /** Writes a `KeyValue` of short text as a field; false, and nothing written, where it is long or not all ASCII. */
  textPair(tag: number, key: string, value: string): boolean {
    const keyLength = key.length;
    const valueLength = value.length;
    if (keyLength > shortText || valueLength > shortText || keyLength === 0) return false;
    const size = keyLength + valueLength + 8;
    this.room(size);
    const { buffer } = this;
    let p = this.pos - size;
    buffer[p] = tag;
    buffer[p + 1] = size - 2;
    buffer[p + 2] = 10;
    buffer[p + 3] = keyLength;
    p += 4;
    let seen = 0;
    for (let i = 0; i < keyLength; i++) {
      const code = key.charCodeAt(i);
      seen |= code;
      buffer[p + i] = code;
    }
    p += keyLength;
    buffer[p] = 18;
    buffer[p + 1] = valueLength + 2;
    buffer[p + 2] = 10;
    buffer[p + 3] = valueLength;
    p += 4;
    for (let i = 0; i < valueLength; i++) {
      const code = value.charCodeAt(i);
      seen |= code;
      buffer[p + i] = code;
    }
    if (seen > 127) return false;
    this.pos -= size;
    return true;
  }

  /** Puts text before the rest if it is all ASCII; where it is not, what was written does not count. */
  private ascii(text: string, length: number): boolean {
    const { buffer } = this;
    const start = this.pos - length;
    let seen = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      seen |= code;
      buffer[start + i] = code;
    }
    return seen < 128;
  }

  /** Encodes into the free space at the front, for which no view must be made, and moves the bytes to their place. */
  private encoded(text: string): number {
    const { written } = encoder.encodeInto(text, this.buffer);
    this.pos -= written;
    this.buffer.copyWithin(this.pos, 0, written);
    return written;
  }

  /** Throws RangeError where the text is no hex of whole bytes. */
  hex(tag: number, text: string): void {
    const size = text.length >>> 1;
    this.room(size);
    const { buffer } = this;
    let p = this.pos - size;
    this.pos = p;
    let digits = text.length & 1 ? 255 : 0;
    for (let i = 0; i < text.length; i += 2) {
      const high = nibbles[text.charCodeAt(i)] ?? 255;
      const low = nibbles[text.charCodeAt(i + 1)] ?? 255;
      digits |= high | low;
      buffer[p++] = (high << 4) | low;
    }
    if (digits > 15) throw new RangeError(`an id must be hex of whole bytes, not ${JSON.stringify(text.slice(0, 64))}`);
    this.varint(size);
    this.varint(tag);
  }

  blob(tag: number, bytes: Uint8Array): void {
    this.raw(bytes);
    this.varint(bytes.length);
    this.varint(tag);
  }

  /** Bytes as they are: fields that are encoded already. */
  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.pos -= bytes.length;
    this.buffer.set(bytes, this.pos);
  }
}
