import { CLOSE_BRACKET, COMMA, OPEN_BRACKET, put } from './characters';
import { putSigned, putUnsigned } from './digits';
import { putDouble } from './doubles';
import { enter, length, readTag, readVarint, skip, tag, value } from './fields';
import { ensure, out, written } from './memory';

// How a number is encoded. src/wire/scan/number-kind.ts knows the same numbers.
export const DOUBLE: u32 = 0;
export const FIXED64: u32 = 1;
export const SFIXED64: u32 = 2;
export const UINT64: u32 = 3;
export const SINT32: u32 = 4;
export const INT64: u32 = 5;
export const FIXED32: u32 = 6;

// Appends the number at `p`, and returns where it ends.
export function putNumber(p: usize, kind: u32): usize {
  switch (kind) {
    case DOUBLE:
      putDouble(load<f64>(p));
      return p + 8;
    case FIXED64:
      putUnsigned(load<u64>(p));
      return p + 8;
    case SFIXED64:
      putSigned(load<i64>(p));
      return p + 8;
    case FIXED32:
      putUnsigned(load<u32>(p));
      return p + 4;
    case UINT64:
      p = readVarint(p);
      putUnsigned(value);
      return p;
    case SINT32:
      p = readVarint(p);
      putSigned((<i32>value >>> 1) ^ -(<i32>value & 1));
      return p;
    default:
      p = readVarint(p);
      putSigned(<i64>value);
      return p;
  }
}

// Appends the numbers of a field, packed or not, as an array.
export function putNumbers(p: usize, end: usize, field: u32, kind: u32): void {
  const mark = written();
  const single = field * 8 + (kind == FIXED32 ? 5 : <u32>(kind < UINT64));
  while (p < end) {
    p = readTag(p);
    if (tag == field * 8 + 2) {
      p = enter(p, end);
      for (const stop = p + length; p < stop;) p = putElement(p, kind);
    } else if (tag == single) p = putElement(p, kind);
    else p = skip(p, tag & 7, end);
  }
  closeAt(mark, OPEN_BRACKET, CLOSE_BRACKET);
}

function putElement(p: usize, kind: u32): usize {
  ensure(1);
  put(COMMA);
  return putNumber(p, kind);
}

// Everything since `mark` was written behind commas: the first of them becomes the opening character.
export function closeAt(mark: usize, open: u32, close: u32): void {
  ensure(2);
  if (written() == mark) put(open);
  else store<u8>(out + mark, <u8>open);
  put(close);
}
