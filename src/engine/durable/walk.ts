import { readFrame, recordMagic, frameBytes, recordSize, resemblesFrame, type Frame } from './record-format.ts';
import type { WindowReader } from './window-reader.ts';

/** Where the records of a segment may be. */
export interface Extent {
  readonly first: number;
  /** The sequence after the last record; infinite where only the bytes can tell. */
  readonly limit: number;
  /** No record reaches beyond this offset. */
  readonly end: number;
  /** Undefined where the segment's header is damaged: the first record then tells. */
  salt: number | undefined;
}

export type Step =
  | { readonly kind: 'record'; readonly frame: Frame; readonly offset: number; readonly next: number }
  /** The records from `first` to before `limit` cannot be read; their bytes are `length` from `offset`. */
  | {
      readonly kind: 'damage';
      readonly first: number;
      readonly limit: number;
      readonly offset: number;
      readonly next: number;
    }
  | { readonly kind: 'end' };

/**
 * The record `expected` at `offset`, or what stands there instead. After damage it goes on at the next frame that belongs to
 * the segment. Bytes of records are not looked at: their checksum is the reader's business.
 */
export async function step(reader: WindowReader, extent: Extent, offset: number, expected: number): Promise<Step> {
  const { limit, end } = extent;
  if (expected >= limit) return { kind: 'end' };
  const head = await reader.view(offset, frameBytes, end);
  const frame = readFrame(head, 0);
  if (frame !== undefined && belongs(frame, extent, offset, expected)) {
    extent.salt ??= frame.salt;
    if (frame.sequence === expected) return { kind: 'record', frame, offset, next: offset + recordSize(frame) };
    return { kind: 'damage', first: expected, limit: frame.sequence, offset, next: offset };
  }
  const found = await resync(reader, extent, offset + 1, expected);
  if (found !== undefined) {
    return { kind: 'damage', first: expected, limit: found.sequence, offset, next: found.offset };
  }
  if (limit !== Number.POSITIVE_INFINITY)
    return { kind: 'damage', first: expected, limit, offset, next: Math.max(offset, end) };
  if (!resemblesFrame(head, 0, expected)) return { kind: 'end' };
  return {
    kind: 'damage',
    first: expected,
    limit: expected + 1,
    offset,
    next: Math.min(end, offset + likelySize(head)),
  };
}

function belongs(frame: Frame, { limit, end, salt }: Extent, offset: number, expected: number): boolean {
  if (salt !== undefined && frame.salt !== salt) return false;
  return frame.sequence >= expected && frame.sequence < limit && offset + recordSize(frame) <= end;
}

const searchBytes = 256 * 1024;

async function resync(
  reader: WindowReader,
  extent: Extent,
  from: number,
  expected: number,
): Promise<{ offset: number; sequence: number } | undefined> {
  for (let base = from; base + frameBytes <= extent.end;) {
    const window = await reader.view(base, searchBytes, extent.end);
    for (let at = window.indexOf(recordMagic); at !== -1; at = window.indexOf(recordMagic, at + 1)) {
      const frame = readFrame(window, at);
      if (frame !== undefined && belongs(frame, extent, base + at, expected)) {
        return { offset: base + at, sequence: frame.sequence };
      }
    }
    if (window.length < Math.min(searchBytes, extent.end - base)) return undefined;
    // A frame may straddle two windows.
    base += Math.max(1, window.length - frameBytes + 1);
  }
  return undefined;
}

/** How much to set aside of a damaged record that nothing follows: what its frame says, where that can be. */
function likelySize(head: Buffer): number {
  if (head.length < frameBytes) return head.length;
  return recordSize({ headerLength: head.readUInt32LE(20), length: head.readUInt32LE(24) });
}
