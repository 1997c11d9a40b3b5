import { MalformedError } from '../batch.ts';
import type { Label } from './labels.ts';
import { readTag, skipWire } from './read-wire.ts';
import type { Transfer } from './transfer.ts';

/** The fields of one message, by their place in the schema: how many there are, and where the one to read first has its tag. */
export interface Found {
  readonly positions: Int32Array;
  readonly counts: Int32Array;
}

/** Finds the fields of the message from `pos` to `end`: the first of repeated fields and messages, the last of others. */
export function gather(
  s: Transfer,
  byNumber: readonly (Label | null)[],
  { positions, counts }: Found,
  end: number,
): void {
  counts.fill(0);
  let chosen = -1;
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
    const { index } = label;
    if (label.exclusive && chosen !== index) {
      if (chosen >= 0) counts[chosen] = 0;
      chosen = index;
    }
    if ((counts[index] ?? 0) === 0 || (label.labels === null && !label.repeated)) positions[index] = start;
    counts[index]!++;
  }
}
