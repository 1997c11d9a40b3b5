import { absent, at, doubt } from './memory';
import { DOT, LOWER_E, MINUS, PLUS, QUOTE, ZERO } from './tokens';

// Doubles that take more than one exact operation are JavaScript's: the number from `from` to `to`.
// @ts-ignore: decorator
@external("env", "toDouble")
declare function toDouble(from: usize, to: usize): f64;

const NAN: u32 = 0x224e614e; // NaN"
const INFINITY: u64 = 0x7974696e69666e49; // Infinity

export function writeDouble(p: usize): usize {
  const quoted = load<u8>(p) == QUOTE;
  p += <usize>quoted;
  if (quoted) {
    if (load<u32>(p) == NAN) return putDouble(NaN, p + 4);
    const minus = load<u8>(p) == MINUS;
    const word = p + <usize>minus;
    if (load<u64>(word) == INFINITY && load<u8>(word + 8) == QUOTE) {
      return putDouble(minus ? -Infinity : Infinity, word + 9);
    }
  }
  p = readDouble(p);
  if (quoted) {
    if (load<u8>(p) != QUOTE) doubt();
    p++;
  }
  return p;
}

function putDouble(value: f64, p: usize): usize {
  store<f64>(at, value);
  absent = load<u64>(at) == 0;
  at += 8;
  return p;
}

function readDouble(start: usize): usize {
  let p = start;
  const minus = load<u8>(p) == MINUS;
  p += <usize>minus;
  const first = p;
  let mantissa: u64 = 0;
  let digit: u32 = 0;
  while ((digit = load<u8>(p) - ZERO) < 10) {
    mantissa = mantissa * 10 + digit;
    p++;
  }
  const whole = p - first;
  if (whole == 0 || (whole > 1 && load<u8>(first) == ZERO)) doubt();
  let places: usize = 0;
  if (load<u8>(p) == DOT) {
    const point = p++;
    while ((digit = load<u8>(p) - ZERO) < 10) {
      mantissa = mantissa * 10 + digit;
      p++;
    }
    places = p - point - 1;
    if (places == 0) doubt();
  }
  const scientific = (load<u8>(p) | 0x20) == LOWER_E;
  // Up to 15 digits and the power are exact, so that one division rounds correctly.
  if (!scientific && whole + places <= 15) {
    const value = places == 0 ? <f64>mantissa : <f64>mantissa / powerOfTen(places);
    return putDouble(minus ? -value : value, p);
  }
  if (scientific) p = skipExponent(p);
  const value = toDouble(start, p);
  if (!isFinite(value)) doubt();
  return putDouble(value, p);
}

function powerOfTen(exponent: usize): f64 {
  let power: u64 = 1;
  for (let i: usize = 0; i < exponent; i++) power *= 10;
  return <f64>power;
}

function skipExponent(p: usize): usize {
  p++;
  const sign: u32 = load<u8>(p);
  if (sign == PLUS || sign == MINUS) p++;
  const start = p;
  while (load<u8>(p) - ZERO < 10) p++;
  if (p == start) doubt();
  return p;
}

// Where the number at `p` ends.
export function skipNumber(p: usize): usize {
  if (load<u8>(p) == MINUS) p++;
  const first = p;
  while (<u32>load<u8>(p) - ZERO < 10) p++;
  if (p == first || (load<u8>(first) == ZERO && p > first + 1)) doubt();
  if (load<u8>(p) == DOT) {
    const point = p++;
    while (<u32>load<u8>(p) - ZERO < 10) p++;
    if (p == point + 1) doubt();
  }
  return (load<u8>(p) | 0x20) == LOWER_E ? skipExponent(p) : p;
}
