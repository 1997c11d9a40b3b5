import { MINUS, put, QUOTE } from './characters';
import { putUnsigned } from './digits';
import { at, ensure, writeTo } from './memory';

// Writes the shortest digits of a finite double to `to`, as JavaScript has them, and returns their number.
// @ts-ignore: decorator
@external("env", "putDigits")
declare function putDigits(value: f64, to: usize): usize;

const NAN: u32 = 0x4e614e;
const INFINITY: u64 = 0x7974696e69666e49;
const EXACT: f64 = 9007199254740992.0;
// Decimals of up to fifteen digits are known by their double.
const FIFTEEN_DIGITS: f64 = 1e15;

// Appends a double with as few digits as its exactness allows, or as the string NaN, Infinity or -Infinity.
export function putDouble(value: f64): void {
  // So much that the output does not move in the middle of a number.
  ensure(64);
  if (!isFinite(value)) return putOther(value);
  const negative = (reinterpret<u64>(value) >> 63) != 0;
  const size = abs(value);
  if (size < EXACT && trunc(size) == size) {
    if (negative) put(MINUS);
    putUnsigned(<u64>size);
  } else if (!putDecimal(size, negative)) writeTo(at + putDigits(value, at));
}

function putOther(value: f64): void {
  put(QUOTE);
  if (isNaN(value)) {
    store<u32>(at, NAN);
    writeTo(at + 3);
  } else {
    if (value < 0) put(MINUS);
    store<u64>(at, INFINITY);
    writeTo(at + 8);
  }
  put(QUOTE);
}

// A decimal of at most eight places and fifteen digits. One such number at most has a given double, and with the least of
// places it has no zero at its end: no other notation of the double is as short. False, with nothing written, where there is none.
function putDecimal(size: f64, negative: bool): bool {
  if (size < 1e-6 || size > 1e12) return false;
  let power: f64 = 1;
  for (let places: usize = 1; places <= 8; places++) {
    power *= 10;
    const digits = nearest(size * power);
    if (digits > FIFTEEN_DIGITS) return false;
    if (digits / power != size) continue;
    if (negative) put(MINUS);
    putPlaces(<u64>digits, <u64>power);
    return true;
  }
  return false;
}

function putPlaces(digits: u64, power: u64): void {
  const whole = digits / power;
  putUnsigned(whole);
  // The one in front keeps the zeros behind the point, and then gives way to it.
  const point = at;
  putUnsigned(power + digits - whole * power);
  store<u8>(point, 0x2e);
}
