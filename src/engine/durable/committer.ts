import type { Clock } from '../../flow/clock.ts';
import { asStorageError, type StorageError } from './errors.ts';
import type { NewRecord, Position } from './queue.ts';
import { checksumOf, recordSize } from './record-format.ts';
import type { Outgoing, SegmentWriter } from './segment-writer.ts';
import type { Amount } from './segment.ts';
import type { Entry } from './tail-cache.ts';

interface Waiting extends Outgoing {
  readonly resolve: (position: Position) => void;
  readonly reject: (error: StorageError) => void;
}

const groupBytes = 8 * 1024 * 1024;
/** A full disk is not asked again before this. */
const fullMs = 100;

/** Group commit: what is appended while one write and sync is under way shares the next. */
export class Committer {
  private readonly writer: SegmentWriter;
  private readonly clock: Clock;
  private readonly committed: (entries: readonly Entry[]) => void;
  private readonly refused: () => void;
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private full: { readonly until: number; readonly error: StorageError } | undefined;
  /** Appended and not safe yet. */
  readonly pending: Amount = { records: 0, items: 0, bytes: 0 };

  constructor(
    writer: SegmentWriter,
    clock: Clock,
    committed: (entries: readonly Entry[]) => void,
    refused: () => void,
  ) {
    this.writer = writer;
    this.clock = clock;
    this.committed = committed;
    this.refused = refused;
  }

  append(record: NewRecord): Promise<Position> {
    const time = this.clock.now();
    if (this.full !== undefined && time < this.full.until) return Promise.reject(this.full.error);
    const { promise, resolve, reject } = Promise.withResolvers<Position>();
    const size = recordSize({ headerLength: record.header.length, length: record.bytes.length });
    this.waiting.push({ record, time, checksum: checksumOf(record.header, record.bytes), size, resolve, reject });
    this.count(record, size, 1);
    this.running ??= this.run();
    return promise;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // Whatever else is appended in this turn joins the first group.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      let group = this.waiting.slice(0, 1);
      try {
        group = take(this.waiting, Math.min(groupBytes, await this.writer.room(group[0]?.size ?? 0)));
        this.settle(group, await this.writer.write(group));
        this.full = undefined;
      } catch (error) {
        this.refuse(group, asStorageError(error, 'appending to the queue'));
      }
    }
    this.running = undefined;
  }

  private settle(group: readonly Waiting[], entries: readonly Entry[]): void {
    this.waiting.splice(0, group.length);
    for (const { record, size } of group) this.count(record, size, -1);
    this.committed(entries);
    for (const [index, { resolve }] of group.entries()) resolve((entries[index] as Entry).record.position);
  }

  private refuse(group: readonly Waiting[], error: StorageError): void {
    let refused = group;
    if (error.fault === 'disk_full') {
      this.full = { until: this.clock.now() + fullMs, error };
      refused = this.waiting;
    }
    for (const { record, size, reject } of this.waiting.splice(0, refused.length)) {
      this.count(record, size, -1);
      reject(error);
    }
    this.refused();
  }

  private count({ items }: NewRecord, size: number, sign: 1 | -1): void {
    this.pending.records += sign;
    this.pending.items += sign * items;
    this.pending.bytes += sign * size;
  }
}

function take(waiting: readonly Waiting[], room: number): Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const { size } of waiting) {
    bytes += size;
    if (count > 0 && bytes > room) break;
    count += 1;
  }
  return waiting.slice(0, count);
}
