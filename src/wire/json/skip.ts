import { MalformedError } from '../batch.ts';
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  lowerF,
  lowerN,
  lowerT,
  openBrace,
  openBracket,
  quote,
} from './characters.ts';
import { numberEnd } from './number-end.ts';
import { skipString } from './read-string.ts';
import { next, skipWord } from './space.ts';
import { expected, type Transfer } from './transfer.ts';

/** One level deeper. Arrays and objects of unknown members count like messages. */
export function enter(s: Transfer): void {
  if (++s.depth > s.maxDepth) throw new MalformedError(`nested deeper than ${s.maxDepth} levels`, s.pos);
}

/** Passes over any JSON value at `pos`, checking it. */
export function skipValue(s: Transfer): void {
  const byte = s.input[s.pos]!;
  if (byte === quote) skipString(s);
  else if (byte === openBrace) skipObject(s);
  else if (byte === openBracket) skipArray(s);
  else if (byte === lowerT) skipWord(s, 'true');
  else if (byte === lowerF) skipWord(s, 'false');
  else if (byte === lowerN) skipWord(s, 'null');
  else s.pos = numberEnd(s, 'a value');
}

function skipArray(s: Transfer): void {
  enter(s);
  if (any(s, closeBracket)) {
    do skipValue(s);
    while (another(s, closeBracket));
  }
  s.depth--;
}

function skipObject(s: Transfer): void {
  enter(s);
  if (any(s, closeBrace)) {
    do {
      skipString(s);
      skipColon(s);
      skipValue(s);
    } while (another(s, closeBrace));
  }
  s.depth--;
}

/** Moves from behind a member's name to its value. */
export function skipColon(s: Transfer): void {
  if (next(s) !== colon) throw expected(s, "':'", s.pos);
  s.pos++;
  next(s);
}

/** After an element or a member: true at what follows a comma, false behind the closing character. */
export function another(s: Transfer, close: number): boolean {
  const { input, pos } = s;
  if (input[pos] === comma && input[pos + 1]! > 0x20) {
    s.pos = pos + 1;
    return true;
  }
  const byte = next(s);
  if (byte !== comma && byte !== close) throw expected(s, `',' or '${String.fromCharCode(close)}'`, s.pos);
  s.pos++;
  if (byte === close) return false;
  next(s);
  return true;
}

/** At `open`: moves to the first element or member, true; or behind the closing character if there is none, false. */
export function any(s: Transfer, close: number): boolean {
  s.pos++;
  if (next(s) !== close) return true;
  s.pos++;
  return false;
}
