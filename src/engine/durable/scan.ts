import type { File, FileSystem } from './fs.ts';
import { checksumOf, frameBytes, recordSize, type Frame } from './record-format.ts';
import { blockBytes, decodeHeader, decodeSeal } from './segment-format.ts';
import type { Amount, Segment } from './segment.ts';
import type { SequenceSet } from './sequence-set.ts';
import { step, type Extent } from './walk.ts';
import { WindowReader } from './window-reader.ts';

/** Small reads from frame to frame: the bytes of the records are not needed. */
const hopBytes = 16 * 1024;
const verifyBytes = 1024 * 1024;

/** Damaged records at the end of what a crash left. They may never have been acknowledged. */
export interface Torn {
  readonly first: number;
  readonly limit: number;
  readonly offset: number;
  readonly next: number;
}

export interface Loaded {
  readonly segment: Segment;
  /** In all its records, consumed or not. */
  readonly items: number;
  /** Whether the process that wrote it had sealed it. */
  readonly sealed: boolean;
  /** No part of the segment. */
  readonly torn: Torn | undefined;
}

/**
 * Finds out what a segment file holds: from its seal, or by going from record to record. `next` is the first sequence of the
 * segment after it; for the last it is infinite, and the bytes of its records are checked too, to find its end. Undefined
 * where it never held a record.
 */
export async function loadSegment(
  fs: FileSystem,
  path: string,
  first: number,
  next: number,
): Promise<Loaded | undefined> {
  const end = (await fs.stat(path))?.size ?? 0;
  const file = await fs.open(path, 'read');
  try {
    const block = Buffer.alloc(blockBytes);
    await file.read(block, 0);
    const header = decodeHeader(block, path);
    // A file put to new use whose new header did not get to the disk: neither did any record that was acknowledged.
    if (header !== undefined && header.first !== first) return undefined;
    const seal = decodeSeal(block, first);
    if (seal === undefined || seal.limit > next || seal.end > end) {
      return await scan(file, path, { first, limit: next, end, salt: header?.salt });
    }
    const { limit, items, firstTime, doubtful } = seal;
    const remaining = { records: limit - first, items, bytes: seal.end - blockBytes };
    const segment = {
      path,
      first,
      limit,
      end: seal.end,
      salt: header?.salt,
      remaining,
      doubtful,
      firstTime,
      active: false,
    };
    return { segment, items, sealed: true, torn: undefined };
  } finally {
    await file.close();
  }
}

async function scan(file: File, path: string, extent: Extent): Promise<Loaded | undefined> {
  const { first, limit } = extent;
  const verify = limit === Number.POSITIVE_INFINITY;
  const reader = new WindowReader(file, verify ? verifyBytes : hopBytes);
  const seen: Amount = { records: 0, items: 0, bytes: 0 };
  let good = { ...seen };
  let firstTime: number | undefined;
  let doubtful = Number.POSITIVE_INFINITY;
  let end = blockBytes;
  let offset = end;
  for (;;) {
    const found = await step(reader, extent, offset, first + seen.records);
    if (found.kind === 'end') break;
    seen.records = (found.kind === 'record' ? found.frame.sequence + 1 : found.limit) - first;
    if (found.kind === 'record') {
      firstTime ??= found.frame.time;
      seen.items += found.frame.items;
      seen.bytes += recordSize(found.frame);
      doubtful = found.frame.sequence - found.frame.place;
    }
    if (!verify || (found.kind === 'record' && (await intact(reader, offset, found.frame, extent.end)))) {
      good = { ...seen };
      end = found.next;
    }
    offset = found.next;
  }
  if (seen.records === 0) return undefined;
  const lost = { first: first + good.records, limit: first + seen.records, offset: end, next: offset };
  const segment: Segment = {
    path,
    first,
    limit: first + good.records,
    end,
    salt: extent.salt,
    remaining: good,
    doubtful,
    firstTime: firstTime ?? 0,
    active: false,
  };
  return { segment, items: good.items, sealed: false, torn: good.records < seen.records ? lost : undefined };
}

async function intact(reader: WindowReader, offset: number, frame: Frame, end: number): Promise<boolean> {
  const body = await reader.view(offset + frameBytes, frame.headerLength + frame.length, end);
  return checksumOf(body.subarray(0, frame.headerLength), body.subarray(frame.headerLength)) === frame.checksum;
}

/** Takes what is consumed already off what remains of a segment. Reads only one of which a part is consumed. */
export async function subtractConsumed(fs: FileSystem, segment: Segment, consumed: SequenceSet): Promise<void> {
  const { remaining, first, limit } = segment;
  const holes = consumed.missing(first, limit);
  const left = holes.reduce((sum, hole) => sum + hole.limit - hole.first, 0);
  if (left === limit - first) return;
  Object.assign(remaining, { records: left, items: 0, bytes: 0 });
  if (left === 0) return;
  const file = await fs.open(segment.path, 'read');
  try {
    const reader = new WindowReader(file, hopBytes);
    for (let offset = blockBytes, expected = first; ;) {
      const found = await step(reader, segment, offset, expected);
      if (found.kind === 'end') return;
      if (found.kind === 'record' && !consumed.has(expected)) {
        if (remaining.bytes === 0) segment.firstTime = found.frame.time;
        remaining.items += found.frame.items;
        remaining.bytes += recordSize(found.frame);
      }
      expected = found.kind === 'record' ? expected + 1 : found.limit;
      offset = found.next;
    }
  } finally {
    await file.close();
  }
}
