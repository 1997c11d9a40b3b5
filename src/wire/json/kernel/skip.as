import { depth, doubt, enter } from './memory';
import { skipNumber } from './doubles';
import {
  another,
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  colon,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  LOWER_U,
  next,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipFalse,
  skipNull,
  skipTrue,
} from './tokens';
import { plainEscape, stops, unicodeEscape } from './text';

// Passes over any JSON value, checking it.
export function skipValue(p: usize): usize {
  switch (<u32>load<u8>(p)) {
    case QUOTE:
      return skipText(p);
    case OPEN_BRACE:
      return skipItems(p, CLOSE_BRACE);
    case OPEN_BRACKET:
      return skipItems(p, CLOSE_BRACKET);
    case LOWER_T:
      return skipTrue(p);
    case LOWER_F:
      return skipFalse(p);
    case LOWER_N:
      return skipNull(p);
    default:
      return skipNumber(p);
  }
}

function skipItems(start: usize, close: u32): usize {
  enter();
  let p = next(start + 1);
  if (load<u8>(p) != close) {
    while (true) {
      if (close == CLOSE_BRACE) p = colon(skipText(p));
      p = next(skipValue(p));
      const item = another(p, close);
      if (item == 0) break;
      p = item;
    }
  }
  depth--;
  return p + 1;
}

// Passes over the string at `p`, checking it.
export function skipText(p: usize): usize {
  if (load<u8>(p) != QUOTE) doubt();
  p++;
  while (true) {
    const found = stops(v128.load(p));
    if (found == 0) {
      p += 16;
      continue;
    }
    p += <usize>ctz(found);
    const byte: u32 = load<u8>(p);
    if (byte == QUOTE) return p + 1;
    if (byte != BACKSLASH) doubt();
    const letter: u32 = load<u8>(p + 1);
    if (plainEscape(letter) == 0) {
      if (letter != LOWER_U) doubt();
      unicodeEscape(p);
      p += 4;
    }
    p += 2;
  }
}
