// No overlong forms, no surrogates, nothing beyond U+10FFFF.
export function isUtf8(p: usize, end: usize): bool {
  while (p < end) {
    const byte: u32 = load<u8>(p++);
    if (byte < 0x80) continue;
    let rest: usize = 1;
    let low: u32 = 0x80;
    let high: u32 = 0xbf;
    if (byte >= 0xc2 && byte <= 0xdf) rest = 1;
    else if (byte >= 0xe0 && byte <= 0xef) {
      rest = 2;
      if (byte == 0xe0) low = 0xa0;
      else if (byte == 0xed) high = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      rest = 3;
      if (byte == 0xf0) low = 0x90;
      else if (byte == 0xf4) high = 0x8f;
    } else return false;
    if (end - p < rest) return false;
    const second: u32 = load<u8>(p++);
    if (second < low || second > high) return false;
    for (rest--; rest > 0; rest--) if ((load<u8>(p++) & 0xc0) != 0x80) return false;
  }
  return true;
}
