import { copyString, roomFor, skipString } from './read-string.ts';
import { ensure, expected, latin1, type Transfer } from './transfer.ts';
import { quote } from './characters.ts';

/**
 * The short JSON string at `pos`, one character a byte of its UTF-8: for names and notations that are ASCII, where anything
 * else just does not match. Moves behind it.
 */
export function readText(s: Transfer, what: string): string {
  if (s.input[s.pos] !== quote) throw expected(s, what, s.pos);
  const start = s.pos;
  if (!skipString(s)) return latin1(s.input, start + 1, s.pos - 1);
  s.pos = start;
  const at = s.at;
  ensure(s, roomFor(s));
  copyString(s);
  const text = latin1(s.out, at, s.at);
  s.at = at;
  return text;
}
