// Writes decimal digits that end at `end`, and gives where they begin.
export function putDigits(end: usize, value: u64): usize {
  let p = end;
  while (value > 0xffffffff) {
    const rest = value / 100_000_000;
    putFixed(p - 8, <u32>(value - rest * 100_000_000), 8);
    p -= 8;
    value = rest;
  }
  let rest = <u32>value;
  while (rest > 99) {
    const next = rest / 100;
    p -= 2;
    store<u16>(p, twoDigits(rest - next * 100));
    rest = next;
  }
  if (rest > 9) {
    store<u16>(p - 2, twoDigits(rest));
    return p - 2;
  }
  store<u8>(p - 1, <u8>(0x30 + rest));
  return p - 1;
}

// Writes so many decimal digits from `to` on.
export function putFixed(to: usize, value: u32, width: u32): void {
  let p = to + width;
  while (p > to + 1) {
    const next = value / 100;
    p -= 2;
    store<u16>(p, twoDigits(value - next * 100));
    value = next;
  }
  if (p > to) store<u8>(to, <u8>(0x30 + (value % 10)));
}

// @ts-ignore: decorator
@inline
function twoDigits(value: u32): u16 {
  const tens = (value * 205) >> 11;
  return <u16>(0x3030 + tens + ((value - tens * 10) << 8));
}
