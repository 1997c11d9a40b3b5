import { MINUS, put } from './characters';
import { at, ensure, writeTo } from './memory';

const ZEROS: u64 = 0x3030303030303030;
const E8: u64 = 100000000;
const E16: u64 = 10000000000000000;
// The longest number has twenty digits.
export const DIGITS: usize = 24;

// Eight decimal digits of a number below 10^8 as the bytes of a word, the first one lowest.
// @ts-ignore: decorator
@inline
function eightDigits(value: u32): u64 {
  const high = value / 10000;
  const halves = <u64>high | (<u64>(value - high * 10000) << 32);
  const hundreds = ((halves * 10486) >> 20) & 0x0000007f0000007f;
  const pairs = hundreds | ((halves - hundreds * 100) << 16);
  const tens = ((pairs * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((pairs - tens * 10) << 8);
}

// A number below 10^8 with all eight digits.
// @ts-ignore: decorator
@inline
export function putEight(value: u32): void {
  store<u64>(at, eightDigits(value) | ZEROS);
  writeTo(at + 8);
}

// A number below 10^8.
// @ts-ignore: decorator
@inline
function putShort(value: u32): void {
  const digits = eightDigits(value);
  const zeros = ctz(digits | (1 << 56)) & ~7;
  store<u64>(at, (digits | ZEROS) >> zeros);
  writeTo(at + 8 - <usize>(zeros >> 3));
}

// A number below 100 as two digits.
// @ts-ignore: decorator
@inline
export function putTwo(value: u32): void {
  const tens = value / 10;
  store<u16>(at, <u16>(0x3030 | tens | ((value - tens * 10) << 8)));
  writeTo(at + 2);
}

export function putUnsigned(value: u64): void {
  ensure(DIGITS);
  if (value < E8) return putShort(<u32>value);
  if (value < E16) putShort(<u32>(value / E8));
  else {
    putShort(<u32>(value / E16));
    putEight(<u32>((value % E16) / E8));
  }
  putEight(<u32>(value % E8));
}

export function putSigned(value: i64): void {
  if (value >= 0) return putUnsigned(value);
  ensure(DIGITS);
  put(MINUS);
  putUnsigned(0 - <u64>value);
}
