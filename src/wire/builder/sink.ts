import { isUtf8 } from 'node:buffer';
import { varintSize, writeVarint } from '../fields.ts';
import type { Writer } from '../codec/writer.ts';
import { repaired, type Slice } from './slice.ts';

const initialBytes = 16 * 1024;
const keptBytes = 4 * 1024 * 1024;
/** The tag of a message, and two bytes for its length, which fit most records. */
const openBytes = 3;
/** Room for the tags and lengths of an attribute. */
const heads = 32;
/** Up to this many bytes, a loop copies faster than a call into the runtime. */
const shortCopy = 48;

/** Bytes written front to back into space that grows. */
export class Sink {
  private buffer = Buffer.allocUnsafeSlow(initialBytes);
  /** How much is written. */
  size = 0;

  private room(bytes: number): void {
    if (this.size + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.buffer.length, this.size + bytes));
    this.buffer.copy(larger, 0, 0, this.size);
    this.buffer = larger;
  }

  clear(): void {
    this.size = 0;
    if (this.buffer.length > keptBytes) this.buffer = Buffer.allocUnsafeSlow(initialBytes);
  }

  /** Takes over what was written there, and clears it. */
  take(w: Writer): void {
    this.room(w.size);
    this.size = w.copyTo(this.buffer, this.size);
    w.clear();
  }

  /** Begins a message whose length is not known yet; returns what `close` needs. */
  open(tag: number): number {
    this.room(openBytes);
    this.buffer[this.size] = tag;
    this.size += openBytes;
    return this.size;
  }

  /** Forgets the message that `open` began. */
  undo(start: number): void {
    this.size = start - openBytes;
  }

  /** Writes the length before what was written since. */
  close(start: number): void {
    const length = this.size - start;
    const shift = varintSize(length) - 2;
    if (shift !== 0) {
      this.room(shift);
      this.buffer.copyWithin(start + shift, start, this.size);
      this.size += shift;
    }
    writeVarint(this.buffer, start - 2, length);
  }

  /** Writes a `KeyValue` of text as a field. Text that is not UTF-8 gets U+FFFD for its bad bytes. */
  textPair(tag: number, key: Slice, value: Slice): void {
    const mark = this.size;
    const keyLength = key.end - key.start;
    const valueLength = value.end - value.start;
    this.room(keyLength + valueLength + heads);
    this.put(tag, fieldSize(keyLength) + fieldSize(fieldSize(valueLength)));
    this.put(10, keyLength);
    const keyIsText = this.copy(key);
    this.put(18, fieldSize(valueLength));
    this.put(10, valueLength);
    if (this.copy(value) && keyIsText) return;
    this.size = mark;
    this.textPair(tag, repaired(key), repaired(value));
  }

  /** Writes an `AnyValue` of text as a field. Text that is not UTF-8 gets U+FFFD for its bad bytes. */
  textValue(tag: number, value: Slice): void {
    const mark = this.size;
    const length = value.end - value.start;
    this.room(length + heads);
    this.put(tag, fieldSize(length));
    this.put(10, length);
    if (this.copy(value)) return;
    this.size = mark;
    this.textValue(tag, repaired(value));
  }

  /** A tag and a length, for which there is room. */
  private put(tag: number, length: number): void {
    const { buffer, size } = this;
    buffer[size] = tag;
    buffer[size + 1] = length;
    this.size = length < 128 ? size + 2 : writeVarint(buffer, size + 1, length);
  }

  /** Copies bytes for which there is room; says whether they are UTF-8. */
  private copy({ source, start, end }: Slice): boolean {
    const { buffer, size } = this;
    this.size = size + end - start;
    if (end - start > shortCopy) {
      const part = source.subarray(start, end);
      buffer.set(part, size);
      return isUtf8(part);
    }
    let seen = 0;
    for (let i = start, p = size; i < end; i++, p++) {
      const byte = source[i] as number;
      seen |= byte;
      buffer[p] = byte;
    }
    return seen < 128 || isUtf8(source.subarray(start, end));
  }

  /** The bytes from `start` to `end`. They are overwritten by whatever is written after `clear`. */
  view(start: number, end: number): Uint8Array {
    return this.buffer.subarray(start, end);
  }
}

/** What a length-delimited field takes, its tag of one byte included. */
export function fieldSize(length: number): number {
  return 1 + varintSize(length) + length;
}
