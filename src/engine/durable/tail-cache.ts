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
 * Records that are on disk and were not read yet, in one unbroken run. Consumers that keep up are served from here, and nothing
 * is read back. Behind a backlog larger than the budget nothing is kept: it would be old when its turn comes.
 */
export class TailCache {
  private readonly maxBytes: number;
  private entries: Entry[] = [];
  private head = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** `unread` is how many bytes are to be read up to the end of this record. */
  push(entry: Entry, unread: number): void {
    if (unread > this.maxBytes) return;
    const last = this.entries.at(-1);
    if (last !== undefined && last.record.position + 1 !== entry.record.position) return;
    this.entries.push(owning(entry));
  }

  /** Takes the record out, and with it all before it. */
  take(sequence: number): Entry | undefined {
    for (let first = this.first; first !== undefined && first.record.position <= sequence; first = this.first) {
      this.shift();
      if (first.record.position === sequence) return first;
    }
    return undefined;
  }

  get first(): Entry | undefined {
    return this.entries[this.head];
  }

  private shift(): void {
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
