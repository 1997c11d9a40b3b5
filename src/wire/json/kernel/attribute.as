import { ANY_VALUE, at, depth, KIND, maxDepth, TAGS } from './memory';
import { findMember, found } from './members';
import { LOWER_N, next, OPEN_BRACE, QUOTE } from './tokens';
import { stops } from './text';
import { MESSAGE_KIND, putLength, writeScalar } from './values';

const KEY_START: u64 = 0x223a2279656b227b; // {"key":"
const VALUE_START: u64 = 0x3a2265756c617622; // "value":
const QUOTE_COMMA: u32 = 0x2c22; // ",
const BRACES: u32 = 0x7d7d; // }}
const KEY_TAG: u8 = 0x0a;
const VALUE_TAG: u8 = 0x12;

// The short way for a KeyValue of the form that nearly all have: `{"key":"…","value":{"…Value":…}}`, the key short and
// plain, the value a scalar. Writes its length and content. Zero, with nothing written, if it is of any other form.
export function writePlainAttribute(p: usize): usize {
  if (load<u64>(p) != KEY_START || depth + 2 > maxDepth) return 0;
  p += 8;
  const start = at;
  const key = start + 3;
  let to = key;
  let special: u32 = 0;
  while (true) {
    const bytes = v128.load(p);
    v128.store(to, bytes);
    special = stops(bytes) | i8x16.bitmask(bytes);
    if (special != 0) break;
    p += 16;
    to += 16;
  }
  p += <usize>ctz(special);
  to += <usize>ctz(special);
  if (load<u16>(p) != QUOTE_COMMA || to == key || to - key > 127) return 0;
  p = next(p + 2);
  if (load<u64>(p) != VALUE_START || load<u8>(p + 8) != OPEN_BRACE || load<u8>(p + 9) != QUOTE) return 0;
  const anyValue = <usize>load<u32>(ANY_VALUE);
  p = findMember(p + 9, anyValue, anyValue);
  if (found == 0 || load<u8>(p) == LOWER_N) return 0;
  const kind: u32 = load<u8>(found, KIND);
  if (kind == MESSAGE_KIND) return 0;
  store<u8>(to + 2, load<u8>(found, TAGS));
  at = to + 3;
  p = writeScalar(p, kind);
  if (load<u16>(p) != BRACES) {
    at = start;
    return 0;
  }
  store<u8>(start + 1, KEY_TAG);
  store<u8>(start + 2, <u8>(to - key));
  store<u8>(to, VALUE_TAG);
  putLength(to + 1, 1);
  putLength(start, 1);
  return p + 2;
}
