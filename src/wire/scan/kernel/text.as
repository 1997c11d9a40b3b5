import { stops } from '../../json/kernel/text';
import { isUtf8 } from '../../kernel/utf8';
import { at, ensure, writeAt, writeTo, written } from './memory';
import { BACKSLASH, LOWER_U, put, putWord, QUOTE } from './characters';

// More than an escape and the quotes.
const AROUND: usize = 16;
// U+FFFD in UTF-8.
const REPLACEMENT: u32 = 0xbdbfef;

// Appends the UTF-8 from `p` to `end` as a JSON string; what is no UTF-8 becomes U+FFFD.
export function putString(p: usize, end: usize): void {
  ensure(end - p + AROUND);
  const start = p;
  const mark = written();
  put(QUOTE);
  let to = at;
  let high: u32 = 0;
  while (p < end) {
    const bytes = v128.load(p);
    v128.store(to, bytes);
    const left = <u32>(end - p);
    const plain = min(<u32>ctz(stops(bytes)), 16);
    if (plain >= left) {
      high |= i8x16.bitmask(bytes) & ((1 << left) - 1);
      to += left;
      break;
    }
    high |= i8x16.bitmask(bytes) & ((1 << plain) - 1);
    p += plain;
    to += plain;
    if (plain == 16) continue;
    writeTo(to);
    putEscape(load<u8>(p++));
    ensure(end - p + AROUND);
    to = at;
  }
  writeTo(to);
  if (high != 0 && !isUtf8(start, end)) {
    writeAt(mark + 1);
    putRepaired(start, end);
  }
  put(QUOTE);
}

// @ts-ignore: decorator
@inline
function isPlain(byte: u32): bool {
  return byte >= 0x20 && byte != QUOTE && byte != BACKSLASH;
}

function putEscape(byte: u32): void {
  put(BACKSLASH);
  const letter = letterOf(byte);
  put(letter);
  if (letter != LOWER_U) return;
  put(0x30);
  put(0x30);
  put(0x30 + (byte >> 4));
  put((byte & 15) + ((byte & 15) < 10 ? 0x30 : 0x57));
}

// What follows the backslash.
function letterOf(byte: u32): u32 {
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
      return byte;
    case 0x08:
      return 0x62;
    case 0x09:
      return 0x74;
    case 0x0a:
      return 0x6e;
    case 0x0c:
      return 0x66;
    case 0x0d:
      return 0x72;
    default:
      return LOWER_U;
  }
}

// Slowly: byte by byte, with a look at each sequence.
function putRepaired(p: usize, end: usize): void {
  while (p < end) {
    ensure(AROUND);
    const byte: u32 = load<u8>(p);
    const size: usize = byte < 0x80 ? 1 : sequence(p, end);
    const good = isUtf8(p, p + size);
    if (!good) {
      putWord(REPLACEMENT, 3);
      p += size;
    } else if (size == 1 && !isPlain(byte)) putEscape(load<u8>(p++));
    else for (const stop = p + size; p < stop; p++) put(load<u8>(p));
  }
}

// How many bytes from `p` on are a character or stand for one U+FFFD: the longest prefix of a sequence that could have become
// well-formed, as the WHATWG decoder and Unicode's recommendation have it.
function sequence(p: usize, end: usize): usize {
  const lead: u32 = load<u8>(p);
  if (lead < 0xc2 || lead > 0xf4 || end - p < 2) return 1;
  const second: u32 = load<u8>(p + 1);
  const low: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const high: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 1;
  const size: usize = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let length: usize = 2;
  while (length < size && p + length < end && (load<u8>(p + length) & 0xc0) == 0x80) length++;
  return length;
}
