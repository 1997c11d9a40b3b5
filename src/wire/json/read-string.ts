import type { MalformedError } from '../batch.ts';
import { backslash, firstSpecial, hexDigits, lowerU, quote, specials } from './characters.ts';
import { ensure, expected, type Transfer } from './transfer.ts';
import { putCodePoint, replacement, sequenceLength } from './utf8.ts';

/**
 * Reads the JSON string at `pos` and appends its text as UTF-8, without a length. Escapes are resolved; lone surrogates and
 * ill-formed bytes become U+FFFD. The caller has made room for the rest of the input.
 */
export function copyString(s: Transfer): void {
  if (s.input[s.pos] !== quote) throw expected(s, 'a string', s.pos);
  const view = s.inputView;
  let out = s.outView;
  let pos = s.pos + 1;
  let at = s.at;
  for (;;) {
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
    if (s.input[pos] === quote) break;
    s.pos = pos;
    s.at = at;
    copySpecial(s);
    out = s.outView;
    pos = s.pos;
    at = s.at;
  }
  s.pos = pos + 1;
  s.at = at;
}

function copySpecial(s: Transfer): void {
  const byte = s.input[s.pos]!;
  if (byte === backslash) copyEscape(s);
  else if (byte >= 0x80) copyNonAscii(s);
  else throw controlCharacter(s, s.pos);
}

function controlCharacter(s: Transfer, offset: number): MalformedError {
  if (offset >= s.end) return expected(s, 'the closing quote of a string', offset);
  return expected(s, 'a string without control characters', offset);
}

function copyNonAscii(s: Transfer): void {
  while (s.input[s.pos]! >= 0x80) {
    const length = sequenceLength(s.input, s.pos, s.end);
    if (length > 0) {
      for (let i = 0; i < length; i++) s.out[s.at++] = s.input[s.pos++]!;
    } else {
      s.pos -= length;
      for (const byte of replacement) s.out[s.at++] = byte;
      ensure(s, roomFor(s));
    }
  }
}

/**
 * Room for the rest of the input, whatever it is: nothing takes more than twice its JSON but ill-formed text and packed
 * numbers, and these look after themselves. On top, room for guessed lengths at every depth and for whole words.
 */
export function roomFor(s: Transfer): number {
  return 2 * (s.end - s.pos) + 128 + 8 * s.maxDepth;
}

/** The byte that an escape of one letter stands for; 0 where there is no such escape. */
const escapes = new Uint8Array(256);
for (const [letter, character] of Object.entries({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
})) {
  escapes[letter.charCodeAt(0)] = character.charCodeAt(0);
}

function copyEscape(s: Transfer): void {
  const letter = s.input[s.pos + 1]!;
  const plain = escapes[letter]!;
  if (plain !== 0) {
    s.out[s.at++] = plain;
    s.pos += 2;
    return;
  }
  let code = readUnicodeEscape(s, s.pos);
  s.pos += 6;
  if (code >= 0xd800 && code <= 0xdfff) code = joinSurrogates(s, code);
  s.at = putCodePoint(s.out, s.at, code);
}

function joinSurrogates(s: Transfer, high: number): number {
  if (high >= 0xdc00 || s.input[s.pos] !== backslash || s.input[s.pos + 1] !== lowerU) return 0xfffd;
  const low = readUnicodeEscape(s, s.pos);
  if (low < 0xdc00 || low > 0xdfff) return 0xfffd;
  s.pos += 6;
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

function readUnicodeEscape(s: Transfer, at: number): number {
  if (s.input[at + 1] !== lowerU) throw expected(s, 'an escape of JSON', at + 1);
  let code = 0;
  for (let i = at + 2; i < at + 6; i++) {
    const digit = hexDigits[s.input[i]!]!;
    if (digit === 255) throw expected(s, 'a hex digit', i);
    code = code * 16 + digit;
  }
  return code;
}

/** Passes over the JSON string at `pos`, checking it. Says whether it has escapes. */
export function skipString(s: Transfer): boolean {
  if (s.input[s.pos] !== quote) throw expected(s, 'a string', s.pos);
  let escaped = false;
  let pos = s.pos + 1;
  for (;;) {
    const byte = s.input[pos]!;
    if (byte === quote) break;
    if (byte < 0x20) throw controlCharacter(s, pos);
    if (byte === backslash) {
      escaped = true;
      if (escapes[s.input[pos + 1]!] === 0) {
        readUnicodeEscape(s, pos);
        pos += 4;
      }
      pos++;
    }
    pos++;
  }
  s.pos = pos + 1;
  return escaped;
}
