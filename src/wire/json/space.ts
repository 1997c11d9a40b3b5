import { expected, type Transfer } from './transfer.ts';

/** Moves to the next byte that is not white space and returns it. */
export function next(s: Transfer): number {
  const byte = s.input[s.pos]!;
  return byte > 0x20 ? byte : skipSpace(s);
}

function skipSpace(s: Transfer): number {
  const input = s.input;
  let pos = s.pos;
  let byte = input[pos]!;
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = input[++pos]!;
  s.pos = pos;
  return byte;
}

/** Passes over the given word, such as `null`, at `pos`. */
export function skipWord(s: Transfer, word: string): void {
  for (let i = 0; i < word.length; i++) {
    if (s.input[s.pos + i] !== word.charCodeAt(i)) throw expected(s, word, s.pos + i);
  }
  s.pos += word.length;
}
