import { put, QUOTE } from './characters';
import { at, ensure, writeTo } from './memory';

const EQUALS: u32 = 0x3d;

// Appends the bytes from `p` to `end` as a string of hex digits in lower case.
export function putHex(p: usize, end: usize): void {
  ensure(2 * (end - p) + 2);
  put(QUOTE);
  let to = at;
  // Whole vectors may go past the end, by as much in the output as twice that in the input.
  for (; p < end; p += 8) {
    const bytes = v128.load64_zero(p);
    const high = i8x16.shr_u(bytes, 4);
    const low = v128.and(bytes, i8x16.splat(15));
    const digits = v128.shuffle<u8>(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const letters = v128.and(i8x16.gt_u(digits, i8x16.splat(9)), i8x16.splat(0x27));
    v128.store(to, i8x16.add(i8x16.add(digits, i8x16.splat(0x30)), letters));
    to += 16;
  }
  writeTo(to - 2 * (p - end));
  put(QUOTE);
}

// Appends the bytes from `p` to `end` as base64 with padding.
export function putBase64(p: usize, end: usize): void {
  ensure(((end - p + 2) / 3) * 4);
  for (; p < end; p += 3) {
    const left = end - p;
    const second: u32 = left > 1 ? load<u8>(p + 1) : 0;
    const third: u32 = left > 2 ? load<u8>(p + 2) : 0;
    const bits = (<u32>load<u8>(p) << 16) | (second << 8) | third;
    put(character(bits >> 18));
    put(character((bits >> 12) & 63));
    put(left > 1 ? character((bits >> 6) & 63) : EQUALS);
    put(left > 2 ? character(bits & 63) : EQUALS);
  }
}

function character(sextet: u32): u32 {
  if (sextet < 26) return 0x41 + sextet;
  if (sextet < 52) return 0x61 + sextet - 26;
  if (sextet < 62) return 0x30 + sextet - 52;
  return sextet == 62 ? 0x2b : 0x2f;
}
