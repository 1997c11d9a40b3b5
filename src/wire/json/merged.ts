import { readEnd, readTag, skipWire } from './read-wire.ts';
import type { Transfer } from './transfer.ts';

/** The contents of the next `count` fields of that number from `pos`, all length-delimited, one behind the other. */
export function mergedPayload(s: Transfer, number: number, count: number, end: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  while (pieces.length < count) {
    const tag = readTag(s);
    if (tag >>> 3 !== number) {
      skipWire(s, tag & 7, end);
      continue;
    }
    const stop = readEnd(s, end);
    pieces.push(s.input.subarray(s.pos, stop));
    s.pos = stop;
  }
  return Buffer.concat(pieces);
}
