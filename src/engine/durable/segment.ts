import { join } from 'node:path';
import { blockBytes, segmentName } from './segment-format.ts';
import type { Extent } from './walk.ts';

/** Records, the items in them, and their bytes on disk. */
export interface Amount {
  records: number;
  items: number;
  bytes: number;
}

/** One file of a queue, and what of it is still to be consumed. */
export interface Segment extends Extent {
  path: string;
  /** Grows while the segment is appended to. */
  limit: number;
  end: number;
  /** Not consumed yet. */
  readonly remaining: Amount;
  /** Damaged records from here on may be of the last group before a crash, and then were never acknowledged. */
  readonly doubtful: number;
  /** Lower bound for the time of its records, in milliseconds since the epoch. */
  firstTime: number;
  /** Being appended to. */
  active: boolean;
}

export function newSegment(directory: string, first: number, salt: number): Segment {
  return {
    path: join(directory, segmentName(first)),
    first,
    limit: first,
    end: blockBytes,
    salt,
    remaining: { records: 0, items: 0, bytes: 0 },
    doubtful: Number.POSITIVE_INFINITY,
    firstTime: 0,
    active: true,
  };
}
