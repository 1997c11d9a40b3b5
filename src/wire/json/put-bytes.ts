import { quote } from './characters.ts';
import { ensure, type Transfer } from './transfer.ts';

const padding = 0x3d;

/** `00` to `ff`, two characters as a little-endian word. */
const hexPairs = Uint16Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(byte.toString(16).padStart(2, '0')).readUInt16LE(),
);

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** Appends the bytes from `pos` to `end` as a string of hex digits in lower case. Moves to `end`. */
export function putHex(s: Transfer, end: number): void {
  ensure(s, 2 * (end - s.pos) + 2);
  const { input, out, outView } = s;
  let at = s.at;
  out[at++] = quote;
  for (let pos = s.pos; pos < end; pos++) {
    outView.setUint16(at, hexPairs[input[pos]!]!, true);
    at += 2;
  }
  out[at++] = quote;
  s.at = at;
  s.pos = end;
}

/** Appends the bytes from `pos` to `end` as a base64 string with padding. Moves to `end`. */
export function putBase64(s: Transfer, end: number): void {
  ensure(s, Math.ceil((end - s.pos) / 3) * 4 + 2);
  const { input, out } = s;
  let { pos, at } = s;
  out[at++] = quote;
  for (; pos < end; pos += 3) {
    const bits =
      (input[pos]! << 16) | (pos + 1 < end ? input[pos + 1]! << 8 : 0) | (pos + 2 < end ? input[pos + 2]! : 0);
    out[at++] = alphabet[bits >> 18]!;
    out[at++] = alphabet[(bits >> 12) & 63]!;
    out[at++] = pos + 1 < end ? alphabet[(bits >> 6) & 63]! : padding;
    out[at++] = pos + 2 < end ? alphabet[bits & 63]! : padding;
  }
  out[at++] = quote;
  s.at = at;
  s.pos = end;
}
