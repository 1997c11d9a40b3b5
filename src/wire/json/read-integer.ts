import { MalformedError } from '../batch.ts';
import { backslash, dot, lowerE, minus, quote, upperE, zero } from './characters.ts';
import { exactInteger } from './exact-integer.ts';
import { numberEnd } from './number-end.ts';
import { readText } from './read-text.ts';
import { expected, latin1, type Transfer } from './transfer.ts';

const powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/**
 * Reads an integer at `pos`, a JSON number or a string of decimal digits, into `negative`, `hi` and `lo` (its magnitude),
 * without rounding. Notations such as `1e3` and `2.0` are integers too.
 */
export function readInteger(s: Transfer): void {
  const { input, pos: start } = s;
  const quoted = input[start] === quote;
  let pos = quoted ? start + 1 : start;
  s.negative = input[pos] === minus;
  if (s.negative) pos++;
  const first = pos;
  let digit = 0;
  // Three limbs of at most 9, 9 and 2 digits.
  let high = 0;
  for (const stop = pos + 9; pos < stop && (digit = input[pos]! ^ zero) <= 9; pos++) high = high * 10 + digit;
  s.hi = 0;
  s.lo = high;
  if (pos === first + 9) {
    let middle = 0;
    for (const stop = pos + 9; pos < stop && (digit = input[pos]! ^ zero) <= 9; pos++) middle = middle * 10 + digit;
    multiplyAdd(s, powers[pos - first - 9]!, middle);
    if (pos === first + 18) {
      let low = 0;
      for (const stop = pos + 2; pos < stop && (digit = input[pos]! ^ zero) <= 9; pos++) low = low * 10 + digit;
      if (multiplyAdd(s, powers[pos - first - 18]!, low)) throw outOfRange(start);
    }
  }
  const byte = input[pos]!;
  if (quoted) {
    if (byte === quote && pos > first) s.pos = pos + 1;
    else readUnusual(s, readText(s, 'an integer'), start);
  } else if (isMore(byte) || pos === first || (input[first] === zero && pos > first + 1)) {
    const end = numberEnd(s, 'an integer');
    s.pos = end;
    readUnusual(s, latin1(input, start, end), start);
  } else s.pos = pos;
}

/** Whether a number goes on with this byte. */
function isMore(byte: number): boolean {
  return (byte ^ zero) <= 9 || byte === dot || byte === lowerE || byte === upperE || byte === backslash;
}

/** `hi`, `lo` times `factor` plus `addend`, both below 2^30. True if it no longer fits 64 bits. */
function multiplyAdd(s: Transfer, factor: number, addend: number): boolean {
  const bottom = (s.lo & 0xffff) * factor + addend;
  const middle = (s.lo >>> 16) * factor + Math.floor(bottom / 65536);
  const top = (s.hi >>> 0) * factor + Math.floor(middle / 65536);
  s.lo = (middle << 16) | (bottom & 0xffff);
  s.hi = top | 0;
  return top > 0xffffffff;
}

function readUnusual(s: Transfer, text: string, offset: number): void {
  const value = exactInteger(text);
  if (value === undefined) throw expected(s, 'an integer of at most 64 bits', offset);
  const magnitude = value < 0n ? -value : value;
  if (magnitude >> 64n !== 0n) throw outOfRange(offset);
  s.negative = value < 0n;
  s.hi = Number(magnitude >> 32n) | 0;
  s.lo = Number(magnitude & 0xffffffffn) | 0;
}

/** Makes `hi`, `lo` the two's complement of a signed integer of 64 bits that began at `start`. */
export function asSigned64(s: Transfer, start: number): void {
  if (!s.negative) {
    if (s.hi < 0) throw outOfRange(start);
    return;
  }
  if (s.hi < 0 && (s.hi !== -0x80000000 || s.lo !== 0)) throw outOfRange(start);
  s.lo = -s.lo | 0;
  s.hi = s.lo === 0 ? -s.hi | 0 : ~s.hi;
}

/** Checks that the integer that began at `start` is not negative. */
export function asUnsigned64(s: Transfer, start: number): void {
  if (s.negative && (s.hi | s.lo) !== 0) throw outOfRange(start);
}

/** Checks that the integer is below 2^32. */
export function asUnsigned32(s: Transfer, start: number): void {
  if (s.hi !== 0) throw outOfRange(start);
  asUnsigned64(s, start);
}

/** Makes `hi`, `lo` the two's complement of an integer of 32 bits. */
export function asSigned32(s: Transfer, start: number): void {
  if (s.hi !== 0 || (s.lo < 0 && !(s.negative && s.lo === -0x80000000))) throw outOfRange(start);
  asSigned64(s, start);
}

function outOfRange(offset: number): MalformedError {
  return new MalformedError('an integer out of range', offset);
}
