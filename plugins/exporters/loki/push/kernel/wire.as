// Reading of encoded messages that have passed the structural check. Where lengths do not fit all the same, it traps.

// Where the field ends whose length was read last.
export let stop: usize = 0;
// The varint that was read last.
export let varint: u64 = 0;
// What is there is legal, and hardly anybody writes it: it has to be written anew.
let isOdd: bool = false;
let isWrittenAnew: bool = false;

export function beginReading(writtenAnew: bool): void {
  isOdd = false;
  isWrittenAnew = writtenAnew;
}

export function stoppedAtOdd(): bool {
  return isOdd;
}

// What is still there when all was written anew is in fields that nobody knows.
export function stopAtOdd(): void {
  if (isWrittenAnew) return;
  isOdd = true;
  unreachable();
}

// From a length to what it counts, which ends at `stop` and not behind `end`.
// @ts-ignore: decorator
@inline
export function enter(p: usize, end: usize): usize {
  let size: usize = load<u8>(p);
  if (size < 128) p++;
  else {
    p = readVarint(p);
    if (varint > 0x7fffffff) unreachable();
    size = <usize>varint;
  }
  stop = p + size;
  if (stop > end) unreachable();
  return p;
}

// Reads the varint at `p` and gives where it ends.
export function readVarint(p: usize): usize {
  let value: u64 = 0;
  for (let shift: u64 = 0; shift < 70; shift += 7) {
    const byte: u64 = load<u8>(p++);
    value |= (byte & 127) << shift;
    if (byte < 128) {
      varint = value;
      return p;
    }
  }
  unreachable();
  return p;
}

// Passes over the field whose tag is at `p`.
export function skipField(p: usize, end: usize): usize {
  const wireType: u32 = load<u8>(p) & 7;
  if (load<u8>(p++) > 127) p = skipLongTag(p);
  if (wireType == 2) {
    enter(p, end);
    return stop;
  }
  if (wireType == 0) while (load<u8>(p++) > 127);
  else if (wireType == 1) p += 8;
  else if (wireType == 5) p += 4;
  else unreachable();
  if (p > end) unreachable();
  return p;
}

// From behind the first byte of a tag. One with more bytes than it needs may be of a field that is known.
function skipLongTag(p: usize): usize {
  let byte: u32 = load<u8>(p++);
  let bits = byte;
  while (byte > 127) {
    byte = load<u8>(p++);
    bits |= byte;
  }
  if ((bits & 127) == 0) stopAtOdd();
  return p;
}

// Bytes of a varint.
export function varintSize(value: usize): usize {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}

// Writes a varint and gives where it ends.
// @ts-ignore: decorator
@inline
export function putVarint(to: usize, value: u64): usize {
  while (value > 127) {
    store<u8>(to++, <u8>(value | 128));
    value >>= 7;
  }
  store<u8>(to, <u8>value);
  return to + 1;
}
