import type { SequenceRange } from './sequence-set.ts';

/** How far a queue is consumed, as it is kept on disk. */
export interface Cursor {
  /** Everything below is consumed. */
  readonly low: number;
  /** Consumed above `low`. */
  readonly ranges: readonly SequenceRange[];
  /** The sequence after the last record that was safe on disk; what is missing below it was lost. */
  readonly next: number;
}

export function encodeCursor({ low, ranges, next }: Cursor): Uint8Array {
  const bytes = Buffer.alloc(16 + ranges.length * 16);
  bytes.writeDoubleLE(low, 0);
  bytes.writeDoubleLE(next, 8);
  for (const [index, range] of ranges.entries()) {
    bytes.writeDoubleLE(range.first, 16 + index * 16);
    bytes.writeDoubleLE(range.limit, 24 + index * 16);
  }
  return bytes;
}

/** Of bytes whose checksum was good. */
export function decodeCursor(value: Uint8Array): Cursor {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  const ranges: SequenceRange[] = [];
  for (let offset = 16; offset + 16 <= bytes.length; offset += 16) {
    ranges.push({ first: bytes.readDoubleLE(offset), limit: bytes.readDoubleLE(offset + 8) });
  }
  return { low: bytes.readDoubleLE(0), next: bytes.readDoubleLE(8), ranges };
}
