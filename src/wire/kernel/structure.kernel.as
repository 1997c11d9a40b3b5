// The structural check of src/wire/structure.ts for everything that is in order, in AssemblyScript. It answers the number
// of records, or -1 where it is not sure: the walk in TypeScript then finds out what is wrong, and where.
import { isUtf8 } from './utf8';

// Memory: the actions of 64 messages by tag, which messages are records, the open messages, and from 64 KiB on the input.
const RECORDS: usize = 0x4000;
const TYPES: usize = 0x4100;
const ENDS: usize = 0x4200;
const INPUT: usize = 0x10000;
const DOUBT: i32 = -1;

const VARINT: u32 = 1;
const FIXED64: u32 = 2;
const FIXED32: u32 = 3;
const BYTES: u32 = 5;
const TEXT: u32 = 6;
const PACKED64: u32 = 7;
const PACKED_VARINTS: u32 = 8;
const NESTED: u32 = 16;

export function reserve(length: i32): void {
  const pages = (<i32>INPUT + length + 0xffff) >> 16;
  if (pages > memory.size()) memory.grow(pages - memory.size());
}

export function check(length: i32, root: i32, keyValue: u32, maxDepth: usize): i32 {
  let p = INPUT;
  let end = INPUT + <usize>length;
  let type: usize = <usize>root << 8;
  let depth: usize = 0;
  let count = 0;
  while (true) {
    while (p == end) {
      if (depth == 0) return count;
      depth--;
      end = load<u32>(ENDS + (depth << 2));
      type = <usize>load<u8>(TYPES + depth) << 8;
    }
    let tag: u32 = load<u8>(p++);
    if (tag > 127) {
      if (p == end || load<u8>(p) != 1) return DOUBT;
      p++;
    }
    if (tag < 8) return DOUBT;
    let action: u32 = load<u8>(type + tag);
    if (action == 0) action = unknownField(tag & 7);
    if (action >= BYTES) {
      if (p == end) return DOUBT;
      let size: u32 = load<u8>(p++);
      if (size > 127) {
        if (p == end) return DOUBT;
        let byte: u32 = load<u8>(p++);
        size = (size & 127) | ((byte & 127) << 7);
        if (byte > 127) {
          if (p == end) return DOUBT;
          byte = load<u8>(p++);
          size |= (byte & 127) << 14;
          if (byte > 127) {
            if (p == end) return DOUBT;
            byte = load<u8>(p++);
            if (byte > 127) return DOUBT;
            size |= byte << 21;
          }
        }
      }
      if (<usize>size > end - p) return DOUBT;
      const stop = p + <usize>size;
      // The key-value pair and its value are two levels more.
      if (action == keyValue && depth + 3 <= maxDepth && isPlainAttribute(p, stop)) p = stop;
      else if (action >= NESTED) {
        if (depth == maxDepth - 1) return DOUBT;
        const inner: u32 = action - NESTED;
        count += <i32>load<u8>(RECORDS + <usize>inner);
        store<u8>(TYPES + depth, <u8>(type >> 8));
        store<u32>(ENDS + (depth << 2), <u32>end);
        depth++;
        type = <usize>inner << 8;
        end = stop;
      } else {
        if (action == TEXT) {
          if (!isAscii(p, stop) && !isUtf8(p, stop)) return DOUBT;
        } else if (action == PACKED64) {
          if ((size & 7) != 0) return DOUBT;
        } else if (action == PACKED_VARINTS) {
          if (!areVarints(p, stop)) return DOUBT;
        }
        p = stop;
      }
    } else if (action == VARINT) {
      if (p < end && load<u8>(p) < 128) p++;
      else {
        p = endOfVarint(p, end);
        if (p == 0) return DOUBT;
      }
    } else if (action == FIXED64) {
      if (end - p < 8) return DOUBT;
      p += 8;
    } else if (action == FIXED32) {
      if (end - p < 4) return DOUBT;
      p += 4;
    } else return DOUBT;
  }
}

// @ts-ignore: decorator
@inline
function unknownField(wireType: u32): u32 {
  if (wireType == 0) return VARINT;
  if (wireType == 1) return FIXED64;
  if (wireType == 2) return BYTES;
  return wireType == 5 ? FIXED32 : 0;
}

// A KeyValue of a key and a scalar, in either order, all ASCII and each part shorter than 128 bytes: nearly all are.
// @ts-ignore: decorator
@inline
function isPlainAttribute(p: usize, end: usize): bool {
  if (end - p < 6) return false;
  const first = load<u8>(p);
  const middle = p + 2 + <usize>load<u8>(p + 1);
  if (middle + 2 > end || middle + 2 + <usize>load<u8>(middle + 1) != end) return false;
  const second = load<u8>(middle);
  let value: usize;
  let valueEnd: usize;
  if (first == 0x0a && second == 0x12) {
    value = middle + 2;
    valueEnd = end;
  } else if (first == 0x12 && second == 0x0a) {
    value = p + 2;
    valueEnd = middle;
  } else return false;
  if (valueEnd - value < 2) return false;
  const kind = load<u8>(value);
  if (kind == 0x0a) return value + 2 + <usize>load<u8>(value + 1) == valueEnd && isAscii(p, end);
  if (kind == 0x10 || kind == 0x18) return valueEnd - value == 2 && isAscii(p, end);
  return false;
}

// @ts-ignore: decorator
@inline
function isAscii(p: usize, end: usize): bool {
  const size = end - p;
  if (size >= 16) {
    let bits = i8x16.splat(0);
    const last = end - 16;
    for (; p < last; p += 16) bits = v128.or(bits, v128.load(p));
    return i8x16.bitmask(v128.or(bits, v128.load(last))) == 0;
  }
  if (size >= 8) return ((load<u64>(p) | load<u64>(end - 8)) & 0x8080808080808080) == 0;
  if (size >= 4) return ((load<u32>(p) | load<u32>(end - 4)) & 0x80808080) == 0;
  let bits: u32 = 0;
  for (; p < end; p++) bits |= load<u8>(p);
  return bits < 128;
}

function areVarints(p: usize, end: usize): bool {
  while (p < end) {
    p = endOfVarint(p, end);
    if (p == 0) return false;
  }
  return true;
}

// Where a varint ends; 0 where it does not end in time.
function endOfVarint(p: usize, end: usize): usize {
  const limit = min(end, p + 10);
  for (; p < limit; p++) if (load<u8>(p) < 128) return p + 1;
  return 0;
}
