import { readContent } from '../codec/read-value.ts';
import { Reader } from '../codec/reader.ts';
import type { AnyValue } from '../codec/values.ts';
import { at, bytes, madeHasRoom, view, writeVarint } from './arena.ts';
import { encodeValue } from './constant.ts';
import { textAt } from './text.ts';
import { afterVarint, readVarint } from './walk.ts';

/** What an encoded AnyValue holds; `odd` where it is not written the plain way, or is no single known member. */
export const kind = { odd: -1, nothing: 0, text: 1, bool: 2, int: 3, double: 4, array: 5, map: 6, bytes: 7 } as const;

/** Where the content of the value stands that `kindOf` looked at last. It ends with the value. */
export let content = 0;

/** The kind of the AnyValue at a place in the arena. */
export function kindOf(start: number, end: number): number {
  if (start === end) return kind.nothing;
  const b = bytes;
  const tag = b[start] as number;
  content = start + 1;
  switch (tag) {
    case 0x0a:
    case 0x2a:
    case 0x32:
    case 0x3a: {
      const length = readVarint(b, start + 1);
      content = afterVarint();
      return content + length === end ? tag >> 3 : kind.odd;
    }
    case 0x10:
    case 0x18: {
      let p = start + 1;
      while ((b[p++] as number) > 127);
      return p === end ? tag >> 3 : kind.odd;
    }
    case 0x21:
      return end - start === 9 ? kind.double : kind.odd;
    default:
      return kind.odd;
  }
}

export function doubleAt(start: number): number {
  return view.getFloat64(start, true);
}

/** An int as a number where it is small, so that it compares quickly. */
export function intAt(start: number, end: number): number | bigint {
  if (end - start <= 4) return readVarint(bytes, start);
  let value = 0n;
  for (let p = end - 1; p >= start; p--) value = (value << 7n) | BigInt((bytes[p] as number) & 127);
  return BigInt.asIntN(64, value);
}

export function boolAt(start: number, end: number): boolean {
  return intAt(start, end) !== 0 && intAt(start, end) !== 0n;
}

/** The scalar at a place in the arena; undefined for arrays, maps, bytes and whatever is odd. */
export function scalarAt(start: number, end: number): string | boolean | bigint | number | null | undefined {
  switch (kindOf(start, end)) {
    case kind.nothing:
      return null;
    case kind.text:
      return textAt(content, end);
    case kind.bool:
      return boolAt(content, end);
    case kind.int:
      return BigInt(intAt(content, end));
    case kind.double:
      return doubleAt(content);
    default:
      return undefined;
  }
}

/** Any value at a place in the arena, as a copy. */
export function valueAt(start: number, end: number): AnyValue {
  return readContent(new Reader(Uint8Array.from(bytes.subarray(start, end))));
}

/** Encodes a value as AnyValue among the made ones, up to `at.made`. Returns where it begins, or -1 where there is no room. */
export function make(value: AnyValue): number {
  const start = at.made;
  if (typeof value === 'string') {
    const length = Buffer.byteLength(value);
    if (!madeHasRoom(length + 6)) return -1;
    bytes[at.made++] = 0x0a;
    at.made = writeVarint(at.made, length);
    at.made += bytes.write(value, at.made);
    return start;
  }
  if (typeof value !== 'bigint' && typeof value !== 'number') return makeBytes(encodeValue(value)) ? start : -1;
  if (!madeHasRoom(11)) return -1;
  if (typeof value === 'bigint') {
    bytes[at.made++] = 0x18;
    writeInt(BigInt.asUintN(64, value));
  } else {
    bytes[at.made++] = 0x21;
    view.setFloat64(at.made, value, true);
    at.made += 8;
  }
  return start;
}

/**
 * Encodes a field of text, or of an AnyValue, among the made values, up to `at.made`; `content` says where its content begins.
 * Returns where it begins, or -1 where there is no room.
 */
export function makeField(tag: number, value: AnyValue, isAnyValue: boolean): number {
  const start = at.made;
  const encoded = isAnyValue ? encodeValue(value) : Buffer.from(value as string);
  if (!madeHasRoom(encoded.length + 6)) return -1;
  bytes[at.made++] = tag;
  at.made = writeVarint(at.made, encoded.length);
  content = at.made;
  return makeBytes(encoded) ? start : -1;
}

function makeBytes(source: Uint8Array): boolean {
  if (!madeHasRoom(source.length)) return false;
  bytes.set(source, at.made);
  at.made += source.length;
  return true;
}

function writeInt(value: bigint): void {
  let rest = value;
  while (rest > 127n) {
    bytes[at.made++] = Number(rest & 127n) | 128;
    rest >>= 7n;
  }
  bytes[at.made++] = Number(rest);
}
