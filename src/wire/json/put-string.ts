import { backslash, firstSpecial, quote, specials } from './characters.ts';
import { ensure, type Transfer } from './transfer.ts';
import { replacement, sequenceLength } from './utf8.ts';

/** More than any escape and any word written past the end. */
const slack = 16;

/** Appends the UTF-8 from `pos` to `end` as a JSON string; ill-formed bytes become U+FFFD. Moves to `end`. */
export function putString(s: Transfer, end: number): void {
  ensure(s, end - s.pos + slack);
  s.out[s.at++] = quote;
  const view = s.inputView;
  let out = s.outView;
  let { pos, at } = s;
  while (pos < end) {
    const word = view.getInt32(pos, true);
    out.setInt32(at, word, true);
    const found = specials(word);
    if (found === 0) {
      pos += 4;
      at += 4;
      continue;
    }
    const plain = firstSpecial(found);
    pos += plain;
    at += plain;
    if (pos >= end) break;
    s.pos = pos;
    s.at = at;
    putSpecial(s, end);
    out = s.outView;
    pos = s.pos;
    at = s.at;
  }
  // The last word may have gone past the end, by as much in the output as in the input.
  s.at = at - (pos - end);
  s.out[s.at++] = quote;
  s.pos = end;
}

function putSpecial(s: Transfer, end: number): void {
  if (s.input[s.pos]! >= 0x80) putNonAscii(s, end);
  else {
    putEscape(s, s.input[s.pos++]!);
    ensure(s, end - s.pos + slack);
  }
}

function putNonAscii(s: Transfer, end: number): void {
  while (s.pos < end && s.input[s.pos]! >= 0x80) {
    const length = sequenceLength(s.input, s.pos, end);
    if (length > 0) {
      for (let i = 0; i < length; i++) s.out[s.at++] = s.input[s.pos++]!;
    } else {
      s.pos -= length;
      for (const byte of replacement) s.out[s.at++] = byte;
      ensure(s, end - s.pos + slack);
    }
  }
}

const letters = new Map(
  Object.entries({ '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '"': '"', '\\': '\\' }),
);

/** What stands behind the backslash for each byte that needs one. */
const escapes = Array.from({ length: backslash + 1 }, (_, byte) =>
  Buffer.from(letters.get(String.fromCharCode(byte)) ?? `u${byte.toString(16).padStart(4, '0')}`),
);

function putEscape(s: Transfer, byte: number): void {
  s.out[s.at++] = backslash;
  const letters = escapes[byte]!;
  for (let i = 0; i < letters.length; i++) s.out[s.at++] = letters[i]!;
}
