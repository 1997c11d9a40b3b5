import { ensure, type Transfer } from './transfer.ts';

/** Appends the 64-bit number `hi`, `lo` as a varint. */
export function putVarint(s: Transfer, hi: number, lo: number): void {
  const out = s.out;
  let at = s.at;
  let low = lo;
  let high = hi;
  while (high !== 0 || low >>> 0 > 127) {
    out[at++] = (low & 127) | 128;
    low = (low >>> 7) | (high << 25);
    high >>>= 7;
  }
  out[at++] = low;
  s.at = at;
}

/**
 * Gives a length to what stands from `start + reserved` to `at`, writing it at `start`. Lengths are always as short as they
 * can be: where the guess of `reserved` bytes was wrong, the content moves. Returns how many bytes the length took.
 */
export function putLength(s: Transfer, start: number, reserved: number): number {
  const length = s.at - start - reserved;
  if (length < 128 && reserved === 1) {
    s.out[start] = length;
    return 1;
  }
  const size = length < 128 ? 1 : length < 1 << 14 ? 2 : length < 1 << 21 ? 3 : length < 1 << 28 ? 4 : 5;
  if (size !== reserved) {
    ensure(s, size);
    s.out.copyWithin(start + size, start + reserved, s.at);
    s.at += size - reserved;
  }
  let rest = length;
  for (let i = 0; i < size - 1; i++) {
    s.out[start + i] = (rest & 127) | 128;
    rest >>>= 7;
  }
  s.out[start + size - 1] = rest;
  return size;
}
