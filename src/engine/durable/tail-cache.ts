import type { QueueRecord } from './queue.ts';
import { recordSize } from './record-format.ts';
import type { Segment } from './segment.ts';

/** A record, and where it is. */
export interface Entry {
  readonly record: QueueRecord;
  readonly segment: Segment;
  readonly offset: number;
}

export function entrySize({ record }: Entry): number {
  return recordSize({ headerLength: record.header.length, length: record.bytes.length });
}

/**
 * The records appended last, as many as a budget of bytes allows, in one unbroken run. Consumers that keep up are served from
 * here, and nothing is read back from the disk.
 */
export class TailCache {
  private readonly maxBytes: number;
  private entries: Entry[] = [];
  private head = 0;
  private used = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** `reading` is the sequence that is read next. */
  push(entry: Entry, reading: number): void {
    const size = entrySize(entry);
    const last = this.entries.at(-1);
    if (last !== undefined && last.record.position + 1 !== entry.record.position) return;
    // A reader that is still behind needs the end of the run more than its beginning.
    for (let first = this.first; this.used + size > this.maxBytes && first !== undefined; first = this.first) {
      if (reading >= first.record.position) return;
      this.shift(first);
    }
    if (this.used + size > this.maxBytes) return;
    this.entries.push(owning(entry));
    this.used += size;
  }

  /** Takes the record out, and with it all before it. */
  take(sequence: number): Entry | undefined {
    for (let first = this.first; first !== undefined && first.record.position <= sequence; first = this.first) {
      this.shift(first);
      if (first.record.position === sequence) return first;
    }
    return undefined;
  }

  get first(): Entry | undefined {
    return this.entries[this.head];
  }

  private shift(first: Entry): void {
    this.used -= entrySize(first);
    this.head += 1;
    if (this.head === this.entries.length || this.head > 1024) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
  }
}

/** The same record with memory of its own, so that what is counted is what is taken. */
function owning(entry: Entry): Entry {
  const { record } = entry;
  const header = owned(record.header);
  const bytes = owned(record.bytes);
  return header === record.header && bytes === record.bytes
    ? entry
    : { ...entry, record: { ...record, header, bytes } };
}

/** A few bytes of Node's pool, or of what was read from a socket, would keep all of it: 64 KiB and more. */
function owned(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer.byteLength <= 2 * bytes.length) return bytes;
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
