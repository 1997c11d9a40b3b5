// Writes the bytes from `from` to `end` as hex digits, and in whole registers: up to 31 bytes too many.
export function putHex(to: usize, from: usize, end: usize): void {
  const digits = i8x16(0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66);
  for (; from < end; from += 16, to += 32) {
    const block = v128.load(from);
    const high = i8x16.swizzle(digits, i8x16.shr_u(block, 4));
    const low = i8x16.swizzle(digits, v128.and(block, i8x16.splat(15)));
    v128.store(to, i8x16.shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(to, i8x16.shuffle(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
  }
}

// Whether all bytes are zero.
export function areZeros(p: usize, end: usize): bool {
  for (; p < end; p++) if (load<u8>(p) != 0) return false;
  return true;
}
