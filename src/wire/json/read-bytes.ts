import { hexDigits, quote } from './characters.ts';
import { copyString, skipString } from './read-string.ts';
import { expected, type Transfer } from './transfer.ts';

const padding = 0x3d;

/** Standard and URL-safe alphabets alike; 255 for bytes of neither. */
const sextets = new Uint8Array(256).fill(255);
for (const alphabet of ['+/', '-_']) {
  const letters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (let i = 0; i < letters.length; i++) sextets[letters.charCodeAt(i)] = i;
}

/** Appends the bytes that the hex string at `pos` stands for. */
export function copyHex(s: Transfer): void {
  copyCoded(s, decodeHex, 'pairs of hex digits');
}

/** Appends the bytes that the base64 string at `pos` stands for, padded or not. */
export function copyBase64(s: Transfer): void {
  copyCoded(s, decodeBase64, 'base64');
}

/** Appends what the text at `from` stands for; returns where it stopped, which is at the quote if all is well. */
type Decode = (s: Transfer, source: Uint8Array, from: number) => number;

function copyCoded(s: Transfer, decode: Decode, what: string): void {
  const { input, pos: start, at } = s;
  if (input[start] !== quote) throw expected(s, `a string of ${what}`, start);
  const stop = decode(s, input, start + 1);
  if (input[stop] === quote) {
    s.pos = stop + 1;
    return;
  }
  // Some encoders write the slash of base64 as an escape.
  if (!skipString(s)) throw expected(s, what, stop);
  s.pos = start;
  s.at = at;
  copyString(s);
  const text = s.out.slice(at, s.at + 1);
  text[text.length - 1] = quote;
  s.at = at;
  if (decode(s, text, 0) !== text.length - 1) throw expected(s, what, start + 1);
}

function decodeHex(s: Transfer, source: Uint8Array, from: number): number {
  const { out } = s;
  let pos = from;
  let at = s.at;
  for (;;) {
    const high = hexDigits[source[pos]!]!;
    if (high > 15) break;
    const low = hexDigits[source[pos + 1]!]!;
    if (low > 15) break;
    out[at++] = (high << 4) | low;
    pos += 2;
  }
  s.at = at;
  return pos;
}

function decodeBase64(s: Transfer, source: Uint8Array, from: number): number {
  const { out } = s;
  let pos = from;
  let at = s.at;
  let bits = 0;
  let sextet = 0;
  while ((sextet = sextets[source[pos]!]!) < 64) {
    bits = (bits << 6) | sextet;
    pos++;
    if ((pos - from) % 4 !== 0) continue;
    out[at++] = bits >> 16;
    out[at++] = bits >> 8;
    out[at++] = bits;
    bits = 0;
  }
  const rest = (pos - from) % 4;
  if (rest === 1) return pos - 1;
  if (rest === 2) out[at++] = bits >> 4;
  if (rest === 3) {
    out[at++] = bits >> 10;
    out[at++] = bits >> 2;
  }
  s.at = at;
  if (rest > 1 && source[pos] === padding) pos += rest === 2 && source[pos + 1] === padding ? 2 : 1;
  return pos;
}
