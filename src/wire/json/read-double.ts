import { MalformedError } from '../batch.ts';
import { dot, lowerE, minus, quote, upperE, zero } from './characters.ts';
import { numberEnd } from './number-end.ts';
import { readText } from './read-text.ts';
import { expected, latin1, type Transfer } from './transfer.ts';

/** Powers of ten that a double holds exactly. */
const powers = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const decimal = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Reads a double at `pos`: a JSON number, or a string with one or with `NaN`, `Infinity`, `-Infinity`. Correctly rounded. */
export function readDouble(s: Transfer): number {
  const { input, pos: start } = s;
  if (input[start] === quote) return readQuoted(s, start);
  let pos = start;
  const negative = input[pos] === minus;
  if (negative) pos++;
  const first = pos;
  let mantissa = 0;
  let digit = 0;
  while ((digit = input[pos]! ^ zero) <= 9) {
    mantissa = mantissa * 10 + digit;
    pos++;
  }
  const whole = pos - first;
  let places = 0;
  if (input[pos] === dot) {
    pos++;
    while ((digit = input[pos]! ^ zero) <= 9) {
      mantissa = mantissa * 10 + digit;
      pos++;
      places++;
    }
    if (places === 0) return readSlowly(s, start);
  }
  const simple = whole > 0 && (whole === 1 || input[first] !== zero) && input[pos] !== lowerE && input[pos] !== upperE;
  // Up to 15 digits and the power are exact, so that one division rounds correctly.
  if (!simple || whole + places > 15) return readSlowly(s, start);
  s.pos = pos;
  const magnitude = places === 0 ? mantissa : mantissa / powers[places]!;
  return negative ? -magnitude : magnitude;
}

function readSlowly(s: Transfer, start: number): number {
  const end = numberEnd(s, 'a number');
  s.pos = end;
  return finite(Number(latin1(s.input, start, end)), start);
}

function readQuoted(s: Transfer, start: number): number {
  const text = readText(s, 'a number');
  if (text === 'NaN') return NaN;
  if (text === 'Infinity') return Infinity;
  if (text === '-Infinity') return -Infinity;
  if (!decimal.test(text)) throw expected(s, 'a number, "NaN", "Infinity" or "-Infinity"', start);
  return finite(Number(text), start);
}

function finite(value: number, offset: number): number {
  if (Number.isFinite(value)) return value;
  throw new MalformedError('a number out of range', offset);
}
