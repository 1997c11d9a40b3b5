import { minus, zero } from './characters.ts';
import type { Transfer } from './transfer.ts';

/** `00` to `99`, two characters as a little-endian word. */
const pairs = Uint16Array.from({ length: 100 }, (_, i) => zero + Math.floor(i / 10) + ((zero + (i % 10)) << 8));

/** Appends the decimal digits of the 64-bit number `hi`, `lo`. */
export function putUnsigned(s: Transfer): void {
  if (s.hi === 0 && s.lo >= 0 && s.lo < 1e9) {
    putShort(s, s.lo);
    return;
  }
  // Long division by 10^9 in steps that a double holds exactly.
  const high = s.hi >>> 0;
  const top = Math.floor(high / 1e9);
  const first = (high - top * 1e9) * 65536 + (s.lo >>> 16);
  const middle = Math.floor(first / 1e9);
  const second = (first - middle * 1e9) * 65536 + (s.lo & 0xffff);
  const bottom = Math.floor(second / 1e9);
  const rest = second - bottom * 1e9;
  const quotient = top * 4294967296 + middle * 65536 + bottom;
  if (quotient < 1e9) putShort(s, quotient);
  else {
    const most = Math.floor(quotient / 1e9);
    putShort(s, most);
    putNine(s, quotient - most * 1e9);
  }
  putNine(s, rest);
}

/** Appends the decimal digits of the signed 64-bit number `hi`, `lo`. */
export function putSigned(s: Transfer): void {
  if (s.hi < 0) {
    s.out[s.at++] = minus;
    s.lo = -s.lo | 0;
    s.hi = s.lo === 0 ? -s.hi | 0 : ~s.hi;
  }
  putUnsigned(s);
}

/** Appends a number below 10^9. */
function putShort(s: Transfer, value: number): void {
  let rest = value | 0;
  let size = 1;
  for (let power = 10; size < 9 && rest >= power; power *= 10) size++;
  let at = s.at + size;
  s.at = at;
  while (rest >= 100) {
    const more = (rest / 100) | 0;
    at -= 2;
    s.outView.setUint16(at, pairs[rest - more * 100]!, true);
    rest = more;
  }
  if (rest >= 10) s.outView.setUint16(at - 2, pairs[rest]!, true);
  else s.out[at - 1] = zero + rest;
}

/** Appends a number below 10^9 as nine digits. */
function putNine(s: Transfer, value: number): void {
  const { at, outView } = s;
  let rest = value | 0;
  for (let i = 7; i > 0; i -= 2) {
    const more = (rest / 100) | 0;
    outView.setUint16(at + i, pairs[rest - more * 100]!, true);
    rest = more;
  }
  s.out[at] = zero + rest;
  s.at = at + 9;
}
