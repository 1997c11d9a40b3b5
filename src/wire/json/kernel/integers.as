import { absent, at, doubt } from './memory';
import { BACKSLASH, DOT, LOWER_E, MINUS, QUOTE, ZERO } from './tokens';

const MOST_NEGATIVE: u64 = 1 << 63;

// The integer that was read last.
let magnitude: u64 = 0;
let negative: bool = false;

// Reads an integer of at most 64 bits, a number or a string.
function readInteger(p: usize): usize {
  const quoted = load<u8>(p) == QUOTE;
  p += <usize>quoted;
  negative = load<u8>(p) == MINUS;
  p += <usize>negative;
  const start = p;
  let value: u64 = 0;
  for (let word = load<u64>(p); areDigits(word); word = load<u64>(p)) {
    value = value * 100000000 + eightDigits(word);
    p += 8;
  }
  let digit: u32 = 0;
  while ((digit = load<u8>(p) - ZERO) < 10) {
    value = value * 10 + digit;
    p++;
  }
  const digits = p - start;
  if (digits == 0 || (digits > 19 && !isTwentyDigits(start, digits, value))) doubt();
  magnitude = value;
  if (quoted) {
    if (load<u8>(p) != QUOTE) doubt();
    return p + 1;
  }
  const byte: u32 = load<u8>(p);
  if (byte == DOT || (byte | 0x20) == LOWER_E || byte == BACKSLASH) doubt();
  if (load<u8>(start) == ZERO && p > start + 1) doubt();
  return p;
}

// Whether 64 bits were enough: twenty digits that begin with 1 and overflow leave less than the least such number.
function isTwentyDigits(start: usize, digits: usize, value: u64): bool {
  return digits == 20 && load<u8>(start) == 0x31 && value >= 10000000000000000000;
}

// @ts-ignore: decorator
@inline
function areDigits(word: u64): bool {
  const overflow = (word + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0;
  return ((word & 0xf0f0f0f0f0f0f0f0) | (overflow >> 4)) == 0x3333333333333333;
}

// @ts-ignore: decorator
@inline
function eightDigits(word: u64): u64 {
  const ones = word - 0x3030303030303030;
  const tens = ones * 10 + (ones >> 8);
  const first = (tens & 0x000000ff000000ff) * 0x000f424000000064;
  const second = ((tens >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return (first + second) >> 32;
}

function putVarint(value: u64): void {
  absent = value == 0;
  let to = at;
  while (value > 127) {
    store<u8>(to++, <u8>(value | 128));
    value >>= 7;
  }
  store<u8>(to, <u8>value);
  at = to + 1;
}

function unsigned(): u64 {
  if (negative && magnitude != 0) doubt();
  return magnitude;
}

function unsigned32(): u32 {
  if (magnitude > 0xffffffff) doubt();
  return <u32>unsigned();
}

function signed(): i64 {
  if (magnitude > MOST_NEGATIVE - <u64>!negative) doubt();
  return negative ? -(<i64>magnitude) : <i64>magnitude;
}

function signed32(): i32 {
  if (magnitude > 0x7fffffff + <u64>negative) doubt();
  return negative ? -(<i32>magnitude) : <i32>magnitude;
}

export function writeUint32(p: usize): usize {
  p = readInteger(p);
  putVarint(unsigned32());
  return p;
}

export function writeInt64(p: usize): usize {
  p = readInteger(p);
  putVarint(<u64>signed());
  return p;
}

export function writeUint64(p: usize): usize {
  p = readInteger(p);
  putVarint(unsigned());
  return p;
}

export function writeSint32(p: usize): usize {
  p = readInteger(p);
  const value = signed32();
  putVarint(<u32>((value << 1) ^ (value >> 31)));
  return p;
}

// Names of enum values are for TypeScript.
export function writeEnum(p: usize): usize {
  if (load<u8>(p) == QUOTE) doubt();
  p = readInteger(p);
  putVarint(<u64>(<i64>signed32()));
  return p;
}

export function writeFixed32(p: usize): usize {
  p = readInteger(p);
  const value = unsigned32();
  absent = value == 0;
  store<u32>(at, value);
  at += 4;
  return p;
}

export function writeFixed64(p: usize): usize {
  p = readInteger(p);
  putFixed64(unsigned());
  return p;
}

export function writeSfixed64(p: usize): usize {
  p = readInteger(p);
  putFixed64(<u64>signed());
  return p;
}

function putFixed64(value: u64): void {
  absent = value == 0;
  store<u64>(at, value);
  at += 8;
}
