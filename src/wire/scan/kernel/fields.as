// Fields of messages that have passed the structural check. What does not fit all the same ends in a trap.

// The varint that was read last.
export let value: u64 = 0;

// Reads the varint at `p`, and returns where it ends.
export function readVarint(p: usize): usize {
  let result: u64 = 0;
  for (let shift: u64 = 0; shift < 70; shift += 7) {
    const byte: u64 = load<u8>(p++);
    result |= (byte & 127) << shift;
    if (byte < 128) {
      value = result;
      return p;
    }
  }
  return unreachable();
}

// Behind a value of this wire type.
// @ts-ignore: decorator
@inline
export function skip(p: usize, wireType: u32, end: usize): usize {
  if (wireType == 2) {
    p = enter(p, end);
    return p + length;
  }
  if (wireType == 0) {
    while (load<u8>(p++) > 127) if (p >= end) unreachable();
    return p;
  }
  p += wireType == 1 ? 8 : 4;
  if ((wireType != 1 && wireType != 5) || p > end) unreachable();
  return p;
}

// How long the contents are that were entered last.
export let length: usize = 0;

// From the length at `p` to the contents that it counts.
// @ts-ignore: decorator
@inline
export function enter(p: usize, end: usize): usize {
  let size: usize = load<u8>(p++);
  if (size > 127) {
    p = readVarint(p - 1);
    if (value > 0xffffffff) unreachable();
    size = <usize>value;
  }
  if (p > end || size > end - p) unreachable();
  length = size;
  return p;
}

// The tag that was read last: field number times eight plus wire type.
export let tag: u32 = 0;

// From the tag at `p` to the value.
// @ts-ignore: decorator
@inline
export function readTag(p: usize): usize {
  const byte: u32 = load<u8>(p);
  if (byte < 128) {
    tag = byte;
    return p + 1;
  }
  p = readVarint(p);
  tag = <u32>value;
  return p;
}

// Passes over fields until one has the tag, of a value with a length, and enters that. Zero where none has.
export function seek(p: usize, end: usize, wanted: u32): usize {
  while (p < end) {
    p = readTag(p);
    if (tag == wanted) return enter(p, end);
    p = skip(p, tag & 7, end);
  }
  return 0;
}
