import { asStorageError } from './errors.ts';
import type { File } from './fs.ts';
import type { NewRecord } from './queue.ts';
import { frameBytes, writeFrame } from './record-format.ts';
import { sealSegment } from './seal.ts';
import type { SegmentFiles } from './segment-files.ts';
import { blockBytes, encodeHeader } from './segment-format.ts';
import type { Segment } from './segment.ts';
import type { Entry } from './tail-cache.ts';

/** A record on its way to the disk. */
export interface Outgoing {
  readonly record: NewRecord;
  readonly time: number;
  readonly checksum: number;
  /** On disk, frame included. */
  readonly size: number;
}

interface Active {
  readonly segment: Segment;
  readonly file: File;
  readonly capacity: number;
  items: number;
}

/** Appends to the newest segment and begins another when it is full or broken. One call at a time. */
export class SegmentWriter {
  private readonly files: SegmentFiles;
  private readonly segmentBytes: number;
  private readonly segments: Segment[];
  private readonly trouble: (error: unknown, where: string) => void;
  private active: Active | undefined;
  private sealing: Promise<void> = Promise.resolve();
  /** The sequence of the next record; all before it are safe or were given up. */
  next: number;

  constructor(
    files: SegmentFiles,
    segmentBytes: number,
    segments: Segment[],
    next: number,
    trouble: (error: unknown, where: string) => void,
  ) {
    this.files = files;
    this.segmentBytes = segmentBytes;
    this.segments = segments;
    this.next = next;
    this.trouble = trouble;
  }

  /** Bytes that can be written to the segment that takes a record of `size`. */
  async room(size: number): Promise<number> {
    if (this.active !== undefined && size > this.active.capacity - this.active.segment.end) this.roll();
    if (this.active === undefined) {
      const capacity = Math.max(this.segmentBytes, blockBytes + size);
      const { segment, file } = await this.files.create(this.next, capacity);
      this.active = { segment, file, capacity, items: 0 };
      this.segments.push(segment);
    }
    return this.active.capacity - this.active.segment.end;
  }

  /** Resolves when all are safe; none counts as written when it rejects. They have to fit the room. */
  async write(records: readonly Outgoing[]): Promise<Entry[]> {
    const { active } = this;
    if (active === undefined) throw new Error('write without room');
    const { segment, file } = active;
    const { buffers, size } = this.encode(records, segment);
    const empty = segment.limit === segment.first;
    try {
      if (empty) await file.write([encodeHeader({ first: segment.first, salt: segment.salt ?? 0 }), ...buffers], 0);
      else await file.write(buffers, segment.end);
    } catch (error) {
      await this.unwrite(active, error);
      throw error;
    }
    try {
      await file.sync();
    } catch (error) {
      await this.abandon(active);
      throw error;
    }
    return this.written(active, records, size);
  }

  /** After the last write. */
  async close(): Promise<void> {
    const { active } = this;
    if (active !== undefined && active.segment.limit > active.segment.first) {
      await active.file
        .resize(active.segment.end)
        .catch((error: unknown) => this.trouble(error, 'shrinking a segment'));
      this.roll();
    } else if (active !== undefined) await this.abandon(active);
    await this.sealing;
  }

  /** Resolves when no file but the active one is written to. */
  async sealed(): Promise<void> {
    await this.sealing;
  }

  private encode(records: readonly Outgoing[], { salt = 0 }: Segment): { buffers: Uint8Array[]; size: number } {
    const total = records.reduce((sum, { record }) => sum + frameBytes + record.header.length, 0);
    const heads = Buffer.allocUnsafe(total);
    const buffers: Uint8Array[] = [];
    let at = 0;
    let size = 0;
    let sequence = this.next;
    for (const { record, time, checksum, size: own } of records) {
      const { header, bytes, items } = record;
      const place = sequence - this.next;
      const lengths = { headerLength: header.length, length: bytes.length };
      writeFrame(heads, at, { salt, sequence, place, ...lengths, items, time, checksum });
      heads.set(header, at + frameBytes);
      const end = at + frameBytes + header.length;
      buffers.push(heads.subarray(at, end));
      if (bytes.length > 0) buffers.push(bytes);
      at = end;
      size += own;
      sequence += 1;
    }
    return { buffers, size };
  }

  private written(active: Active, records: readonly Outgoing[], size: number): Entry[] {
    const { segment } = active;
    let offset = segment.end;
    const entries: Entry[] = [];
    for (const { record, time, size: own } of records) {
      const { header, bytes, items } = record;
      entries.push({ record: { header, bytes, items, time, position: this.next }, segment, offset });
      this.next += 1;
      offset += own;
      active.items += items;
    }
    if (segment.limit === segment.first) segment.firstTime = records[0]?.time ?? 0;
    segment.limit = this.next;
    segment.end += size;
    return entries;
  }

  private roll(): void {
    const { active } = this;
    if (active === undefined) return;
    const { segment, file, items } = active;
    this.active = undefined;
    segment.active = false;
    this.sealing = Promise.all([this.sealing, sealAndClose(file, segment, items)]).then(
      () => undefined,
      (error: unknown) => this.trouble(error, `sealing ${segment.path}`),
    );
  }

  /** What a failed write left behind must not be taken for records, and its blocks go back to a full disk. */
  private async unwrite(active: Active, error: unknown): Promise<void> {
    const { segment, file } = active;
    const full = asStorageError(error, segment.path).fault === 'disk_full';
    if (full) await this.files.dropSpare().catch(() => undefined);
    if (full && segment.limit > segment.first) {
      try {
        await file.resize(segment.end);
        // Only a segment that is not appended to goes when it is consumed, and so gives the disk its room back.
        this.roll();
        return;
      } catch (failed) {
        this.trouble(failed, `cutting ${segment.path}`);
      }
    }
    await this.abandon(active);
  }

  /** After a failed sync the kernel may have dropped what was not written: the file is not written or synced again. */
  private async abandon({ segment, file }: Active): Promise<void> {
    this.active = undefined;
    segment.active = false;
    await file.close().catch(() => undefined);
    try {
      if (segment.limit > segment.first) {
        await this.files.cut(segment);
        return;
      }
      this.segments.splice(this.segments.indexOf(segment), 1);
      await this.files.remove(segment.path);
    } catch (error) {
      this.trouble(error, `giving up ${segment.path}`);
    }
  }
}

async function sealAndClose(file: File, segment: Segment, items: number): Promise<void> {
  try {
    await sealSegment(file, segment, items);
  } finally {
    await file.close();
  }
}
