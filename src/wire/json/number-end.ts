import { dot, lowerE, minus, plus, upperE, zero } from './characters.ts';
import { expected, type Transfer } from './transfer.ts';

/** Where the JSON number at `pos` ends. Throws where there is none, saying `what` was expected. */
export function numberEnd(s: Transfer, what: string): number {
  const { input } = s;
  let pos = s.pos;
  if (input[pos] === minus) pos++;
  if (!isDigit(input[pos]!)) throw expected(s, what, pos);
  if (input[pos] === zero) pos++;
  else pos = digitsEnd(input, pos);
  if (input[pos] === dot) pos = someDigits(s, pos + 1);
  if (input[pos] === lowerE || input[pos] === upperE) {
    pos++;
    if (input[pos] === plus || input[pos] === minus) pos++;
    pos = someDigits(s, pos);
  }
  return pos;
}

function someDigits(s: Transfer, pos: number): number {
  if (!isDigit(s.input[pos]!)) throw expected(s, 'a digit', pos);
  return digitsEnd(s.input, pos);
}

function digitsEnd(input: Uint8Array, from: number): number {
  let pos = from;
  while (isDigit(input[pos]!)) pos++;
  return pos;
}

function isDigit(byte: number): boolean {
  return (byte ^ zero) <= 9;
}
