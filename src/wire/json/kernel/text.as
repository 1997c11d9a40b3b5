import { at, doubt } from './memory';
import { BACKSLASH, LOWER_U, QUOTE } from './tokens';
import { isUtf8 } from '../../kernel/utf8';

// A bit for every byte that ends plain text: quote, backslash, control characters.
// @ts-ignore: decorator
@inline
export function stops(bytes: v128): u32 {
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    ),
  );
}

// Appends the text of the string at `p`, without a length. Doubts text that is not UTF-8.
export function copyText(p: usize): usize {
  if (load<u8>(p) != QUOTE) doubt();
  const start = ++p;
  let to = at;
  let high: u32 = 0;
  while (true) {
    const bytes = v128.load(p);
    v128.store(to, bytes);
    const found = stops(bytes);
    if (found == 0) {
      high |= i8x16.bitmask(bytes);
      p += 16;
      to += 16;
      continue;
    }
    const plain = <usize>ctz(found);
    high |= i8x16.bitmask(bytes) & ((found & (0 - found)) - 1);
    p += plain;
    to += plain;
    const byte: u32 = load<u8>(p);
    if (byte == QUOTE) break;
    if (byte != BACKSLASH) doubt();
    at = to;
    p = copyEscape(p);
    to = at;
  }
  if (high != 0 && !isUtf8(start, p)) doubt();
  at = to;
  return p + 1;
}

function copyEscape(p: usize): usize {
  const letter: u32 = load<u8>(p + 1);
  const plain = plainEscape(letter);
  if (plain != 0) {
    store<u8>(at++, <u8>plain);
    return p + 2;
  }
  if (letter != LOWER_U) doubt();
  let code = unicodeEscape(p);
  p += 6;
  if ((code & 0xf800) == 0xd800) {
    const low = lowSurrogate(p);
    // One that stands alone becomes U+FFFD.
    if (low == 0 || code >= 0xdc00) code = 0xfffd;
    else {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      p += 6;
    }
  }
  putCodePoint(code);
  return p;
}

// The low surrogate whose escape is at `p`; 0 if there is none.
function lowSurrogate(p: usize): u32 {
  if (load<u8>(p) != BACKSLASH || load<u8>(p + 1) != LOWER_U) return 0;
  const code = unicodeEscape(p);
  return (code & 0xfc00) == 0xdc00 ? code : 0;
}

// What an escape of one letter stands for; 0 where there is no such escape.
export function plainEscape(letter: u32): u32 {
  switch (letter) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      return letter;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return 0;
  }
}

// The number in the `\uXXXX` at `p`.
export function unicodeEscape(p: usize): u32 {
  let code: u32 = 0;
  for (let i: usize = 2; i < 6; i++) {
    const digit = hexDigit(load<u8>(p + i));
    if (digit > 15) doubt();
    code = (code << 4) | digit;
  }
  return code;
}

// Above 15 where it is none.
export function hexDigit(byte: u32): u32 {
  const digit = byte - 0x30;
  if (digit < 10) return digit;
  const letter = (byte | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : 16;
}

function putCodePoint(code: u32): void {
  if (code < 0x80) {
    store<u8>(at++, <u8>code);
    return;
  }
  if (code < 0x800) store<u8>(at++, <u8>(0xc0 | (code >> 6)));
  else {
    if (code < 0x10000) store<u8>(at++, <u8>(0xe0 | (code >> 12)));
    else {
      store<u8>(at++, <u8>(0xf0 | (code >> 18)));
      store<u8>(at++, <u8>(0x80 | ((code >> 12) & 0x3f)));
    }
    store<u8>(at++, <u8>(0x80 | ((code >> 6) & 0x3f)));
  }
  store<u8>(at++, <u8>(0x80 | (code & 0x3f)));
}
