import { MalformedError } from '../batch.ts';
import type { Label } from './labels.ts';
import { readTag, skipWire } from './read-wire.ts';
import type { Transfer } from './transfer.ts';

/** The fields of one message, by their place in the schema: where the one to read first has its tag, and how many there are. */
export interface Found {
  readonly positions: Int32Array;
  readonly counts: Int32Array;
}

/**
 * Finds the fields of the message from `pos` to `end`: the first of repeated fields and messages, the last of others.
 * Returns the set of their places as bits; `found` is about these only.
 */
export function gather(s: Transfer, byNumber: readonly (Label | null)[], found: Found, end: number): number {
  const { positions, counts } = found;
  let places = 0;
  let chosen = 0;
  while (s.pos < end) {
    const start = s.pos;
    const tag = readTag(s);
    const number = tag >>> 3;
    const wireType = tag & 7;
    if (number === 0) throw new MalformedError('field number 0', start);
    skipWire(s, wireType, end);
    const label = number < byNumber.length ? byNumber[number]! : null;
    if (label === null) continue;
    if (wireType !== label.wireType && !(wireType === 2 && label.repeated)) {
      throw new MalformedError(`wire type ${wireType} for field ${number}`, start);
    }
    const { index, place } = label;
    if (label.exclusive && chosen !== place) {
      places &= ~chosen;
      chosen = place;
    }
    if ((places & place) === 0) {
      places |= place;
      positions[index] = start;
      counts[index] = 1;
    } else {
      counts[index]!++;
      if (label.last) positions[index] = start;
    }
  }
  return places;
}
