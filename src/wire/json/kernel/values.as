import { absent, at } from './memory';
import { copyBase64, copyHex } from './bytes';
import { writeDouble } from './doubles';
import {
  writeEnum,
  writeFixed32,
  writeFixed64,
  writeInt64,
  writeSfixed64,
  writeSint32,
  writeUint32,
  writeUint64,
} from './integers';
import { LOWER_T, skipFalse, skipTrue } from './tokens';
import { copyText } from './text';

// The kinds of values, in the order of `kinds` in src/wire/json/kernel-tables.ts.
export const TEXT: u32 = 0;
const BYTES: u32 = 1;
const HEX: u32 = 2;
const BOOL: u32 = 3;
const UINT32: u32 = 4;
const INT64: u32 = 5;
const UINT64: u32 = 6;
const SINT32: u32 = 7;
const FIXED32: u32 = 8;
const FIXED64: u32 = 9;
const SFIXED64: u32 = 10;
const DOUBLE: u32 = 11;
// 12 is an enum.
export const MESSAGE_KIND: u32 = 13;

// Appends the scalar at `p` without a tag. `absent` says whether it is the value that proto3 leaves out.
export function writeScalar(p: usize, kind: u32): usize {
  switch (kind) {
    case TEXT:
      return writeText(p);
    case BYTES:
    case HEX:
      return writeBytes(p, kind);
    case BOOL:
      return writeBool(p);
    case UINT32:
      return writeUint32(p);
    case INT64:
      return writeInt64(p);
    case UINT64:
      return writeUint64(p);
    case SINT32:
      return writeSint32(p);
    case FIXED32:
      return writeFixed32(p);
    case FIXED64:
      return writeFixed64(p);
    case SFIXED64:
      return writeSfixed64(p);
    case DOUBLE:
      return writeDouble(p);
    default:
      return writeEnum(p);
  }
}

function writeText(p: usize): usize {
  const start = at++;
  p = copyText(p);
  putLength(start, 1);
  absent = at == start + 1;
  return p;
}

function writeBytes(p: usize, kind: u32): usize {
  const start = at++;
  p = kind == HEX ? copyHex(p) : copyBase64(p);
  putLength(start, 1);
  absent = at == start + 1;
  return p;
}

function writeBool(p: usize): usize {
  const value = load<u8>(p) == LOWER_T;
  absent = !value;
  store<u8>(at++, <u8>value);
  return value ? skipTrue(p) : skipFalse(p);
}

// Gives a length, as short as it can be, to what stands from `start + reserved` to `at`, and writes it at `start`. Returns
// how many bytes it took.
// @ts-ignore: decorator
@inline
export function putLength(start: usize, reserved: usize): usize {
  const length = at - start - reserved;
  if (length < 128 && reserved == 1) {
    store<u8>(start, <u8>length);
    return 1;
  }
  return putLongLength(start, reserved);
}

function putLongLength(start: usize, reserved: usize): usize {
  let length = at - start - reserved;
  const size: usize = length < 128 ? 1 : length < 1 << 14 ? 2 : length < 1 << 21 ? 3 : length < 1 << 28 ? 4 : 5;
  if (size != reserved) {
    memory.copy(start + size, start + reserved, length);
    at += size - reserved;
  }
  for (let i: usize = 1; i < size; i++) {
    store<u8>(start++, <u8>(length | 128));
    length >>= 7;
  }
  store<u8>(start, <u8>length);
  return size;
}
