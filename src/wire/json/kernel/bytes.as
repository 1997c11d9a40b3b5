import { at, doubt } from './memory';
import { QUOTE } from './tokens';
import { hexDigit } from './text';

const EQUALS: u32 = 0x3d;

// Appends the bytes that the hex string at `p` stands for.
export function copyHex(p: usize): usize {
  if (load<u8>(p) != QUOTE) doubt();
  p++;
  let to = at;
  while (true) {
    const bytes = v128.load(p);
    const digits = i8x16.sub(bytes, i8x16.splat(0x30));
    const letters = i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61));
    const areDigits = i8x16.lt_u(digits, i8x16.splat(10));
    if (!i8x16.all_true(v128.or(areDigits, i8x16.lt_u(letters, i8x16.splat(6))))) break;
    const values = v128.bitselect(digits, i8x16.add(letters, i8x16.splat(10)), areDigits);
    const pairs = v128.and(v128.or(i16x8.shl(values, 4), i16x8.shr_u(values, 8)), i16x8.splat(0xff));
    v128.store64_lane(to, i8x16.narrow_i16x8_u(pairs, pairs), 0);
    p += 16;
    to += 8;
  }
  while (load<u8>(p) != QUOTE) {
    const high = hexDigit(load<u8>(p));
    const low = hexDigit(load<u8>(p + 1));
    if (high > 15 || low > 15) doubt();
    store<u8>(to++, <u8>((high << 4) | low));
    p += 2;
  }
  at = to;
  return p + 1;
}

// Appends the bytes that the base64 string at `p` stands for, padded or not.
export function copyBase64(p: usize): usize {
  if (load<u8>(p) != QUOTE) doubt();
  p++;
  let to = at;
  let bits: u32 = 0;
  let rest = 0;
  while (true) {
    const value = sextet(load<u8>(p));
    if (value > 63) break;
    p++;
    bits = (bits << 6) | value;
    if (++rest < 4) continue;
    store<u8>(to, <u8>(bits >> 16));
    store<u8>(to + 1, <u8>(bits >> 8));
    store<u8>(to + 2, <u8>bits);
    to += 3;
    bits = 0;
    rest = 0;
  }
  if (rest == 1) doubt();
  if (rest == 2) store<u8>(to++, <u8>(bits >> 4));
  else if (rest == 3) {
    store<u8>(to, <u8>(bits >> 10));
    store<u8>(to + 1, <u8>(bits >> 2));
    to += 2;
  }
  if (rest > 0 && load<u8>(p) == EQUALS) p += rest == 2 && load<u8>(p + 1) == EQUALS ? 2 : 1;
  if (load<u8>(p) != QUOTE) doubt();
  at = to;
  return p + 1;
}

// Of the standard and the URL-safe alphabet alike; above 63 for bytes of neither.
function sextet(byte: u32): u32 {
  const letter = (byte | 0x20) - 0x61;
  if (letter < 26) return byte < 0x61 ? letter : letter + 26;
  if (byte - 0x30 < 10) return byte - 0x30 + 52;
  if (byte == 0x2b || byte == 0x2d) return 62;
  return byte == 0x2f || byte == 0x5f ? 63 : 64;
}
