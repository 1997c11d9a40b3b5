import type { Transfer } from '../json/transfer.ts';
import { readEnd, readTag, skipWire } from '../json/read-wire.ts';
import type { AttributeKey } from './attribute-key.ts';

const keyTag = 0x0a;
const valueTag = 0x12;

/** Where the attributes of one message stand, in order and with duplicates: four numbers each. */
export class AttributeTable {
  private readonly transfer: Transfer;
  private rows = new Int32Array(4 * 32);
  count = 0;

  constructor(transfer: Transfer) {
    this.transfer = transfer;
  }

  keyStart(index: number): number {
    return this.rows[4 * index]!;
  }

  keyEnd(index: number): number {
    return this.rows[4 * index + 1]!;
  }

  /** Where the encoded AnyValue begins; -1 where the sender wrote a key and no value. */
  valueStart(index: number): number {
    return this.rows[4 * index + 2]!;
  }

  valueEnd(index: number): number {
    return this.rows[4 * index + 3]!;
  }

  /** The first attribute of this key, or -1. */
  find({ bytes, first, last }: AttributeKey): number {
    const { rows, count } = this;
    const { length } = bytes;
    const { input, inputView } = this.transfer;
    for (let i = 0, row = 0; i < count; i++, row += 4) {
      const start = rows[row]!;
      if (rows[row + 1]! - start !== length) continue;
      if (length < 4) {
        let p = 0;
        while (p < length && input[start + p] === bytes[p]) p++;
        if (p === length) return i;
      } else if (
        inputView.getInt32(start, true) === first &&
        inputView.getInt32(start + length - 4, true) === last &&
        sameBytes(input, start, bytes)
      )
        return i;
    }
    return -1;
  }

  /** Whether an earlier attribute has the key of this one. */
  isRepeated(index: number): boolean {
    const { rows } = this;
    const { inputView } = this.transfer;
    const start = rows[4 * index]!;
    const length = rows[4 * index + 1]! - start;
    for (let row = 0; row < 4 * index; row += 4) {
      const other = rows[row]!;
      if (rows[row + 1]! - other === length && sameRange(inputView, start, other, length)) return true;
    }
    return false;
  }

  /** Takes note of the KeyValue from `start` to `end`. */
  add(start: number, end: number): void {
    if (4 * this.count === this.rows.length) this.grow();
    const s = this.transfer;
    const { input } = s;
    const { rows } = this;
    const row = 4 * this.count++;
    // A key and a value of less than 128 bytes each, in either order: nearly all are so.
    const middle = start + 2 + input[start + 1]!;
    if (end - start < 128 && middle + 2 <= end && end === middle + 2 + input[middle + 1]!) {
      const first = input[start]!;
      const second = input[middle]!;
      if (first === keyTag && second === valueTag) {
        rows[row] = start + 2;
        rows[row + 1] = middle;
        rows[row + 2] = middle + 2;
        rows[row + 3] = end;
        return;
      }
      if (first === valueTag && second === keyTag) {
        rows[row] = middle + 2;
        rows[row + 1] = end;
        rows[row + 2] = start + 2;
        rows[row + 3] = middle;
        return;
      }
    }
    rows[row] = start;
    rows[row + 1] = start;
    rows[row + 2] = -1;
    rows[row + 3] = -1;
    const { pos } = s;
    s.pos = start;
    while (s.pos < end) {
      const tag = readTag(s);
      if (tag !== keyTag && tag !== valueTag) {
        skipWire(s, tag & 7, end);
        continue;
      }
      const stop = readEnd(s, end);
      const column = tag === keyTag ? row : row + 2;
      rows[column] = s.pos;
      rows[column + 1] = stop;
      s.pos = stop;
    }
    s.pos = pos;
  }

  private grow(): void {
    const grown = new Int32Array(2 * this.rows.length);
    grown.set(this.rows);
    this.rows = grown;
  }
}

function sameBytes(input: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let p = 4; p < bytes.length - 4; p++) if (input[start + p] !== bytes[p]) return false;
  return true;
}

/** Both ranges may be read a word past their end: the input is padded. */
function sameRange(view: DataView, a: number, b: number, length: number): boolean {
  let p = 0;
  for (; p + 4 <= length; p += 4) if (view.getInt32(a + p, true) !== view.getInt32(b + p, true)) return false;
  const rest = length - p;
  if (rest === 0) return true;
  const mask = (1 << (8 * rest)) - 1;
  return ((view.getInt32(a + p, true) ^ view.getInt32(b + p, true)) & mask) === 0;
}
